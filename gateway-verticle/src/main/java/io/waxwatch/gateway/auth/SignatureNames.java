package io.waxwatch.gateway.auth;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JWSAlgorithm;

/** Two names of one algorithm: {@code Ed25519} (RFC 9864) is what {@code EdDSA} (RFC 8037) means with the one curve we know. */
final class SignatureNames {

    private SignatureNames() {}

    /** The one name by which we compare. */
    static String of(Algorithm algorithm) {
        return of(algorithm.getName());
    }

    /** The one name by which we compare. */
    static String of(String name) {
        return name.equals(JWSAlgorithm.Ed25519.getName()) ? JWSAlgorithm.EdDSA.getName() : name;
    }
}

package io.waxwatch.gateway.auth;

/** Two names of one algorithm: {@code Ed25519} (RFC 9864) is what {@code EdDSA} (RFC 8037) means with the one curve we know. */
final class SignatureNames {

    static final String EDDSA = "EdDSA";
    static final String ED25519 = "Ed25519";

    private SignatureNames() {}

    /** The one name by which we compare. */
    static String of(String name) {
        return name.equals(ED25519) ? EDDSA : name;
    }
}

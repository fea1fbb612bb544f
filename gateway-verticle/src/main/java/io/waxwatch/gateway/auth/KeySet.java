package io.waxwatch.gateway.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.text.ParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The issuer's public signing keys by id. Only asymmetric keys are kept: a key that is public must never verify an HMAC.
 * Immutable.
 */
final class KeySet {

    private static final int MIN_RSA_BITS = 2048;

    /** A public key that may verify. */
    record Key(JWK jwk, JWSVerifier verifier) {}

    private final Map<String, Key> keys;

    private KeySet(Map<String, Key> keys) {
        this.keys = Map.copyOf(keys);
    }

    /** @throws IllegalArgumentException if this is no key set, or holds no key that we could use */
    static KeySet parse(JsonObject document) {
        if (!(document.getValue("keys") instanceof JsonArray array)) {
            throw new IllegalArgumentException("keys is not a list");
        }
        var keys = new HashMap<String, Key>();
        for (Object item : array) {
            if (item instanceof JsonObject json) {
                usable(json).ifPresent(key -> keys.put(key.jwk().getKeyID(), key));
            }
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("no usable key");
        }
        return new KeySet(keys);
    }

    /** The key, if it may be used with this algorithm. */
    Optional<Key> key(String keyId, JWSAlgorithm algorithm) {
        Key key = keyId == null ? null : keys.get(keyId);
        if (key == null) {
            return Optional.empty();
        }
        boolean fits =
                key.jwk().getAlgorithm() == null || key.jwk().getAlgorithm().equals(algorithm);
        return fits && key.verifier().supportedJWSAlgorithms().contains(algorithm)
                ? Optional.of(key)
                : Optional.empty();
    }

    boolean has(String keyId) {
        return keyId != null && keys.containsKey(keyId);
    }

    /** Whether this very key is in the set, also if it was downloaded again. */
    boolean has(Key key) {
        Key mine = keys.get(key.jwk().getKeyID());
        return mine == key || (mine != null && mine.jwk().equals(key.jwk()));
    }

    int size() {
        return keys.size();
    }

    /** A key of a kind we do not know is left out, as RFC 7517 asks. */
    private static Optional<Key> usable(JsonObject json) {
        try {
            JWK jwk = JWK.parse(json.encode());
            boolean forSigning = jwk.getKeyUse() == null || KeyUse.SIGNATURE.equals(jwk.getKeyUse());
            if (jwk.getKeyID() == null || !forSigning) {
                return Optional.empty();
            }
            if (jwk instanceof RSAKey rsa && rsa.size() >= MIN_RSA_BITS) {
                return Optional.of(new Key(jwk, new RSASSAVerifier(rsa.toRSAPublicKey())));
            }
            if (jwk instanceof ECKey ec) {
                return Optional.of(new Key(jwk, new ECDSAVerifier(ec)));
            }
            if (jwk instanceof OctetKeyPair okp) {
                return Optional.of(new Key(jwk, new EdDsaVerifier(okp)));
            }
            return Optional.empty();
        } catch (ParseException | JOSEException | RuntimeException unusable) {
            return Optional.empty();
        }
    }
}

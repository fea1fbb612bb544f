package io.waxwatch.gateway.auth;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The issuer's public signing keys by id. Only asymmetric keys are kept: a key that is public must never verify an HMAC.
 * Immutable.
 */
final class KeySet {

    private static final int MIN_RSA_BITS = 2048;

    /** A public key that may verify. */
    record Key(JWK jwk, JWSVerifier verifier) {

        boolean fits(JWSAlgorithm algorithm) {
            Algorithm only = jwk.getAlgorithm();
            return verifier.supportedJWSAlgorithms().contains(algorithm)
                    && (only == null || SignatureNames.of(only).equals(SignatureNames.of(algorithm)));
        }
    }

    /** By id; those without one by null. */
    private final Map<String, List<Key>> byId = new HashMap<>();

    private final List<Key> keys;

    private KeySet(List<Key> keys) {
        this.keys = List.copyOf(keys);
        keys.forEach(key -> byId.computeIfAbsent(key.jwk().getKeyID(), id -> new ArrayList<>(1))
                .add(key));
    }

    /** @throws IllegalArgumentException if this is no key set, or holds no key that we could use; the message says which */
    static KeySet parse(JsonObject document) {
        if (!(document.getValue("keys") instanceof JsonArray array)) {
            throw new IllegalArgumentException("holds no list of keys");
        }
        var keys = new ArrayList<Key>();
        for (Object item : array) {
            if (item instanceof JsonObject json) {
                usable(json).ifPresent(keys::add);
            }
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(
                    array.isEmpty()
                            ? "is an empty key set, as an issuer publishes that signs with a shared secret (HS256)"
                            : "holds no public key for signatures among its " + array.size());
        }
        return new KeySet(keys);
    }

    /**
     * The keys that a token may have been signed with: those of its key id and algorithm. Without a key id the only one of the
     * algorithm, and none if there are several.
     *
     * @param keyId null for none
     */
    List<Key> find(String keyId, JWSAlgorithm algorithm) {
        List<Key> fitting = (keyId == null ? keys : byId.getOrDefault(keyId, List.of()))
                .stream().filter(key -> key.fits(algorithm)).toList();
        return keyId != null || fitting.size() == 1 ? fitting : List.of();
    }

    boolean has(String keyId) {
        return keyId != null && byId.containsKey(keyId);
    }

    /** Whether this very key is in the set, also if it was downloaded again. */
    boolean has(Key key) {
        for (Key mine : byId.getOrDefault(key.jwk().getKeyID(), List.of())) {
            if (mine == key || mine.jwk().equals(key.jwk())) {
                return true;
            }
        }
        return false;
    }

    int size() {
        return keys.size();
    }

    /** The ids, for the log. */
    List<String> ids() {
        return keys.stream()
                .map(key -> key.jwk().getKeyID())
                .filter(Objects::nonNull)
                .toList();
    }

    /** A key of a kind we do not know is left out, as RFC 7517 asks. */
    private static Optional<Key> usable(JsonObject json) {
        try {
            JWK jwk = JWK.parse(json.encode());
            return mayVerify(jwk)
                    ? Optional.ofNullable(verifier(jwk)).map(verifier -> new Key(jwk, verifier))
                    : Optional.empty();
        } catch (ParseException | JOSEException | RuntimeException unusable) {
            return Optional.empty();
        }
    }

    private static boolean mayVerify(JWK jwk) {
        Set<KeyOperation> operations = jwk.getKeyOperations();
        return (jwk.getKeyUse() == null || KeyUse.SIGNATURE.equals(jwk.getKeyUse()))
                && (operations == null || operations.contains(KeyOperation.VERIFY));
    }

    /** Null for a key that we do not verify with. */
    private static JWSVerifier verifier(JWK jwk) throws JOSEException {
        if (jwk instanceof RSAKey rsa && rsa.size() >= MIN_RSA_BITS) {
            return new RSASSAVerifier(rsa.toRSAPublicKey());
        }
        if (jwk instanceof ECKey ec) {
            return new ECDSAVerifier(ec.toPublicJWK());
        }
        return jwk instanceof OctetKeyPair okp ? new EdDsaVerifier(okp) : null;
    }
}

package io.waxwatch.gateway.auth;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The issuer's public signing keys by id. Only asymmetric keys are kept: a key that is public must never verify an HMAC.
 * Immutable.
 */
final class KeySet {

    /** By id; those without one by null. */
    private final Map<String, List<IssuerKey>> byId = new HashMap<>();

    private final List<IssuerKey> keys;

    private KeySet(List<IssuerKey> keys) {
        this.keys = List.copyOf(keys);
        keys.forEach(
                key -> byId.computeIfAbsent(key.id(), id -> new ArrayList<>(1)).add(key));
    }

    /**
     * Reads a key set. A key of a kind we do not know is left out, as RFC 7517 asks.
     *
     * @param rules which claims its keys accept
     * @throws IllegalArgumentException if this is no key set, or holds no key that we could use; the message says which
     */
    static KeySet parse(Vertx vertx, JsonObject document, JWTOptions rules) {
        if (!(document.getValue("keys") instanceof JsonArray array)) {
            throw new IllegalArgumentException("holds no list of keys");
        }
        var keys = new ArrayList<IssuerKey>();
        for (Object item : array) {
            if (item instanceof JsonObject json) {
                IssuerKey.of(vertx, json, rules).ifPresent(keys::add);
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
     * The keys that a token may have been signed with: those of its key id and algorithm. Without a key id the only one of
     * the algorithm, and none if there are several.
     *
     * @param keyId null for none
     */
    List<IssuerKey> find(String keyId, String algorithm) {
        List<IssuerKey> fitting = (keyId == null ? keys : byId.getOrDefault(keyId, List.of()))
                .stream().filter(key -> key.fits(algorithm)).toList();
        return keyId != null || fitting.size() == 1 ? fitting : List.of();
    }

    boolean has(String keyId) {
        return keyId != null && byId.containsKey(keyId);
    }

    /** Whether this very key is in the set, also if it was downloaded again. */
    boolean has(IssuerKey key) {
        for (IssuerKey mine : byId.getOrDefault(key.id(), List.of())) {
            if (mine.isSame(key)) {
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
        return keys.stream().map(IssuerKey::id).filter(Objects::nonNull).toList();
    }
}

package io.waxwatch.gateway.auth;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.math.BigInteger;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A public key that may verify. What it verifies by is a {@link JWTAuth} that knows this key and nothing else: so one knows
 * which key a token was signed with, and a token names its key or fits exactly one. Safe for all threads.
 */
final class IssuerKey {

    private static final int MIN_RSA_BITS = 2048;

    private static final List<String> OF_RSA = List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512");
    private static final Map<String, String> OF_CURVE =
            Map.of("P-256", "ES256", "P-384", "ES384", "P-521", "ES512", "Ed25519", SignatureNames.EDDSA);
    private static final Map<String, Integer> SIGNATURE_BYTES =
            Map.of("ES256", 64, "ES384", 96, "ES512", 132, SignatureNames.EDDSA, 64);

    /** What is read of a key. Not its certificates: the library would ask them whether the key is good. */
    private static final List<String> MEMBERS = List.of("kty", "kid", "crv", "n", "e", "x", "y");

    /** No key has signed that; it tells a {@link JWTAuth} with a key, which looks for one, from one without. */
    private static final String FOREIGN = "eyJhbGciOiI_In0.e30.AA";

    private final JsonObject members;
    private final List<String> algorithms;
    /** Of each thread one, because verifying with it is done one after the other. */
    private final ThreadLocal<JWTAuth> verifier;

    private IssuerKey(Vertx vertx, JsonObject members, List<String> algorithms, JWTOptions rules) {
        this.members = members;
        this.algorithms = algorithms;
        this.verifier = ThreadLocal.withInitial(() -> {
            var options = new JWTAuthOptions().setJWTOptions(rules);
            algorithms.forEach(algorithm -> options.addJwk(members.copy().put("alg", algorithm)));
            return JWTAuth.create(vertx, options);
        });
    }

    /**
     * Reads a key of a key set (RFC 7517).
     *
     * @param rules which claims are accepted
     * @return empty for a key that is not for signatures, of a kind we do not know, or broken
     */
    static Optional<IssuerKey> of(Vertx vertx, JsonObject json, JWTOptions rules) {
        try {
            if (!mayVerify(json)) {
                return Optional.empty();
            }
            var members = new JsonObject();
            MEMBERS.stream().filter(json::containsKey).forEach(name -> members.put(name, (String) json.getValue(name)));
            List<String> possible = algorithms(members);
            var only = (String) json.getValue("alg");
            List<String> algorithms = only == null
                    ? possible
                    : possible.stream().filter(SignatureNames.of(only)::equals).toList();
            return Optional.of(new IssuerKey(vertx, members, algorithms, rules))
                    .filter(key -> !possible.isEmpty() && key.isLoaded());
        } catch (IllegalArgumentException | ClassCastException | NullPointerException broken) {
            return Optional.empty();
        }
    }

    private static boolean mayVerify(JsonObject json) {
        Object use = json.getValue("use");
        Object operations = json.getValue("key_ops");
        return (use == null || use.equals("sig"))
                && (operations == null || operations instanceof JsonArray array && array.contains("verify"));
    }

    private static List<String> algorithms(JsonObject members) {
        return switch (members.getString("kty")) {
            case "RSA" -> {
                number(members, "e");
                yield number(members, "n").bitLength() < MIN_RSA_BITS ? List.of() : OF_RSA;
            }
            case "EC" -> {
                number(members, "x");
                number(members, "y");
                yield ofCurve(members, "P-");
            }
            case "OKP" -> {
                number(members, "x");
                yield ofCurve(members, "Ed");
            }
            default -> List.of();
        };
    }

    private static List<String> ofCurve(JsonObject members, String family) {
        String curve = members.getString("crv");
        return curve.startsWith(family) && OF_CURVE.containsKey(curve) ? List.of(OF_CURVE.get(curve)) : List.of();
    }

    private static BigInteger number(JsonObject members, String name) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(members.getString(name)));
    }

    /** The library leaves out what it cannot use, and without any key it takes unsigned tokens for good. */
    private boolean isLoaded() {
        return algorithms.isEmpty()
                || !(verifier.get().authenticate(new TokenCredentials(FOREIGN)).cause()
                        instanceof IllegalStateException);
    }

    /** Null for none. */
    String id() {
        return members.getString("kid");
    }

    boolean fits(String algorithm) {
        return algorithms.contains(SignatureNames.of(algorithm));
    }

    /** Whether that is this very key, also if it was downloaded again. */
    boolean isSame(IssuerKey other) {
        return this == other || (members.equals(other.members) && algorithms.equals(other.algorithms));
    }

    /** Judges a token of an algorithm that fits. Never fails. */
    Future<Verdict> judge(Token token) {
        if (!hasRightLength(token)) {
            return Future.succeededFuture(new Verdict.NotSigned());
        }
        if (token.algorithm().equals(SignatureNames.ED25519)) {
            return Future.succeededFuture(judgeEd25519(token));
        }
        return Future.succeededFuture(new TokenCredentials(token.text()))
                .compose(verifier.get()::authenticate)
                .<Verdict>map(user -> new Verdict.Accepted(user.attributes().getJsonObject("accessToken")))
                .otherwise(IssuerKey::refusal);
    }

    /** The library fills up signatures that are too short, and takes two forms of those of curves. */
    private boolean hasRightLength(Token token) {
        try {
            Integer wanted = SIGNATURE_BYTES.get(SignatureNames.of(token.algorithm()));
            return token.signature().length
                    == (wanted == null ? (number(members, "n").bitLength() + 7) / 8 : wanted);
        } catch (IllegalArgumentException unreadable) {
            return false;
        }
    }

    private Verdict judgeEd25519(Token token) {
        byte[] key = Base64.getUrlDecoder().decode(members.getString("x"));
        if (!Ed25519Signature.isOf(key, token)) {
            return new Verdict.NotSigned();
        }
        try {
            return new Verdict.Accepted(token.claims());
        } catch (IllegalArgumentException | DecodeException unreadable) {
            return new Verdict.Refused();
        }
    }

    /** The library says in words what it minds about claims, after the signature; what it cannot read it throws. */
    private static Verdict refusal(Throwable cause) {
        return cause instanceof VertxException
                        || cause instanceof DecodeException
                        || cause instanceof ClassCastException
                ? new Verdict.Refused()
                : new Verdict.NotSigned();
    }
}

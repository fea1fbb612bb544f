package io.waxwatch.gateway.auth;

import static net.logstash.logback.argument.StructuredArguments.kv;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.waxwatch.common.digests.Digests;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.gateway.auth.TokenRefusals.Cause;
import io.waxwatch.gateway.http.ApiException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a bearer token is good. A verified token is remembered, by its SHA-256, until it expires or the key
 * that verified it goes away, because verifying costs more than answering. Shared by all event loops; safe for all threads.
 */
public final class TokenVerifier {

    /** Bounds the memory of the cache to some ten megabytes. */
    private static final int MAX_REMEMBERED = 50_000;

    /** What an access token may say it is; other kinds are tokens for something else. Compared without regard to case. */
    private static final List<String> TYPES = List.of("jwt", "at+jwt", "application/at+jwt", "application/jwt");

    private static final Logger log = LoggerFactory.getLogger("app.auth");

    /** @param key what verified the token, which is good as long as the issuer publishes this very key */
    private record Remembered(ClaimsCheck.Checked checked, IssuerKey key) {}

    /**
     * A token's verdict by the keys that it may have been signed with.
     *
     * @param key the one that signed it; null when none did
     */
    private record Judged(IssuerKey key, Verdict verdict) {}

    private final Set<String> algorithms;
    private final Cache<ByteBuffer, Remembered> remembered =
            Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).build();
    private final TokenRefusals refusals;
    private final ClaimsCheck claims;
    private final Jwks jwks;
    private final Supplier<Future<Void>> closing;

    /** @throws io.waxwatch.common.settings.InvalidSettings if no issuer is configured */
    public TokenVerifier(Vertx vertx, Settings settings, Clock clock, LongSupplier nanoClock) {
        this.algorithms = algorithms(settings);
        this.refusals = new TokenRefusals(nanoClock);
        this.claims = new ClaimsCheck(settings, clock, refusals);
        JWTOptions rules = claims.rules();
        var fetch = new JwksFetch(vertx, settings.authJwksUrl(), document -> KeySet.parse(vertx, document, rules));
        this.jwks = new Jwks(fetch::fetch, settings.get(SettingsCatalog.AUTH_JWKS_CACHE_TTL_SECONDS), nanoClock);
        this.closing = fetch::close;
        log.info(
                "auth.verifier.configured",
                kv("issuer", rules.getIssuer()),
                kv("audience", settings.get(SettingsCatalog.AUTH_AUDIENCE)),
                kv("jwks_url", settings.authJwksUrl().toString()),
                kv("algorithms", algorithms),
                kv("clock_skew_seconds", rules.getLeeway()));
    }

    TokenVerifier(Settings settings, Clock clock, Jwks jwks) {
        this.algorithms = algorithms(settings);
        this.refusals = new TokenRefusals(System::nanoTime);
        this.claims = new ClaimsCheck(settings, clock, refusals);
        this.jwks = jwks;
        this.closing = Future::succeededFuture;
    }

    private static Set<String> algorithms(Settings settings) {
        return settings.get(SettingsCatalog.AUTH_JWT_ALGORITHMS).stream()
                .map(SignatureNames::of)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether there has ever been a key to verify with; looks for one if not. Fails when there is none. */
    public Future<Void> haveKeys() {
        return jwks.hasKeys() ? Future.succeededFuture() : jwks.keys().mapEmpty();
    }

    public Future<Void> close() {
        return closing.get();
    }

    /**
     * Verifies the value of an {@code Authorization} header, which may be null.
     *
     * @return the caller, or an {@link ApiException} of 401 or 503 in the contract's words
     */
    public Future<Caller> verify(String authorization) {
        String token = bearer(authorization);
        if (token == null) {
            return Future.failedFuture(ApiException.http(401, "missing bearer token"));
        }
        ByteBuffer digest = sha256(token);
        Remembered known = remembered.getIfPresent(digest);
        Future<Caller> verified = known == null
                ? verifyAnew(token, digest)
                // By the same keys as verification would use, and waiting for them when it would.
                : jwks.keys()
                        .compose(keys -> keys.has(known.key()) && claims.isTime(known.checked())
                                ? Future.succeededFuture(known.checked().caller())
                                : verifyAnew(token, digest));
        return verified.recover(cause -> Future.failedFuture(cause instanceof KeysAway away ? away.refusal() : cause));
    }

    /** Whether {@link #verify} has to verify no signature. */
    public boolean isAtHand(String authorization) {
        String token = bearer(authorization);
        return token == null || remembered.getIfPresent(sha256(token)) != null;
    }

    private Future<Caller> verifyAnew(String text, ByteBuffer digest) {
        Token token;
        try {
            token = admissible(text);
        } catch (ApiException refusal) {
            return Future.failedFuture(refusal);
        }
        return jwks.keys()
                .compose(keys -> judged(token, keys).compose(judged -> {
                    if (judged.key() != null || !mayBeNews(token, keys)) {
                        return Future.succeededFuture(accepted(token, digest, keys, judged));
                    }
                    return jwks.keysAgain()
                            .compose(again -> (again == keys ? Future.succeededFuture(judged) : judged(token, again))
                                    .map(second -> accepted(token, digest, again, second)));
                }));
    }

    /** A token of a form, an algorithm and a type that we let in; it is not verified yet. */
    private Token admissible(String text) {
        Token token;
        try {
            token = Token.parse(text);
        } catch (IllegalArgumentException unusable) {
            throw refusals.of(TokenRefusals.INVALID, Cause.FORM, "a signed JWT", "something else");
        }
        if (!algorithms.contains(SignatureNames.of(token.algorithm()))) {
            throw refusals.of("invalid token algorithm", Cause.ALGORITHM, algorithms, token.algorithm());
        }
        if (!token.isSigned()) {
            throw refusals.of(TokenRefusals.INVALID, Cause.FORM, "a signed JWT", "something else");
        }
        if (token.type() != null && !TYPES.contains(token.type().toLowerCase(Locale.ROOT))) {
            throw refusals.of(TokenRefusals.INVALID, Cause.TYPE, TYPES, token.type());
        }
        if (token.critical() != null) {
            // Whoever does not understand such an extension has to refuse the token (RFC 7515), and we know none.
            throw refusals.of(TokenRefusals.INVALID, Cause.FORM, "no critical extensions", token.critical());
        }
        return token;
    }

    /** By the keys that it may have been signed with, one after the other, until one has signed it. */
    private static Future<Judged> judged(Token token, KeySet keys) {
        Future<Judged> judged = Future.succeededFuture(new Judged(null, new Verdict.NotSigned()));
        for (IssuerKey key : keys.find(token.keyId(), token.algorithm())) {
            judged = judged.compose(before -> before.key() != null
                    ? Future.succeededFuture(before)
                    : key.judge(token)
                            .map(verdict -> new Judged(verdict instanceof Verdict.NotSigned ? null : key, verdict)));
        }
        return judged;
    }

    /** Whether a new set of keys may hold what the token was signed with: without a key id, who knows. */
    private static boolean mayBeNews(Token token, KeySet keys) {
        return token.keyId() == null
                || keys.find(token.keyId(), token.algorithm()).isEmpty();
    }

    private Caller accepted(Token token, ByteBuffer digest, KeySet keys, Judged judged) {
        if (judged.key() == null) {
            throw unsigned(token, keys);
        }
        remembered.invalidate(digest);
        var verified = new Remembered(claims.check(claimsOf(token, judged.verdict())), judged.key());
        if (judged.verdict() instanceof Verdict.Refused) {
            throw refusals.of(TokenRefusals.INVALID, Cause.CLAIMS, "claims for us", "others");
        }
        remembered.put(digest, verified);
        return verified.checked().caller();
    }

    /** What was refused is read once more, to tell why. */
    private JsonObject claimsOf(Token token, Verdict verdict) {
        if (verdict instanceof Verdict.Accepted accepted) {
            return accepted.claims();
        }
        try {
            return token.claims();
        } catch (IllegalArgumentException | DecodeException unreadable) {
            throw refusals.of(TokenRefusals.INVALID, Cause.CLAIMS, "claims as JSON", "others");
        }
    }

    private ApiException unsigned(Token token, KeySet keys) {
        if (!keys.find(token.keyId(), token.algorithm()).isEmpty()) {
            return refusals.of(
                    TokenRefusals.INVALID,
                    Cause.SIGNATURE,
                    "one of the issuer's key",
                    token.algorithm() + " that is not of key " + token.keyId());
        }
        return token.keyId() == null || !keys.has(token.keyId())
                ? refusals.of("unknown token key id", Cause.KEY_UNKNOWN, keys.ids(), token.keyId())
                : refusals.of(
                        TokenRefusals.INVALID,
                        Cause.KEY_UNKNOWN,
                        "a key for " + token.algorithm(),
                        token.keyId() + ", which is for another algorithm");
    }

    private static String bearer(String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, "bearer ", 0, 7)) {
            return null;
        }
        String token = authorization.substring(7).strip();
        return token.isEmpty() ? null : token;
    }

    private static ByteBuffer sha256(String token) {
        return ByteBuffer.wrap(Digests.sha256(token));
    }
}

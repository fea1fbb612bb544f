package io.waxwatch.gateway.auth;

import static net.logstash.logback.argument.StructuredArguments.kv;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.gateway.http.Refusal;
import io.waxwatch.gateway.http.Uuids;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a bearer token is good. A verified token is remembered, by its SHA-256, until it expires or the key
 * that verified it goes away, because verifying costs more than answering. Shared by all event loops; safe for all threads.
 */
public final class TokenVerifier {

    /** Bounds the memory of the cache to some ten megabytes. */
    private static final int MAX_REMEMBERED = 50_000;

    private static final Logger log = LoggerFactory.getLogger("app.auth");

    private record Token(JWT jwt, JWSAlgorithm algorithm, String keyId) {}

    /**
     * A verified token.
     *
     * @param startsAt the later of {@code nbf} and {@code iat}
     * @param key what verified it; the token is good as long as the issuer publishes this very key
     */
    private record Remembered(Caller caller, Instant startsAt, KeySet.Key key) {}

    private final Set<String> algorithms;
    private final String issuer;
    private final String audience;
    private final Duration skew;
    private final Clock clock;
    private final Cache<ByteBuffer, Remembered> remembered =
            Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).build();
    private final Jwks jwks;
    private final Supplier<Future<Void>> closing;

    /** @throws io.waxwatch.common.settings.InvalidSettings if no issuer is configured */
    public TokenVerifier(Vertx vertx, Settings settings, Clock clock, LongSupplier nanoClock) {
        this(settings, clock, nanoClock, new JwksFetch(vertx, settings.authJwksUrl()));
        log.info(
                "auth.verifier.configured",
                kv("issuer", issuer),
                kv("audience", audience),
                kv("jwks_url", settings.authJwksUrl().toString()),
                kv("algorithms", algorithms),
                kv("clock_skew_seconds", skew.toSeconds()));
    }

    private TokenVerifier(Settings settings, Clock clock, LongSupplier nanoClock, JwksFetch fetch) {
        this(
                settings,
                clock,
                new Jwks(fetch::fetch, settings.get(SettingsCatalog.AUTH_JWKS_CACHE_TTL_SECONDS), nanoClock),
                fetch::close);
    }

    TokenVerifier(Settings settings, Clock clock, Jwks jwks) {
        this(settings, clock, jwks, Future::succeededFuture);
    }

    private TokenVerifier(Settings settings, Clock clock, Jwks jwks, Supplier<Future<Void>> closing) {
        this.algorithms = Set.copyOf(settings.get(SettingsCatalog.AUTH_JWT_ALGORITHMS));
        this.issuer = settings.authIssuer();
        this.audience = settings.get(SettingsCatalog.AUTH_AUDIENCE);
        this.skew = settings.get(SettingsCatalog.AUTH_CLOCK_SKEW_SECONDS);
        this.clock = clock;
        this.jwks = jwks;
        this.closing = closing;
    }

    public Future<Void> close() {
        return closing.get();
    }

    /**
     * Verifies the value of an {@code Authorization} header, which may be null.
     *
     * @return the caller, or a {@link Refusal} of 401 or 503 in the contract's words
     */
    public Future<Caller> verify(String authorization) {
        String token = bearer(authorization);
        if (token == null) {
            return refused("missing bearer token");
        }
        ByteBuffer digest = sha256(token);
        Remembered known = remembered.getIfPresent(digest);
        return known == null
                ? verifyAnew(token, digest)
                // By the same keys as verification would use, and waiting for them when it would.
                : jwks.keys()
                        .compose(keys -> keys.has(known.key()) && isTime(known)
                                ? Future.succeededFuture(known.caller())
                                : verifyAnew(token, digest));
    }

    /** Whether {@link #verify} has to verify no signature. */
    public boolean isAtHand(String authorization) {
        String token = bearer(authorization);
        return token == null || remembered.getIfPresent(sha256(token)) != null;
    }

    private Future<Caller> verifyAnew(String token, ByteBuffer digest) {
        Token parsed;
        try {
            JWT jwt = JWTParser.parse(token);
            String algorithm = jwt.getHeader().getAlgorithm().getName();
            if (!(jwt instanceof SignedJWT signed) || !algorithms.contains(algorithm)) {
                log.warn("auth.token.invalid_algorithm", kv("allowed", algorithms));
                return refused("invalid token algorithm");
            }
            parsed = new Token(
                    jwt, signed.getHeader().getAlgorithm(), signed.getHeader().getKeyID());
        } catch (ParseException | RuntimeException malformed) {
            return refused("invalid bearer token");
        }
        return keysThatHave(parsed.keyId()).map(keys -> {
            remembered.invalidate(digest);
            Remembered verified = check(parsed, keys);
            remembered.put(digest, verified);
            return verified.caller();
        });
    }

    private Future<KeySet> keysThatHave(String keyId) {
        if (keyId == null) {
            return refused("unknown token key id");
        }
        return jwks.keys().compose(keys -> keys.has(keyId) ? Future.succeededFuture(keys) : jwks.keysAgain());
    }

    private Remembered check(Token token, KeySet keys) {
        if (!keys.has(token.keyId())) {
            log.warn("auth.jwks.kid_unknown");
            throw Refusal.http(401, "unknown token key id");
        }
        try {
            Optional<KeySet.Key> key = keys.key(token.keyId(), token.algorithm());
            if (key.isEmpty() || !((SignedJWT) token.jwt()).verify(key.get().verifier())) {
                throw Refusal.http(401, "invalid bearer token");
            }
            JWTClaimsSet claims = token.jwt().getJWTClaimsSet();
            Caller caller = caller(claims);
            return new Remembered(caller, startOf(claims), key.get());
        } catch (JOSEException | ParseException invalid) {
            throw Refusal.http(401, "invalid bearer token");
        }
    }

    private Caller caller(JWTClaimsSet claims) throws ParseException {
        Instant now = clock.instant();
        boolean complete = claims.getExpirationTime() != null && claims.getSubject() != null;
        boolean ours = issuer.equals(claims.getIssuer()) && claims.getAudience().contains(audience);
        if (!complete
                || !ours
                || isExpired(claims.getExpirationTime().toInstant())
                || isAhead(now, claims.getNotBeforeTime())
                || isAhead(now, claims.getIssueTime())) {
            throw Refusal.http(401, "invalid bearer token");
        }
        UUID subject = Uuids.parse(claims.getSubject()).orElseThrow(() -> Refusal.http(401, "invalid token subject"));
        String email = claims.getClaim("email") instanceof String text ? text : null;
        Instant issuedAt =
                claims.getIssueTime() == null ? null : claims.getIssueTime().toInstant();
        return new Caller(subject, email, issuedAt, claims.getExpirationTime().toInstant(), AdminClaims.in(claims));
    }

    private boolean isTime(Remembered known) {
        return !isExpired(known.caller().expiresAt())
                && !known.startsAt().isAfter(clock.instant().plus(skew));
    }

    private static Instant startOf(JWTClaimsSet claims) {
        return Stream.of(claims.getNotBeforeTime(), claims.getIssueTime())
                .filter(Objects::nonNull)
                .map(java.util.Date::toInstant)
                .max(Comparator.naturalOrder())
                .orElse(Instant.MIN);
    }

    private boolean isExpired(Instant expiry) {
        return !clock.instant().isBefore(expiry.plus(skew));
    }

    private boolean isAhead(Instant now, java.util.Date time) {
        return time != null && time.toInstant().isAfter(now.plus(skew));
    }

    private static String bearer(String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, "bearer ", 0, 7)) {
            return null;
        }
        String token = authorization.substring(7).strip();
        return token.isEmpty() ? null : token;
    }

    private static ByteBuffer sha256(String token) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static <T> Future<T> refused(String message) {
        return Future.failedFuture(Refusal.http(401, message));
    }
}

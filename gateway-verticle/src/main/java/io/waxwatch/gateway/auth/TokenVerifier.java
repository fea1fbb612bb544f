package io.waxwatch.gateway.auth;

import static net.logstash.logback.argument.StructuredArguments.kv;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.gateway.auth.TokenRefusals.Cause;
import io.waxwatch.gateway.http.ApiException;
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
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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

    /** What an access token may say it is; other kinds are tokens for something else. Compared without regard to case. */
    private static final Set<JOSEObjectType> TYPES = Stream.of("JWT", "at+jwt", "application/at+jwt", "application/jwt")
            .map(JOSEObjectType::new)
            .collect(Collectors.toUnmodifiableSet());

    private static final Logger log = LoggerFactory.getLogger("app.auth");

    /** @param keyId null for none */
    private record Token(SignedJWT jwt, JWSAlgorithm algorithm, String keyId) {}

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
    private final boolean derivesUserIds;
    private final TokenRefusals refusals;
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
                nanoClock,
                fetch::close);
    }

    TokenVerifier(Settings settings, Clock clock, Jwks jwks) {
        this(settings, clock, jwks, System::nanoTime, Future::succeededFuture);
    }

    private TokenVerifier(
            Settings settings, Clock clock, Jwks jwks, LongSupplier nanoClock, Supplier<Future<Void>> closing) {
        this.algorithms = settings.get(SettingsCatalog.AUTH_JWT_ALGORITHMS).stream()
                .map(SignatureNames::of)
                .collect(Collectors.toCollection(TreeSet::new));
        this.issuer = settings.authIssuer();
        this.audience = settings.get(SettingsCatalog.AUTH_AUDIENCE);
        this.skew = settings.get(SettingsCatalog.AUTH_CLOCK_SKEW_SECONDS);
        this.derivesUserIds = settings.get(SettingsCatalog.AUTH_DERIVE_USER_IDS);
        this.clock = clock;
        this.refusals = new TokenRefusals(nanoClock);
        this.jwks = jwks;
        this.closing = closing;
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
                        .compose(keys -> keys.has(known.key()) && isTime(known)
                                ? Future.succeededFuture(known.caller())
                                : verifyAnew(token, digest));
        return verified.recover(cause -> Future.failedFuture(cause instanceof KeysAway away ? away.refusal() : cause));
    }

    /** Whether {@link #verify} has to verify no signature. */
    public boolean isAtHand(String authorization) {
        String token = bearer(authorization);
        return token == null || remembered.getIfPresent(sha256(token)) != null;
    }

    private Future<Caller> verifyAnew(String token, ByteBuffer digest) {
        Token parsed;
        try {
            parsed = parsed(token);
        } catch (ParseException | RuntimeException unusable) {
            return Future.failedFuture(
                    unusable instanceof ApiException
                            ? unusable
                            : refusals.of(TokenRefusals.INVALID, Cause.FORM, "a signed JWT", "something else"));
        }
        return jwks.keys()
                .compose(keys -> {
                    Optional<KeySet.Key> signer = signer(parsed, keys);
                    return signer.isPresent() || !mayBeNews(parsed, keys)
                            ? Future.succeededFuture(signed(parsed, keys, signer))
                            : jwks.keysAgain()
                                    .map(again ->
                                            signed(parsed, again, again == keys ? signer : signer(parsed, again)));
                })
                .map(signer -> {
                    remembered.invalidate(digest);
                    Remembered verified = check(parsed, signer);
                    remembered.put(digest, verified);
                    return verified.caller();
                });
    }

    private Token parsed(String token) throws ParseException {
        JWT jwt = JWTParser.parse(token);
        String algorithm = jwt.getHeader().getAlgorithm().getName();
        if (!(jwt instanceof SignedJWT signed) || !algorithms.contains(SignatureNames.of(algorithm))) {
            throw refusals.of("invalid token algorithm", Cause.ALGORITHM, algorithms, algorithm);
        }
        JOSEObjectType type = signed.getHeader().getType();
        if (type != null && !TYPES.contains(type)) {
            throw refusals.of(TokenRefusals.INVALID, Cause.TYPE, TYPES, type);
        }
        return new Token(
                signed, signed.getHeader().getAlgorithm(), signed.getHeader().getKeyID());
    }

    /** Whether a new set of keys may hold what the token was signed with: without a key id, who knows. */
    private static boolean mayBeNews(Token token, KeySet keys) {
        return token.keyId() == null
                || keys.find(token.keyId(), token.algorithm()).isEmpty();
    }

    private static Optional<KeySet.Key> signer(Token token, KeySet keys) {
        return keys.find(token.keyId(), token.algorithm()).stream()
                .filter(key -> isSignedWith(token, key))
                .findFirst();
    }

    private static boolean isSignedWith(Token token, KeySet.Key key) {
        try {
            return token.jwt().verify(key.verifier());
        } catch (JOSEException unusable) {
            return false;
        }
    }

    private KeySet.Key signed(Token token, KeySet keys, Optional<KeySet.Key> signer) {
        return signer.orElseThrow(() -> {
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
        });
    }

    private Remembered check(Token token, KeySet.Key signer) {
        try {
            JWTClaimsSet claims = token.jwt().getJWTClaimsSet();
            return new Remembered(caller(claims), startOf(claims), signer);
        } catch (ParseException unreadable) {
            throw refusals.of(TokenRefusals.INVALID, Cause.CLAIMS, "claims as JSON", "others");
        }
    }

    private Caller caller(JWTClaimsSet claims) {
        if (claims.getExpirationTime() == null || claims.getSubject() == null) {
            throw refusals.of(
                    TokenRefusals.INVALID,
                    Cause.CLAIMS,
                    "exp and sub",
                    claims.getClaims().keySet());
        }
        if (!issuer.equals(claims.getIssuer())) {
            throw refusals.of(TokenRefusals.INVALID, Cause.ISSUER, issuer, claims.getIssuer());
        }
        if (!claims.getAudience().contains(audience)) {
            throw refusals.of(TokenRefusals.INVALID, Cause.AUDIENCE, audience, claims.getAudience());
        }
        checkTime(claims);
        UUID subject = Uuids.parse(claims.getSubject()).orElseGet(() -> userIdOf(claims.getSubject()));
        String email = claims.getClaim("email") instanceof String text && !text.isBlank() ? text.strip() : null;
        Instant issuedAt =
                claims.getIssueTime() == null ? null : claims.getIssueTime().toInstant();
        return new Caller(
                subject,
                email,
                isFalse(claims.getClaim("email_verified")),
                issuedAt,
                claims.getExpirationTime().toInstant(),
                AdminClaims.in(claims));
    }

    private void checkTime(JWTClaimsSet claims) {
        Instant now = clock.instant();
        if (isExpired(claims.getExpirationTime().toInstant())) {
            throw refusals.of(
                    TokenRefusals.INVALID, Cause.TIME, "exp ahead of now", late(claims.getExpirationTime(), now));
        }
        if (isAhead(now, claims.getNotBeforeTime())) {
            throw refusals.of(
                    TokenRefusals.INVALID, Cause.TIME, "nbf not ahead of now", late(claims.getNotBeforeTime(), now));
        }
        if (isAhead(now, claims.getIssueTime())) {
            throw refusals.of(
                    TokenRefusals.INVALID, Cause.TIME, "iat not ahead of now", late(claims.getIssueTime(), now));
        }
    }

    private static String late(java.util.Date time, Instant now) {
        return Duration.between(now, time.toInstant()).toSeconds() + " s from now";
    }

    private UUID userIdOf(String subject) {
        if (!derivesUserIds) {
            throw refusals.of("invalid token subject", Cause.SUBJECT, "a UUID", subject);
        }
        return Uuids.named(issuer + '#' + subject);
    }

    /** Some issuers write truth values as texts. */
    private static boolean isFalse(Object claim) {
        return Boolean.FALSE.equals(claim) || claim instanceof String text && text.equalsIgnoreCase("false");
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
}

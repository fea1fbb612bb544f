package io.waxwatch.gateway.auth;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.gateway.auth.TokenRefusals.Cause;
import io.waxwatch.gateway.http.Uuids;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Which claims are accepted, and whom they speak for. The library judges by {@link #rules} first; here is told why it
 * refused, judged by our clock, also again later, and judged what the library does not ask for. Safe for all threads.
 */
final class ClaimsCheck {

    /** The end of the year 9999: some issuers say "for ever" with a number that no clock has. */
    private static final long LATEST_SECOND = 253_402_300_799L;

    private final String issuer;
    private final String audience;
    private final Duration skew;
    private final boolean derivesUserIds;
    private final Clock clock;
    private final TokenRefusals refusals;

    /**
     * Whom good claims speak for, and from when on.
     *
     * @param startsAt the later of {@code nbf} and {@code iat}
     */
    record Checked(Caller caller, Instant startsAt) {}

    /** @throws io.waxwatch.common.settings.InvalidSettings if no issuer is configured */
    ClaimsCheck(Settings settings, Clock clock, TokenRefusals refusals) {
        this.issuer = settings.authIssuer();
        this.audience = settings.get(SettingsCatalog.AUTH_AUDIENCE);
        this.skew = settings.get(SettingsCatalog.AUTH_CLOCK_SKEW_SECONDS);
        this.derivesUserIds = settings.get(SettingsCatalog.AUTH_DERIVE_USER_IDS);
        this.clock = clock;
        this.refusals = refusals;
    }

    /** The same for the library, which knows no clock but the system's. */
    JWTOptions rules() {
        return new JWTOptions()
                .setIssuer(issuer)
                .addAudience(audience)
                .setLeeway((int) skew.toSeconds())
                .setIgnoreExpiration(!clock.equals(Clock.systemUTC()));
    }

    /** Throws a refusal that says what is wrong. */
    Checked check(JsonObject claims) {
        Instant expiresAt = time(claims, "exp");
        Instant startsAt = time(claims, "nbf");
        Instant issuedAt = time(claims, "iat");
        if (expiresAt == null || !(claims.getValue("sub") instanceof String subject)) {
            throw refusals.of(TokenRefusals.INVALID, Cause.CLAIMS, "exp and sub", claims.fieldNames());
        }
        if (!issuer.equals(claims.getValue("iss"))) {
            throw refusals.of(TokenRefusals.INVALID, Cause.ISSUER, issuer, claims.getValue("iss"));
        }
        List<?> audiences = audiences(claims);
        if (!audiences.contains(audience)) {
            throw refusals.of(TokenRefusals.INVALID, Cause.AUDIENCE, audience, audiences);
        }
        Instant now = clock.instant();
        if (isExpired(expiresAt, now)) {
            throw refusals.of(TokenRefusals.INVALID, Cause.TIME, "exp ahead of now", late(expiresAt, now));
        }
        if (isAhead(startsAt, now)) {
            throw refusals.of(TokenRefusals.INVALID, Cause.TIME, "nbf not ahead of now", late(startsAt, now));
        }
        if (isAhead(issuedAt, now)) {
            throw refusals.of(TokenRefusals.INVALID, Cause.TIME, "iat not ahead of now", late(issuedAt, now));
        }
        String email = claims.getValue("email") instanceof String text && !text.isBlank() ? text.strip() : null;
        var caller = new Caller(
                Uuids.parse(subject).orElseGet(() -> userIdOf(subject)),
                email,
                isFalse(claims.getValue("email_verified")),
                issuedAt,
                expiresAt,
                AdminClaims.in(claims));
        return new Checked(caller, later(startsAt, issuedAt));
    }

    /** Whether the time is still, or again, one at which these claims are good. */
    boolean isTime(Checked checked) {
        Instant now = clock.instant();
        return !isExpired(checked.caller().expiresAt(), now) && !isAhead(checked.startsAt(), now);
    }

    private boolean isExpired(Instant expiry, Instant now) {
        return !now.isBefore(expiry.plus(skew));
    }

    private boolean isAhead(Instant time, Instant now) {
        return time != null && time.isAfter(now.plus(skew));
    }

    private static Instant later(Instant one, Instant other) {
        return Stream.of(one, other)
                .filter(time -> time != null)
                .max(Instant::compareTo)
                .orElse(null);
    }

    private static String late(Instant time, Instant now) {
        return Duration.between(now, time).toSeconds() + " s from now";
    }

    /** Null for none. */
    private Instant time(JsonObject claims, String name) {
        Object value = claims.getValue(name);
        if (value == null) {
            return null;
        }
        if (value instanceof Number seconds) {
            return Instant.ofEpochSecond(Math.max(0, Math.min(seconds.longValue(), LATEST_SECOND)));
        }
        throw refusals.of(TokenRefusals.INVALID, Cause.CLAIMS, name + " as a number", value);
    }

    private static List<?> audiences(JsonObject claims) {
        Object value = claims.getValue("aud");
        if (value instanceof JsonArray several) {
            return several.getList();
        }
        return value == null ? List.of() : List.of(value);
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
}

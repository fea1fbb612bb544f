package io.waxwatch.gateway.sessions;

import io.vertx.core.json.JsonObject;
import io.waxwatch.gateway.auth.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * What a browser session stands for.
 *
 * @param userId the access token's subject
 * @param issuedAt the access token's {@code iat}; null when it has none
 * @param accessToken what every request of the session is judged by
 * @param expiresAt when the access token ends
 * @param refreshToken null when the issuer gave none: then the session ends with the access token
 * @param waiting a newer access token that could not be verified yet; null for none
 */
record SessionTokens(
        UUID userId, Instant issuedAt, String accessToken, Instant expiresAt, String refreshToken, Waiting waiting) {

    /**
     * What the issuer gave when we could not verify it.
     *
     * @param since when that was
     */
    record Waiting(String accessToken, Instant since) {}

    private static final Duration MAX_MARGIN = Duration.ofSeconds(60);

    /** @param caller whom the granted access token, verified, speaks for */
    static SessionTokens of(Caller caller, PasswordGrant.Granted granted) {
        return new SessionTokens(
                caller.userId(),
                caller.issuedAt(),
                granted.accessToken(),
                caller.expiresAt(),
                granted.refreshToken(),
                null);
    }

    /**
     * The same with the new access token waiting, and the new refresh token in the place of the spent one: an issuer that takes each only
     * once takes the use of an older one for theft, and ends the whole session.
     */
    SessionTokens waitingFor(PasswordGrant.Granted granted, Instant now) {
        return new SessionTokens(
                userId,
                issuedAt,
                accessToken,
                expiresAt,
                granted.refreshToken(),
                new Waiting(granted.accessToken(), now));
    }

    /** When to ask for a new access token: a minute before the end, or after four fifths of a short life; at the end if in vain. */
    Instant refreshAt(Instant received) {
        if (refreshToken == null) {
            return expiresAt;
        }
        Duration margin = Duration.between(received, expiresAt).dividedBy(5);
        return expiresAt.minus(margin.compareTo(MAX_MARGIN) < 0 ? margin : MAX_MARGIN);
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("sub", userId.toString())
                .put("iat", issuedAt == null ? null : issuedAt.getEpochSecond())
                .put("access", accessToken)
                .put("exp", expiresAt.getEpochSecond())
                .put("refresh", refreshToken)
                .put("waiting", waiting == null ? null : waiting.accessToken())
                .put("waiting_since", waiting == null ? null : waiting.since().getEpochSecond());
    }

    static SessionTokens of(JsonObject json) {
        Long issuedAt = json.getLong("iat");
        String waiting = json.getString("waiting");
        return new SessionTokens(
                UUID.fromString(json.getString("sub")),
                issuedAt == null ? null : Instant.ofEpochSecond(issuedAt),
                json.getString("access"),
                Instant.ofEpochSecond(json.getLong("exp")),
                json.getString("refresh"),
                waiting == null ? null : new Waiting(waiting, Instant.ofEpochSecond(json.getLong("waiting_since"))));
    }

    @Override
    public String toString() {
        return "SessionTokens[" + userId + "]";
    }
}

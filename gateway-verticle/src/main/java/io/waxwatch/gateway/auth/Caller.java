package io.waxwatch.gateway.auth;

import java.time.Instant;
import java.util.UUID;

/**
 * Whom a verified token speaks for.
 *
 * @param userId the token's subject, or what was derived of it
 * @param email the token's e-mail claim; null when it has none, or an empty one
 * @param emailRefuted whether the issuer says that the address is not known to be the user's
 * @param issuedAt the token's {@code iat}; null when it has none
 * @param expiresAt when the token ends, without leeway
 * @param admin whether the token's claims name an administrator
 */
public record Caller(
        UUID userId, String email, boolean emailRefuted, Instant issuedAt, Instant expiresAt, boolean admin) {

    /**
     * Whether the token is older than this moment.
     *
     * @param moment null for none, which no token is older than; nor is a token that does not tell its age
     */
    public boolean issuedBefore(Instant moment) {
        return moment != null && issuedAt != null && issuedAt.isBefore(moment);
    }
}

package io.waxwatch.gateway.auth;

import java.time.Instant;
import java.util.UUID;

/**
 * Whom a verified token speaks for.
 *
 * @param userId the token's subject
 * @param email the token's e-mail claim; null when it has none
 * @param expiresAt when the token ends, without leeway
 */
public record Caller(UUID userId, String email, Instant expiresAt) {}

package io.waxwatch.common.outbox;

import io.vertx.core.json.JsonObject;
import java.time.OffsetDateTime;
import java.util.UUID;

/**
 * A notification that is ours to deliver until its lease ends, with all that a mail or a stream needs to say.
 *
 * @param attempt 1 at the first try
 * @param streamId the place in the user's stream; null for mails
 * @param payload what happened; null for events without
 */
public record ClaimedDelivery(
        UUID notificationId,
        NotificationChannel channel,
        long fence,
        int attempt,
        UUID userId,
        String email,
        boolean userActive,
        UUID eventId,
        EventType eventType,
        Long streamId,
        JsonObject payload,
        OffsetDateTime createdAt) {}

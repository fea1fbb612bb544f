package io.waxwatch.common.outbox;

import io.vertx.core.json.JsonObject;
import java.time.OffsetDateTime;
import java.util.UUID;

/**
 * A notification that is ours to deliver until its lease ends, with all that a mail or a stream needs to say.
 *
 * @param attempt 1 at the first try
 * @param past what became of former tries
 * @param email null when the user's address is made up
 * @param suppressed why the user's address gets no mails; null when it does
 * @param streamId the place in the user's stream; null for mails
 * @param payload what happened; null for events without
 */
public record ClaimedDelivery(
        UUID notificationId,
        NotificationChannel channel,
        long fence,
        int attempt,
        Past past,
        UUID userId,
        String email,
        String suppressed,
        boolean userActive,
        UUID eventId,
        EventType eventType,
        Long streamId,
        JsonObject payload,
        OffsetDateTime createdAt) {

    /**
     * What counts against a delivery.
     *
     * @param refusals how often it was put off
     * @param refusedSince when that began; null when it never was
     * @param uncertain how often it was handed over without an answer
     */
    public record Past(int refusals, OffsetDateTime refusedSince, int uncertain) {

        /** Of a first try. */
        public static final Past NONE = new Past(0, null, 0);
    }
}

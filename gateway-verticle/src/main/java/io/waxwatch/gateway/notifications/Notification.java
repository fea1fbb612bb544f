package io.waxwatch.gateway.notifications;

import com.fasterxml.jackson.core.JsonGenerator;
import io.waxwatch.gateway.http.JsonOut;
import io.waxwatch.gateway.pagination.Cursor;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.UUID;

/**
 * One event on one channel, as its recipient sees it.
 *
 * @param emailStatus where the mail about the same event stands; null when there is none
 * @param emailFailure why that mail failed; null when it did not
 */
record Notification(
        UUID id,
        UUID userId,
        UUID eventId,
        String eventType,
        String channel,
        String status,
        boolean read,
        OffsetDateTime deliveredAt,
        OffsetDateTime failedAt,
        OffsetDateTime readAt,
        OffsetDateTime createdAt,
        String emailStatus,
        String emailFailure) {

    /** Where it stands in the list. */
    Cursor cursor() {
        return new Cursor(createdAt, id);
    }

    static void write(JsonGenerator json, Notification notification) throws IOException {
        json.writeStartObject();
        JsonOut.uuid(json, "id", notification.id);
        JsonOut.uuid(json, "user_id", notification.userId);
        JsonOut.uuid(json, "event_id", notification.eventId);
        JsonOut.text(json, "event_type", notification.eventType);
        JsonOut.text(json, "channel", notification.channel);
        JsonOut.text(json, "status", notification.status);
        json.writeBooleanField("is_read", notification.read);
        JsonOut.time(json, "delivered_at", notification.deliveredAt);
        JsonOut.time(json, "failed_at", notification.failedAt);
        JsonOut.time(json, "read_at", notification.readAt);
        JsonOut.time(json, "created_at", notification.createdAt);
        JsonOut.text(json, "email_status", notification.emailStatus);
        JsonOut.text(json, "email_failure", notification.emailFailure);
        json.writeEndObject();
    }
}

package io.waxwatch.gateway.notifications;

import io.waxwatch.gateway.http.JsonWriter;
import io.waxwatch.gateway.pagination.Cursor;
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

    static void write(JsonWriter json, Notification notification) {
        json.startObject();
        json.uuid("id", notification.id);
        json.uuid("user_id", notification.userId);
        json.uuid("event_id", notification.eventId);
        json.text("event_type", notification.eventType);
        json.text("channel", notification.channel);
        json.text("status", notification.status);
        json.bool("is_read", notification.read);
        json.time("delivered_at", notification.deliveredAt);
        json.time("failed_at", notification.failedAt);
        json.time("read_at", notification.readAt);
        json.time("created_at", notification.createdAt);
        json.text("email_status", notification.emailStatus);
        json.text("email_failure", notification.emailFailure);
        json.endObject();
    }
}

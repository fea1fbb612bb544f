package io.waxwatch.gateway.events;

import io.waxwatch.gateway.http.JsonWriter;
import io.waxwatch.gateway.pagination.Cursor;
import java.time.OffsetDateTime;
import java.util.UUID;

/**
 * One entry of the activity log; the three references may be null.
 *
 * @param payload JSON text; null for none
 */
record Event(
        UUID id,
        UUID userId,
        String type,
        UUID watchReleaseId,
        UUID ruleId,
        UUID listingId,
        String payload,
        OffsetDateTime createdAt) {

    /** Where it stands in the list. */
    Cursor cursor() {
        return new Cursor(createdAt, id);
    }

    static void write(JsonWriter json, Event event) {
        json.startObject();
        json.uuid("id", event.id);
        json.uuid("user_id", event.userId);
        json.text("type", event.type);
        json.uuid("watch_release_id", event.watchReleaseId);
        json.uuid("rule_id", event.ruleId);
        json.uuid("listing_id", event.listingId);
        json.raw("payload", event.payload);
        json.time("created_at", event.createdAt);
        json.endObject();
    }
}

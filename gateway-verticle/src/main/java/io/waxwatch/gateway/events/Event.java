package io.waxwatch.gateway.events;

import com.fasterxml.jackson.core.JsonGenerator;
import io.waxwatch.gateway.http.JsonOut;
import io.waxwatch.gateway.pagination.Cursor;
import java.io.IOException;
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

    static void write(JsonGenerator json, Event event) throws IOException {
        json.writeStartObject();
        JsonOut.uuid(json, "id", event.id);
        JsonOut.uuid(json, "user_id", event.userId);
        JsonOut.text(json, "type", event.type);
        JsonOut.uuid(json, "watch_release_id", event.watchReleaseId);
        JsonOut.uuid(json, "rule_id", event.ruleId);
        JsonOut.uuid(json, "listing_id", event.listingId);
        JsonOut.raw(json, "payload", event.payload);
        JsonOut.time(json, "created_at", event.createdAt);
        json.writeEndObject();
    }
}

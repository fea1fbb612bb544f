package io.waxwatch.gateway.stream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.outbox.AlertPayload;
import io.waxwatch.gateway.http.Timestamps;
import java.time.OffsetDateTime;
import java.util.UUID;

/**
 * One notification on its way to a stream.
 *
 * @param streamId its place in the user's stream; a client that has seen it resumes after it
 * @param payload what happened; null for events without
 */
record Alert(
        long streamId,
        UUID notificationId,
        UUID eventId,
        String eventType,
        OffsetDateTime createdAt,
        JsonObject payload) {

    /** The event as it goes over the wire, with what a collector wants to see at once. JSON has no line breaks of its own, so one {@code data:} line holds it. */
    Buffer frame() {
        var data = new JsonObject()
                .put("notification_id", notificationId.toString())
                .put("event_id", eventId.toString())
                .put("event_type", eventType)
                .put("created_at", Timestamps.utc(createdAt));
        AlertPayload told = AlertPayload.parse(payload);
        told.title().ifPresent(title -> data.put("title", title));
        put(data, "price", told.offer().price());
        put(data, "currency", told.offer().currency());
        put(data, "price_kind", told.offer().priceKind());
        put(data, "condition", told.offer().condition());
        put(data, "seller", told.offer().seller());
        put(data, "why", told.why());
        told.link().ifPresent(link -> data.put("url", link));
        put(data, "listing_url", told.offer().listingUrl());
        told.watchName().ifPresent(name -> data.put("rule_name", name));
        put(data, "provider", told.offer().provider());
        return Buffer.buffer("id: ")
                .appendString(Long.toString(streamId))
                .appendString("\nevent: notification\ndata: ")
                .appendBuffer(data.toBuffer())
                .appendString("\n\n");
    }

    private static void put(JsonObject data, String name, Object value) {
        if (value != null) {
            data.put(name, value);
        }
    }
}

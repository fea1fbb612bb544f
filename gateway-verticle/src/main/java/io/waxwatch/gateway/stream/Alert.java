package io.waxwatch.gateway.stream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.waxwatch.gateway.http.Timestamps;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
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

    /** What a collector wants to see at once, by name on the stream and by its names in the payload, first one counts. */
    private static final Map<String, String[]> SHOWN = shown();

    private static Map<String, String[]> shown() {
        var shown = new LinkedHashMap<String, String[]>();
        shown.put("title", new String[] {"listing_title", "watch_release_title"});
        shown.put("price", new String[] {"price"});
        shown.put("currency", new String[] {"currency"});
        shown.put("price_kind", new String[] {"price_kind"});
        shown.put("condition", new String[] {"condition"});
        shown.put("seller", new String[] {"seller"});
        shown.put("why", new String[] {"why"});
        shown.put("url", new String[] {"url", "listing_url"});
        shown.put("listing_url", new String[] {"listing_url"});
        shown.put("rule_name", new String[] {"rule_name", "watch_release_title"});
        shown.put("provider", new String[] {"provider"});
        return shown;
    }

    /** The event as it goes over the wire. JSON has no line breaks of its own, so one {@code data:} line holds it. */
    Buffer frame() {
        var data = new JsonObject()
                .put("notification_id", notificationId.toString())
                .put("event_id", eventId.toString())
                .put("event_type", eventType)
                .put("created_at", Timestamps.utc(createdAt));
        if (payload != null) {
            SHOWN.forEach((name, keys) -> {
                for (String key : keys) {
                    if (payload.getValue(key) != null) {
                        data.put(name, payload.getValue(key));
                        return;
                    }
                }
            });
        }
        return Buffer.buffer("id: ")
                .appendString(Long.toString(streamId))
                .appendString("\nevent: notification\ndata: ")
                .appendBuffer(data.toBuffer())
                .appendString("\n\n");
    }
}

package io.waxwatch.gateway.watchrules;

import com.fasterxml.jackson.core.JsonGenerator;
import io.waxwatch.gateway.http.JsonOut;
import io.waxwatch.gateway.pagination.Cursor;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;

/**
 * A rule as its owner sees it.
 *
 * @param query JSON text, as stored
 * @param ignored keys of conditions in {@code query} that cannot be judged and count as absent
 * @param currencyDefaulted as in {@link RuleState}
 * @param lastRunAt when a poll that serves it last succeeded; null for never
 * @param nextRunAt when the next such poll is due; null when none serves it
 */
public record WatchRule(
        UUID id,
        UUID userId,
        String name,
        String query,
        List<String> ignored,
        boolean currencyDefaulted,
        boolean active,
        int pollIntervalSeconds,
        OffsetDateTime lastRunAt,
        OffsetDateTime nextRunAt,
        OffsetDateTime createdAt,
        OffsetDateTime updatedAt) {

    /** Where it stands in the list. */
    Cursor cursor() {
        return new Cursor(createdAt, id);
    }

    public static void write(JsonGenerator json, WatchRule rule) throws IOException {
        json.writeStartObject();
        JsonOut.uuid(json, "id", rule.id);
        JsonOut.uuid(json, "user_id", rule.userId);
        JsonOut.text(json, "name", rule.name);
        JsonOut.raw(json, "query", rule.query);
        json.writeArrayFieldStart("ignored");
        for (String key : rule.ignored) {
            json.writeString(key);
        }
        json.writeEndArray();
        json.writeBooleanField("currency_defaulted", rule.currencyDefaulted);
        json.writeBooleanField("is_active", rule.active);
        json.writeNumberField("poll_interval_seconds", rule.pollIntervalSeconds);
        JsonOut.time(json, "last_run_at", rule.lastRunAt);
        JsonOut.time(json, "next_run_at", rule.nextRunAt);
        JsonOut.time(json, "created_at", rule.createdAt);
        JsonOut.time(json, "updated_at", rule.updatedAt);
        json.writeEndObject();
    }
}

package io.waxwatch.gateway.watchrules;

import io.waxwatch.gateway.http.JsonWriter;
import io.waxwatch.gateway.pagination.Cursor;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;

/**
 * A rule as its owner sees it.
 *
 * @param query JSON text, as stored
 * @param ignored keys of conditions in {@code query} that cannot be judged and count as absent
 * @param notes sentences about keys of {@code query} that look like a condition's and are none
 * @param currencyDefaulted as in {@link RuleState}
 * @param lastRunAt when a poll that serves it last succeeded; null for never
 * @param nextRunAt when the next such poll is due; null when none serves it
 * @param looks how it is served; null while it is paused
 */
public record WatchRule(
        UUID id,
        UUID userId,
        String name,
        String query,
        List<String> ignored,
        List<String> notes,
        boolean currencyDefaulted,
        boolean active,
        int pollIntervalSeconds,
        OffsetDateTime lastRunAt,
        OffsetDateTime nextRunAt,
        Looks looks,
        OffsetDateTime createdAt,
        OffsetDateTime updatedAt) {

    /**
     * How a rule is served.
     *
     * @param servedBy {@code sweep} or {@code query}; null for by nobody
     * @param effectiveSeconds how often; null for never
     */
    record Looks(String servedBy, Integer effectiveSeconds, RuleHealth health) {}

    /** Where it stands in the list. */
    Cursor cursor() {
        return new Cursor(createdAt, id);
    }

    public static void write(JsonWriter json, WatchRule rule) {
        json.startObject();
        json.uuid("id", rule.id);
        json.uuid("user_id", rule.userId);
        json.text("name", rule.name);
        json.raw("query", rule.query);
        json.startArray("ignored");
        for (String key : rule.ignored) {
            json.text(key);
        }
        json.endArray();
        json.startArray("notes");
        for (String note : rule.notes) {
            json.text(note);
        }
        json.endArray();
        json.bool("currency_defaulted", rule.currencyDefaulted);
        json.bool("is_active", rule.active);
        json.number("poll_interval_seconds", rule.pollIntervalSeconds);
        json.time("last_run_at", rule.lastRunAt);
        json.time("next_run_at", rule.nextRunAt);
        json.text("served_by", rule.looks == null ? null : rule.looks.servedBy());
        json.whole("effective_interval_seconds", rule.looks == null ? null : rule.looks.effectiveSeconds());
        if (rule.looks == null) {
            json.raw("health", "null");
        } else {
            RuleHealth.write(json, rule.looks.health());
        }
        json.time("created_at", rule.createdAt);
        json.time("updated_at", rule.updatedAt);
        json.endObject();
    }
}

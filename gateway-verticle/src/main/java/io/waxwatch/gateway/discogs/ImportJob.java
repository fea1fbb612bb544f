package io.waxwatch.gateway.discogs;

import io.waxwatch.gateway.http.JsonWriter;
import java.time.OffsetDateTime;
import java.util.UUID;

/**
 * An import as its owner sees it.
 *
 * @param cursor the last page that is done, such as {@code wantlist:2/7}; null before the first
 * @param errors a JSON array; null for none
 * @param waitingReason why it cannot go on at present; null while it can, and when it has ended
 */
record ImportJob(
        UUID id,
        UUID userId,
        String scope,
        String status,
        String cursor,
        int page,
        Counts counts,
        String errors,
        OffsetDateTime startedAt,
        OffsetDateTime completedAt,
        OffsetDateTime createdAt,
        OffsetDateTime updatedAt,
        String waitingReason) {

    record Counts(int processed, int imported, int created, int updated, int errors) {}

    static void write(JsonWriter json, ImportJob job) {
        json.startObject();
        json.uuid("id", job.id);
        json.uuid("user_id", job.userId);
        json.text("provider", "discogs");
        json.text("import_scope", job.scope);
        json.text("status", job.status);
        json.text("cursor", job.cursor);
        json.number("page", job.page);
        json.number("processed_count", job.counts.processed);
        json.number("imported_count", job.counts.imported);
        json.number("created_count", job.counts.created);
        json.number("updated_count", job.counts.updated);
        json.number("error_count", job.counts.errors);
        json.raw("errors", job.errors);
        json.time("started_at", job.startedAt);
        json.time("completed_at", job.completedAt);
        json.time("created_at", job.createdAt);
        json.time("updated_at", job.updatedAt);
        json.text("waiting_reason", job.waitingReason);
        json.endObject();
    }
}

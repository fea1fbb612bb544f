package io.waxwatch.gateway.discogs;

import com.fasterxml.jackson.core.JsonGenerator;
import io.waxwatch.gateway.http.JsonOut;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.UUID;

/**
 * An import as its owner sees it.
 *
 * @param cursor the last page that is done, such as {@code wantlist:2/7}; null before the first
 * @param errors a JSON array; null for none
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
        OffsetDateTime updatedAt) {

    record Counts(int processed, int imported, int created, int updated, int errors) {}

    static void write(JsonGenerator json, ImportJob job) throws IOException {
        json.writeStartObject();
        JsonOut.uuid(json, "id", job.id);
        JsonOut.uuid(json, "user_id", job.userId);
        JsonOut.text(json, "provider", "discogs");
        JsonOut.text(json, "import_scope", job.scope);
        JsonOut.text(json, "status", job.status);
        JsonOut.text(json, "cursor", job.cursor);
        json.writeNumberField("page", job.page);
        json.writeNumberField("processed_count", job.counts.processed);
        json.writeNumberField("imported_count", job.counts.imported);
        json.writeNumberField("created_count", job.counts.created);
        json.writeNumberField("updated_count", job.counts.updated);
        json.writeNumberField("error_count", job.counts.errors);
        JsonOut.raw(json, "errors", job.errors);
        JsonOut.time(json, "started_at", job.startedAt);
        JsonOut.time(json, "completed_at", job.completedAt);
        JsonOut.time(json, "created_at", job.createdAt);
        JsonOut.time(json, "updated_at", job.updatedAt);
        json.writeEndObject();
    }
}

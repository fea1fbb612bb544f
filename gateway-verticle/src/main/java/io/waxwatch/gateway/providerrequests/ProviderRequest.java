package io.waxwatch.gateway.providerrequests;

import io.waxwatch.gateway.http.JsonWriter;
import io.waxwatch.gateway.pagination.Cursor;
import java.time.OffsetDateTime;
import java.util.UUID;

/**
 * One call of a provider's API; status, duration, error and meta may be null.
 *
 * @param meta JSON text
 */
record ProviderRequest(
        UUID id,
        UUID userId,
        String provider,
        String endpoint,
        String method,
        Integer statusCode,
        Integer durationMs,
        String error,
        String meta,
        OffsetDateTime createdAt) {

    /** Where it stands in the list. */
    Cursor cursor() {
        return new Cursor(createdAt, id);
    }

    /** As the user sees it on whose behalf it was made. */
    static void write(JsonWriter json, ProviderRequest request) {
        json.startObject();
        request.fields(json);
        json.endObject();
    }

    /** As an administrator sees it: also whose it was. */
    static void writeForAdmin(JsonWriter json, ProviderRequest request) {
        json.startObject();
        request.fields(json);
        json.uuid("id", request.id);
        json.uuid("user_id", request.userId);
        json.endObject();
    }

    private void fields(JsonWriter json) {
        json.text("provider", provider);
        json.text("endpoint", endpoint);
        json.text("method", method);
        json.whole("status_code", statusCode);
        json.whole("duration_ms", durationMs);
        json.text("error", error);
        json.raw("meta", meta);
        json.time("created_at", createdAt);
    }
}

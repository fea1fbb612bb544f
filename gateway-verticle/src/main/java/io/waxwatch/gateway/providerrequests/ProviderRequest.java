package io.waxwatch.gateway.providerrequests;

import com.fasterxml.jackson.core.JsonGenerator;
import io.waxwatch.gateway.http.JsonOut;
import io.waxwatch.gateway.pagination.Cursor;
import java.io.IOException;
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
    static void write(JsonGenerator json, ProviderRequest request) throws IOException {
        json.writeStartObject();
        request.fields(json);
        json.writeEndObject();
    }

    /** As an administrator sees it: also whose it was. */
    static void writeForAdmin(JsonGenerator json, ProviderRequest request) throws IOException {
        json.writeStartObject();
        request.fields(json);
        JsonOut.uuid(json, "id", request.id);
        JsonOut.uuid(json, "user_id", request.userId);
        json.writeEndObject();
    }

    private void fields(JsonGenerator json) throws IOException {
        JsonOut.text(json, "provider", provider);
        JsonOut.text(json, "endpoint", endpoint);
        JsonOut.text(json, "method", method);
        JsonOut.whole(json, "status_code", statusCode);
        JsonOut.whole(json, "duration_ms", durationMs);
        JsonOut.text(json, "error", error);
        JsonOut.raw(json, "meta", meta);
        JsonOut.time(json, "created_at", createdAt);
    }
}

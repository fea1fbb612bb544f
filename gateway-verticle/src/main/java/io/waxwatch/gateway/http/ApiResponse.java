package io.waxwatch.gateway.http;

import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an endpoint answers.
 *
 * @param body JSON; null for none
 * @param headers further headers
 */
public record ApiResponse(int status, Buffer body, Map<String, String> headers) {

    public static ApiResponse ok(JsonOut.Body body) {
        return new ApiResponse(200, JsonOut.of(body), Map.of());
    }

    public static ApiResponse created(JsonOut.Body body) {
        return new ApiResponse(201, JsonOut.of(body), Map.of());
    }

    /** Leads elsewhere for this once, keeping the method. */
    public static ApiResponse redirect(String location) {
        return new ApiResponse(307, null, Map.of("location", location));
    }

    /** Leads a browser elsewhere, which it asks for with {@code GET}. */
    public static ApiResponse found(String location) {
        return new ApiResponse(302, null, Map.of("location", location));
    }

    public static ApiResponse noContent() {
        return new ApiResponse(204, null, Map.of());
    }

    /** The same with one more header; the value must hold nothing that a caller chose, unless it is encoded. */
    public ApiResponse with(String header, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new ApiResponse(status, body, more);
    }
}

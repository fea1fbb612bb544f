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
public record Answer(int status, Buffer body, Map<String, String> headers) {

    public static Answer ok(JsonOut.Body body) {
        return new Answer(200, JsonOut.of(body), Map.of());
    }

    public static Answer created(JsonOut.Body body) {
        return new Answer(201, JsonOut.of(body), Map.of());
    }

    /** Leads elsewhere for this once, keeping the method. */
    public static Answer redirect(String location) {
        return new Answer(307, null, Map.of("location", location));
    }

    public static Answer noContent() {
        return new Answer(204, null, Map.of());
    }

    /** The same with one more header; the value must hold nothing that a caller chose, unless it is encoded. */
    public Answer with(String header, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, body, more);
    }
}

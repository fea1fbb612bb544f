package io.waxwatch.gateway.http;

import io.vertx.core.buffer.Buffer;

/**
 * What an endpoint answers.
 *
 * @param body JSON; null for none
 */
public record Answer(int status, Buffer body) {

    public static Answer ok(JsonOut.Body body) {
        return new Answer(200, JsonOut.of(body));
    }

    public static Answer created(JsonOut.Body body) {
        return new Answer(201, JsonOut.of(body));
    }

    public static Answer noContent() {
        return new Answer(204, null);
    }
}

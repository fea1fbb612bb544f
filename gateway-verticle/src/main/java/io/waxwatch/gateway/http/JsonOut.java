package io.waxwatch.gateway.http;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/** JSON straight from rows to bytes. */
public final class JsonOut {

    private JsonOut() {}

    /** Writes one JSON value. */
    @FunctionalInterface
    public interface Body {
        void write(JsonWriter json);
    }

    /** Writes one item of a list. */
    @FunctionalInterface
    public interface Item<T> {
        void write(JsonWriter json, T item);
    }

    /** A value as a body. */
    public static Buffer of(Body body) {
        return JsonWriter.write(body);
    }

    /** A bare array of items. */
    public static <T> Body list(List<T> items, Item<T> each) {
        return json -> {
            json.startArray();
            for (T item : items) {
                each.write(json, item);
            }
            json.endArray();
        };
    }
}

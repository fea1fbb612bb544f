package io.waxwatch.gateway.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;

/** JSON straight from rows to bytes: no tree in between, which is what large lists spend their time on. */
public final class JsonOut {

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final int USUAL_BYTES = 1024;

    private JsonOut() {}

    /** Writes one JSON value. */
    @FunctionalInterface
    public interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    /** Writes one item of a list. */
    @FunctionalInterface
    public interface Item<T> {
        void write(JsonGenerator json, T item) throws IOException;
    }

    public static Buffer of(Body body) {
        var bytes = Buffer.buffer(USUAL_BYTES);
        try (JsonGenerator json = FACTORY.createGenerator(new Appending(bytes))) {
            body.write(json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes;
    }

    /** Straight into the body: a large one is held once, not also in pieces and as an array. */
    private static final class Appending extends OutputStream {
        private final Buffer to;

        Appending(Buffer to) {
            this.to = to;
        }

        @Override
        public void write(int octet) {
            to.appendByte((byte) octet);
        }

        @Override
        public void write(byte[] octets, int from, int count) {
            to.appendBytes(octets, from, count);
        }
    }

    /** A bare array of items. */
    public static <T> Body list(List<T> items, Item<T> each) {
        return json -> {
            json.writeStartArray();
            for (T item : items) {
                each.write(json, item);
            }
            json.writeEndArray();
        };
    }

    /** The id, or null. */
    public static void uuid(JsonGenerator json, String name, UUID id) throws IOException {
        text(json, name, id == null ? null : id.toString());
    }

    /** The text, or null. */
    public static void text(JsonGenerator json, String name, String text) throws IOException {
        json.writeFieldName(name);
        json.writeString(text);
    }

    /** The instant as the contract prints it, or null. */
    public static void time(JsonGenerator json, String name, OffsetDateTime time) throws IOException {
        text(json, name, time == null ? null : Timestamps.utc(time));
    }

    /** The whole number, or null. */
    public static void whole(JsonGenerator json, String name, Number number) throws IOException {
        json.writeFieldName(name);
        if (number == null) {
            json.writeNull();
        } else {
            json.writeNumber(number.longValue());
        }
    }

    /** The amount as a JSON number, or null. */
    public static void money(JsonGenerator json, String name, BigDecimal amount) throws IOException {
        json.writeFieldName(name);
        json.writeNumber(amount);
    }

    /** Text that already is JSON, or null. */
    public static void raw(JsonGenerator json, String name, String value) throws IOException {
        json.writeFieldName(name);
        json.writeRawValue(value == null ? "null" : value);
    }
}

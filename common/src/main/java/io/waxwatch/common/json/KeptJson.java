package io.waxwatch.common.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * JSON that we keep for a caller and do not understand in full. {@link JsonObject} reads a number with a point into a
 * {@code double}, so that whoever reads, changes one key and writes back would spoil the digits of all others.
 */
public final class KeptJson {

    /** Numbers of a stored value have any length: they were bounded when they came, or a former version stored them. */
    private static final ObjectReader EXACT = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNumberLength(Integer.MAX_VALUE)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build()
            .readerForMapOf(Object.class);

    private KeptJson() {}

    /**
     * A JSON object as plain maps and lists; numbers with a point or an exponent are {@link BigDecimal}s with the digits of
     * the text.
     *
     * @throws DecodeException if the text is no JSON object
     */
    public static Map<String, Object> object(String text) {
        try {
            Map<String, Object> read = EXACT.readValue(text);
            if (read == null) {
                throw new DecodeException("no JSON object");
            }
            return read;
        } catch (JsonProcessingException unreadable) {
            throw new DecodeException("no JSON object: " + unreadable.getOriginalMessage(), unreadable);
        }
    }

    /**
     * How many bytes of UTF-8 a value is as PostgreSQL's {@code jsonb} has it, which writes out the digits that an exponent
     * stands for, so that five characters become hundreds; blanks between are not counted.
     *
     * @param value plain maps, lists, texts, truth values, null, JSON wrappers and numbers whose exponents are bounded
     */
    public static long bytes(Object value) {
        if (value instanceof JsonObject object) {
            return bytes(object.getMap());
        }
        if (value instanceof JsonArray array) {
            return bytes(array.getList());
        }
        if (value instanceof Map<?, ?> map) {
            long bytes = 2L + Math.max(0, map.size() - 1);
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                bytes += bytes(entry.getKey()) + 1 + bytes(entry.getValue());
            }
            return bytes;
        }
        if (value instanceof List<?> list) {
            long bytes = 2L + Math.max(0, list.size() - 1);
            for (Object item : list) {
                bytes += bytes(item);
            }
            return bytes;
        }
        if (value instanceof BigDecimal exact) {
            return exact.toPlainString().length();
        }
        if (value instanceof Double || value instanceof Float) {
            return new BigDecimal(value.toString()).toPlainString().length();
        }
        return Json.encode(value).getBytes(StandardCharsets.UTF_8).length;
    }
}

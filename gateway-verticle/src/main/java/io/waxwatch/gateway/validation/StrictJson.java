package io.waxwatch.gateway.validation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;

/**
 * JSON as RFC 8259 has it, and no more: UTF-8, one value, no comments, no {@code NaN}. Depth and the length of a number are
 * bounded, so that no body costs more than its size.
 */
final class StrictJson {

    static final int MAX_DEPTH = 32;
    static final int MAX_NUMBER_CHARACTERS = 100;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_CHARACTERS)
                    .build())
            .build();

    /** Why a text is not JSON, and after how many characters. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        private final long offset;

        Malformed(String message, long offset) {
            super(message, null, false, false);
            this.offset = offset;
        }

        long offset() {
            return offset;
        }
    }

    private StrictJson() {}

    /** The value: null, a text, a number, a truth value, {@link JsonObject} or {@link JsonArray}. */
    static Object parse(Buffer bytes) throws Malformed {
        try (JsonParser parser = FACTORY.createParser(utf8(bytes))) {
            if (parser.nextToken() == null) {
                throw new Malformed("not valid JSON", 0);
            }
            Object value = value(parser);
            if (parser.nextToken() != null) {
                throw new Malformed("more than one value", offset(parser));
            }
            return value;
        } catch (StreamConstraintsException beyond) {
            throw new Malformed(
                    "nested deeper than " + MAX_DEPTH + " levels, or a number of more than " + MAX_NUMBER_CHARACTERS
                            + " characters",
                    beyond.getLocation() == null
                            ? 0
                            : Math.max(0, beyond.getLocation().getCharOffset()));
        } catch (JsonParseException invalid) {
            throw new Malformed(
                    "not valid JSON", Math.max(0, invalid.getLocation().getCharOffset()));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static String utf8(Buffer bytes) throws Malformed {
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        try {
            return decoder.decode(ByteBuffer.wrap(bytes.getBytes())).toString();
        } catch (CharacterCodingException other) {
            throw new Malformed("not UTF-8", 0);
        }
    }

    private static long offset(JsonParser parser) {
        return Math.max(0, parser.currentTokenLocation().getCharOffset());
    }

    private static Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getNumberValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new JsonParseException(parser, "unexpected token");
        };
    }

    private static JsonObject object(JsonParser parser) throws IOException {
        var fields = new LinkedHashMap<String, Object>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            fields.put(name, value(parser));
        }
        return new JsonObject(fields);
    }

    private static JsonArray array(JsonParser parser) throws IOException {
        var items = new ArrayList<Object>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(parser));
        }
        return new JsonArray(items);
    }
}

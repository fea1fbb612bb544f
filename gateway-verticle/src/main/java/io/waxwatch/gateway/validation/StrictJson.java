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
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
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
                    // Refused here, where it can be told from a number; one level before the parser would.
                    .maxNestingDepth(MAX_DEPTH + 1)
                    .maxNumberLength(MAX_NUMBER_CHARACTERS)
                    .maxNameLength(Integer.MAX_VALUE)
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

    /**
     * The value: null, a text, a whole number, a {@link java.math.BigDecimal} for one with a point or an exponent, a truth value,
     * {@link JsonObject} or {@link JsonArray}.
     */
    static Object parse(Buffer bytes) throws Malformed {
        try (JsonParser parser = FACTORY.createParser(utf8(bytes))) {
            return only(parser);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static Object only(JsonParser parser) throws IOException, Malformed {
        try {
            if (parser.nextToken() == null) {
                throw new Malformed("not valid JSON", 0);
            }
            Object value = value(parser, 0);
            if (parser.nextToken() != null) {
                throw new Malformed("more than one value", offset(parser));
            }
            return value;
        } catch (StreamConstraintsException beyond) {
            // The only bound of the parser that a body can reach.
            throw new Malformed(
                    "a number of more than " + MAX_NUMBER_CHARACTERS + " characters",
                    parser.currentLocation().getCharOffset());
        } catch (JsonParseException invalid) {
            throw new Malformed(
                    "not valid JSON", Math.max(0, invalid.getLocation().getCharOffset()));
        }
    }

    private static String utf8(Buffer bytes) throws Malformed {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer text = CharBuffer.allocate(bytes.length());
        if (decoder.decode(ByteBuffer.wrap(bytes.getBytes()), text, true).isError()) {
            throw new Malformed("not UTF-8", text.position());
        }
        return text.flip().toString();
    }

    private static long offset(JsonParser parser) {
        return Math.max(0, parser.currentTokenLocation().getCharOffset());
    }

    /** @param depth how many objects and lists are around it */
    private static Object value(JsonParser parser, int depth) throws IOException, Malformed {
        if (depth == MAX_DEPTH && parser.currentToken().isStructStart()) {
            throw new Malformed("nested deeper than " + MAX_DEPTH + " levels", offset(parser));
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, depth + 1);
            case START_ARRAY -> array(parser, depth + 1);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getNumberValue();
            // Not a double: what is kept for the caller is to come back with its digits.
            case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new JsonParseException(parser, "unexpected token");
        };
    }

    private static JsonObject object(JsonParser parser, int depth) throws IOException, Malformed {
        var fields = new LinkedHashMap<String, Object>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            fields.put(name, value(parser, depth));
        }
        return new JsonObject(fields);
    }

    private static JsonArray array(JsonParser parser, int depth) throws IOException, Malformed {
        var items = new ArrayList<Object>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(parser, depth));
        }
        return new JsonArray(items);
    }
}

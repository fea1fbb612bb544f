package io.waxwatch.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.testing.Contract;
import io.waxwatch.gateway.testing.Contract.Operation;
import io.waxwatch.gateway.testing.Sample;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import io.waxwatch.gateway.testing.TestGateway.User;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operation of the API document with good, bad and hostile input. Nothing may be a fault of ours: no 500, and no
 * answer that the document does not describe, which {@link TestGateway}'s client checks. Another run of the dice:
 * {@code -Dwaxwatch.fuzz.seed=…}.
 */
class FuzzTest {

    private static final long SEED = Long.getLong("waxwatch.fuzz.seed", 20261121L);
    private static final int REQUESTS = 60;

    /** Ends only with its connection. */
    private static final String STREAM = "GET /api/stream/events";

    private static final List<Object> HOSTILE = List.of(
            "",
            " ",
            "\0",
            "a\0b",
            "\u202Egnp.exe",
            "日本盤 レコード",
            "Ünïcödé 🎶",
            "e\u0301".repeat(200),
            "'; DROP TABLE users; --",
            "%00",
            "../../etc/passwd",
            "<script>alert(1)</script>",
            "${jndi:ldap://x}",
            "{{7*7}}",
            "\r\nset-cookie: a=b",
            "x".repeat(5000),
            "NaN",
            "1e400",
            "-0",
            "9223372036854775808",
            "00000000-0000-0000-0000-000000000000",
            "2030-13-45T99:99:99Z",
            "null");
    private static final List<String> NUMBERS = List.of(
            "0",
            "-1",
            "-0.0",
            "1.5",
            "60.0",
            "1e2",
            "1e400",
            "-1e400",
            "1e-400",
            "2147483648",
            "9223372036854775807",
            "9223372036854775808",
            "123456789012345678901234567890123456789012345678901234567890",
            "0.1234567890123456789",
            "99999999999999.99");
    private static final List<String> CURSORS = List.of(
            "",
            "zzz",
            "====",
            "MjAzMA==",
            "fA==",
            "fHw=",
            "MjAzMC0wMS0wMVQwMDowMDowMCswMDowMHwyZDZiMGEwZi05Y2E0LTQwOTQtYjhkNi04Mjk0YjQ0NmYzYmQ=",
            "MjAzMC0wMS0wMVQwMDowMDowMCswMDowMHx4",
            "Kzk5OTk5OTk5OS0xMi0zMVQyMzo1OTo1OVp8MmQ2YjBhMGYtOWNhNC00MDk0LWI4ZDYtODI5NGI0NDZmM2Jk",
            "/w==",
            "\u0000");
    /** Sent as they are, where {@link #HOSTILE} is encoded. */
    private static final List<String> RAW =
            List.of("%", "%z", "%zz", "%1", "%u0041", "%%", "%ff%fe", "%c0%80", "%ed%a0%80", "+", "%2f..%2f", ";a=b");

    private static final List<String> BROKEN = List.of(
            "{",
            "[",
            "]",
            "\"",
            "nul",
            "{\"name\":}",
            "{\"a\":1,}",
            "NaN",
            "{\"a\":Infinity}",
            "[]",
            "\"text\"",
            "7",
            "null",
            "true",
            "{\"name\":\"a\",\"name\":7}",
            "{\"name\":\"\\ud800\",\"title\":\"\\udc00\",\"discogs_release_id\":5}",
            "[".repeat(3000),
            "{\"query\":" + "[".repeat(500) + "]".repeat(500) + "}",
            "{\"query\":" + "{\"a\":".repeat(500) + "1" + "}".repeat(500) + "}");

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        System.out.println("fuzz seed " + SEED);
        gateway = TestGateway.start(Map.of());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    static List<Operation> operations() {
        return Contract.document().operations().stream()
                .filter(operation -> !operation.toString().equals(STREAM))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void answers_anything_as_the_document_says(Operation operation) {
        var dice = new Random(SEED ^ operation.toString().hashCode());
        User user = gateway.user();
        user.get("/api/events");
        for (int i = 0; i < REQUESTS; i++) {
            String uri = uri(operation, dice, i);
            Buffer body = body(operation, dice, i);
            String what = "seed " + SEED + ", request " + i + ": " + operation.method() + " " + shortened(uri) + " "
                    + (body == null ? "" : shortened(body.toString()));
            judge(what, ask(what, user, operation.method(), uri, body));
        }
    }

    private static String shortened(String text) {
        return text.length() <= 400 ? text : text.substring(0, 400) + "…";
    }

    private static Reply ask(String what, User user, HttpMethod method, String uri, Buffer body) {
        try {
            return TestNode.await(user.sending(method, uri, body));
        } catch (RuntimeException | AssertionError refused) {
            throw new AssertionError(what, refused);
        }
    }

    private static void judge(String what, Reply reply) {
        assertThat(reply.status()).as(what).isNotEqualTo(500);
        assertThat(reply.header("x-request-id")).as(what).isNotBlank();
        if (reply.status() >= 400) {
            assertThat(reply.error().getInteger("status")).as(what).isEqualTo(reply.status());
            assertThat(reply.message()).as(what).isNotBlank();
        }
    }

    private static String uri(Operation operation, Random dice, int round) {
        String path = operation.path();
        var query = new ArrayList<String>();
        for (JsonObject parameter : operation.parameters()) {
            String name = parameter.getString("name");
            if (parameter.getString("in").equals("path")) {
                String id = round % 3 == 0 ? text(dice) : UUID.randomUUID().toString();
                path = path.replace(
                        "{" + name + "}",
                        dice.nextInt(10) == 0 ? pick(RAW, dice) : id.isBlank() ? "x" : Sample.encoded(id));
            } else if (parameter.getString("in").equals("query") && (round == 0 || dice.nextInt(3) > 0)) {
                query.add(name + "=" + Sample.encoded(parameterValue(parameter, dice, round)));
                if (dice.nextInt(10) == 0) {
                    query.add(name + "=" + Sample.encoded(text(dice)));
                }
            }
        }
        if (dice.nextInt(10) == 0) {
            query.add(Sample.encoded(text(dice)) + "=" + Sample.encoded(text(dice)));
        }
        if (dice.nextInt(10) == 0) {
            query.add((query.isEmpty() ? "x=" : query.remove(query.size() - 1)) + pick(RAW, dice));
        }
        return query.isEmpty() ? path : path + "?" + String.join("&", query);
    }

    private static String parameterValue(JsonObject parameter, Random dice, int round) {
        if (parameter.getString("name").equals("cursor")) {
            return pick(CURSORS, dice);
        }
        return dice.nextInt(3) == 0 ? text(dice) : plain(valid(parameter.getJsonObject("schema"), dice, round));
    }

    private static String plain(Object value) {
        return value instanceof String text ? text : String.valueOf(value);
    }

    private static Buffer body(Operation operation, Random dice, int round) {
        JsonObject media = operation.jsonBody().orElse(null);
        if (media == null) {
            // Those without a body take any, and look at none.
            return round % 4 == 3 && operation.method().equals(HttpMethod.POST) ? Buffer.buffer("{}") : null;
        }
        return switch (round % 4) {
            case 0 -> Sample.body(operation);
            case 1 -> Json.encodeToBuffer(valid(media.getJsonObject("schema"), dice, round));
            case 2 -> mutated(valid(media.getJsonObject("schema"), dice, round), dice);
            default -> Buffer.buffer(pick(BROKEN, dice));
        };
    }

    /** One field replaced, removed or added. */
    private static Buffer mutated(Object good, Random dice) {
        if (!(good instanceof JsonObject object) || object.isEmpty()) {
            return Json.encodeToBuffer(pick(HOSTILE, dice));
        }
        String field = pick(List.copyOf(object.fieldNames()), dice);
        if (object.getValue(field) instanceof JsonObject inner && !inner.isEmpty() && dice.nextBoolean()) {
            return Buffer.buffer(object.copy()
                    .put(field, "@")
                    .encode()
                    .replace("\"@\"", mutated(inner, dice).toString()));
        }
        return switch (dice.nextInt(7)) {
            case 0 -> Json.encodeToBuffer(without(object, field));
            case 1 -> Json.encodeToBuffer(object.copy().putNull(field));
            case 2 -> Json.encodeToBuffer(object.copy().put(field, new JsonArray().add(new JsonObject())));
            case 3 -> Json.encodeToBuffer(object.copy().put(field, new JsonObject().put("a", 1)));
            case 4 -> Json.encodeToBuffer(object.copy().put(field, true).put(text(dice), pick(HOSTILE, dice)));
            case 5 ->
                // Not through a number type: some of these fit none.
                Buffer.buffer(object.copy().put(field, "@").encode().replace("\"@\"", pick(NUMBERS, dice)));
            default -> Json.encodeToBuffer(object.copy().put(field, pick(HOSTILE, dice)));
        };
    }

    private static JsonObject without(JsonObject object, String field) {
        JsonObject copy = object.copy();
        copy.remove(field);
        return copy;
    }

    /** A value that the schema allows. */
    private static Object valid(JsonObject reference, Random dice, int round) {
        JsonObject schema = Contract.document().followed(reference);
        for (String choice : List.of("anyOf", "oneOf")) {
            if (schema.containsKey(choice)) {
                JsonArray choices = schema.getJsonArray(choice);
                return valid(choices.getJsonObject(dice.nextInt(choices.size())), dice, round);
            }
        }
        if (schema.containsKey("enum")) {
            JsonArray words = schema.getJsonArray("enum");
            return words.getValue(dice.nextInt(words.size()));
        }
        if (schema.containsKey("const")) {
            return schema.getValue("const");
        }
        return switch (type(schema, dice)) {
            case "object" -> validObject(schema, dice, round);
            case "array" -> validArray(schema, dice, round);
            case "integer" -> validInteger(schema, dice);
            case "number" -> Math.round(schema.getDouble("minimum", 0.0) + dice.nextInt(100_000)) / 100.0;
            case "boolean" -> dice.nextBoolean();
            case "null" -> null;
            default -> validText(schema, dice);
        };
    }

    private static String type(JsonObject schema, Random dice) {
        Object type = schema.getValue("type");
        return type instanceof JsonArray several
                ? several.getString(dice.nextInt(several.size()))
                : type == null ? "string" : (String) type;
    }

    private static JsonObject validObject(JsonObject schema, Random dice, int round) {
        var fields = new LinkedHashMap<String, Object>();
        var required = schema.getJsonArray("required", new JsonArray());
        schema.getJsonObject("properties", new JsonObject()).forEach(each -> {
            if (required.contains(each.getKey()) || dice.nextInt(3) > 0) {
                fields.put(each.getKey(), valid((JsonObject) each.getValue(), dice, round));
            }
        });
        return new JsonObject(fields);
    }

    private static JsonArray validArray(JsonObject schema, Random dice, int round) {
        var items = new JsonArray();
        int size = schema.getInteger("minItems", 0) + dice.nextInt(4);
        for (int i = 0; i < size; i++) {
            items.add(valid(schema.getJsonObject("items", new JsonObject()), dice, round));
        }
        return items;
    }

    private static long validInteger(JsonObject schema, Random dice) {
        long min = schema.getLong("minimum", 0L);
        long max = schema.getLong("maximum", Long.MAX_VALUE);
        return switch (dice.nextInt(3)) {
            case 0 -> min;
            case 1 -> max;
            default -> min + dice.nextLong(Math.max(1, Math.min(max - min, 1_000_000)));
        };
    }

    private static String validText(JsonObject schema, Random dice) {
        if ("uuid".equals(schema.getString("format"))) {
            return UUID.randomUUID().toString();
        }
        if ("date-time".equals(schema.getString("format"))) {
            return "2026-11-21T12:00:00Z";
        }
        int min = schema.getInteger("minLength", 0);
        int max = Math.min(schema.getInteger("maxLength", 40), 400);
        var text = new StringBuilder();
        int length = min + dice.nextInt(max - min + 1);
        while (text.codePointCount(0, text.length()) < length) {
            text.appendCodePoint(dice.nextInt(4) == 0 ? 0xA1 + dice.nextInt(0x500) : ' ' + dice.nextInt(95));
        }
        return text.toString();
    }

    private static String text(Random dice) {
        return (String) pick(HOSTILE, dice);
    }

    private static <T> T pick(List<T> from, Random dice) {
        return from.get(dice.nextInt(from.size()));
    }
}

package io.waxwatch.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of the contract's tables; {@code contract/README.txt} says how to read and write it.
 *
 * @param where file and line
 * @param given who asks and what has happened, in the words of {@link ContractStage}
 * @param body null for none
 * @param expected what the answer says
 * @param headers of the answer, by name
 */
public record ContractRow(
        String where,
        String text,
        List<String> given,
        HttpMethod method,
        String path,
        String body,
        int status,
        String expected,
        List<Map.Entry<String, String>> headers) {

    private static final Pattern LINE =
            Pattern.compile("(?:(?<given>.+?) :: )?(?<method>[A-Z]+) (?<path>\\S+)(?: (?<body>.+?))? => "
                    + "(?<status>\\d{3}) (?<expected>.+?)(?<headers>(?: \\| [\\w-]+: [^|]+)*)");

    public static ContractRow of(String where, String line) {
        Matcher parts = LINE.matcher(line);
        assertThat(parts.matches()).as("%s is no row: %s", where, line).isTrue();
        var headers = new ArrayList<Map.Entry<String, String>>();
        for (String header : parts.group("headers").split(" \\| ")) {
            if (!header.isBlank()) {
                headers.add(Map.entry(header.replaceFirst(":.*", ""), header.replaceFirst("^[^:]+: ", "")));
            }
        }
        return new ContractRow(
                where,
                line,
                parts.group("given") == null
                        ? List.of()
                        : List.of(parts.group("given").split("; ")),
                HttpMethod.valueOf(parts.group("method")),
                parts.group("path"),
                parts.group("body"),
                Integer.parseInt(parts.group("status")),
                parts.group("expected"),
                headers);
    }

    Buffer bodyBytes() {
        return body == null ? null : Buffer.buffer(body);
    }

    /** Throws unless this is the answer. */
    void judge(Reply reply) {
        assertThat(reply.status()).as(reply.http().bodyAsString()).isEqualTo(status);
        for (Map.Entry<String, String> header : headers) {
            judgeText(header.getKey(), header.getValue(), reply.header(header.getKey()));
        }
        if (expected.equals("-")) {
            return;
        }
        if (!expected.startsWith("{") && !expected.startsWith("[")) {
            judgeMessage(reply);
        } else if (status == 422) {
            judgeViolations(reply);
        } else {
            judgeValue(
                    "body",
                    Json.decodeValue(expected),
                    Json.decodeValue(reply.http().body()));
        }
    }

    private void judgeMessage(Reply reply) {
        assertThat(reply.json().fieldNames()).containsExactly("error");
        assertThat(reply.error().fieldNames()).containsExactly("message", "code", "status");
        assertThat(reply.error().getString("code")).isEqualTo("http_error");
        assertThat(reply.error().getInteger("status")).isEqualTo(status);
        judgeText("message", expected, reply.message());
    }

    /** All of them, each with just these keys in just this order. */
    private void judgeViolations(Reply reply) {
        assertThat(reply.error().fieldNames()).containsExactly("message", "code", "status", "details");
        assertThat(reply.error().getString("code")).isEqualTo("validation_error");
        assertThat(reply.message()).isNotBlank();
        JsonArray wanted =
                expected.startsWith("[") ? new JsonArray(expected) : new JsonArray().add(new JsonObject(expected));
        JsonArray told = reply.error().getJsonArray("details");
        judgeValue("details", wanted, told);
        for (int i = 0; i < wanted.size(); i++) {
            judgeForm(wanted.getJsonObject(i), told.getJsonObject(i));
        }
    }

    /** A bound of a number is a fraction, one of a count is whole. */
    private static void judgeForm(JsonObject wanted, JsonObject told) {
        assertThat(List.copyOf(told.fieldNames())).as("their order").isEqualTo(List.copyOf(wanted.fieldNames()));
        String context = Json.encode(wanted.getJsonObject("ctx"));
        if (!context.contains("~")) {
            assertThat(Json.encode(told.getJsonObject("ctx"))).isEqualTo(context);
        }
    }

    /** Of an object only the fields that are written down; of a list everything. */
    private static void judgeValue(String name, Object wanted, Object actual) {
        if (wanted instanceof JsonObject object) {
            assertThat(actual).as(name).isInstanceOf(JsonObject.class);
            for (String field : object.fieldNames()) {
                assertThat(((JsonObject) actual).containsKey(field))
                        .as("%s has %s: %s", name, field, actual)
                        .isTrue();
                judgeValue(name + "." + field, object.getValue(field), ((JsonObject) actual).getValue(field));
            }
        } else if (wanted instanceof JsonArray array) {
            assertThat(actual).as(name).isInstanceOf(JsonArray.class);
            assertThat(((JsonArray) actual).size()).as("%s: %s", name, actual).isEqualTo(array.size());
            for (int i = 0; i < array.size(); i++) {
                judgeValue(name + "[" + i + "]", array.getValue(i), ((JsonArray) actual).getValue(i));
            }
        } else if (wanted instanceof Number number && actual instanceof Number other) {
            assertThat(new BigDecimal(other.toString())).as(name).isEqualByComparingTo(number.toString());
        } else if (wanted instanceof String text && (actual == null || actual instanceof String)) {
            judgeText(name, text, (String) actual);
        } else {
            assertThat(actual).as(name).isEqualTo(wanted);
        }
    }

    private static void judgeText(String name, String wanted, String actual) {
        if (wanted.equals("none")) {
            assertThat(actual).as(name).isNull();
        } else if (wanted.startsWith("~")) {
            assertThat(actual).as(name).matches(Pattern.compile(wanted.substring(1), Pattern.DOTALL));
        } else {
            assertThat(actual).as(name).isEqualTo(wanted);
        }
    }

    @Override
    public String toString() {
        return where + "  " + text;
    }
}

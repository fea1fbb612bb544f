package io.waxwatch.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.TestGateway.Reply;
import io.waxwatch.gateway.TestGateway.User;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract's conversions, messages, violations and pages, line by line: {@code contract-table.txt}. */
class ContractTableTest {

    private static final List<String> LISTS =
            List.of("/api/events", "/api/notifications", "/api/watch-rules", "/api/watch-releases");
    private static final Pattern LINE = Pattern.compile("(\\w+) (\\S+)(?: (.+?))? => (\\d+) (.+)");

    private static final AtomicLong NUMBERS = new AtomicLong(1000);

    private static TestGateway gateway;
    private static User ann;
    private static Map<String, String> names;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of());
        ann = gateway.user();
        String bare = ann.post("/api/watch-rules", new JsonObject().put("name", "Bare"))
                .id();
        gateway.sql("UPDATE watch_search_rules SET query = '{}' WHERE id = $1", UUID.fromString(bare));
        names = Map.of(
                "$RULE",
                ann.post("/api/watch-rules", new JsonObject().put("name", "Mine"))
                        .id(),
                "$RELEASE",
                ann.post(
                                "/api/watch-releases",
                                new JsonObject().put("discogs_release_id", 1).put("title", "Mine"))
                        .id(),
                "$BARE",
                bare,
                "$NOBODY",
                UUID.randomUUID().toString());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    static Stream<String> lines() throws IOException {
        try (var in = ContractTableTest.class.getResourceAsStream("contract-table.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> !line.isBlank() && !line.startsWith("#"))
                            .flatMap(line -> line.contains("$LIST")
                                    ? LISTS.stream().map(list -> line.replace("$LIST", list))
                                    : Stream.of(line))
                            .toList()
                            .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("lines")
    void the_gateway_keeps(String line) {
        String text = line.replace("$NEW", Long.toString(NUMBERS.incrementAndGet()));
        for (Map.Entry<String, String> name : names.entrySet()) {
            text = text.replace(name.getKey(), name.getValue());
        }
        Matcher parts = LINE.matcher(text);
        assertThat(parts.matches()).as(text).isTrue();
        // A list that is asked for its form is asked by somebody who has nothing.
        User caller = text.endsWith("=> 200 []") ? gateway.user() : ann;
        Buffer body = parts.group(3) == null ? null : Buffer.buffer(parts.group(3));
        Reply reply = TestNode.await(caller.sending(HttpMethod.valueOf(parts.group(1)), parts.group(2), body));
        assertThat(reply.status()).as(reply.http().bodyAsString()).isEqualTo(Integer.parseInt(parts.group(4)));
        judge(reply, parts.group(5));
    }

    private static void judge(Reply reply, String expected) {
        if (expected.equals("[]")) {
            assertThat(reply.list()).isEmpty();
        } else if (!expected.startsWith("{")) {
            assertThat(reply.json())
                    .isEqualTo(new JsonObject()
                            .put(
                                    "error",
                                    new JsonObject()
                                            .put("message", expected)
                                            .put("code", "http_error")
                                            .put("status", reply.status())));
        } else if (reply.status() == 422) {
            assertThat(reply.message()).isNotBlank();
            assertThat(reply.error().getString("code")).isEqualTo("validation_error");
            assertThat(reply.error().getJsonArray("details")).isEqualTo(new JsonArray().add(new JsonObject(expected)));
            assertThat(List.copyOf(reply.violation().fieldNames()))
                    .as("their order")
                    .isEqualTo(List.copyOf(new JsonObject(expected).fieldNames()));
        } else {
            new JsonObject(expected)
                    .forEach(field -> assertThat(Json.encode(reply.json().getValue(field.getKey())))
                            .satisfies(actual -> assertThat(Json.decodeValue(actual))
                                    .isEqualTo(Json.decodeValue(Json.encode(field.getValue())))));
        }
    }

    @Test
    void malformed_json_is_refused_before_the_token() {
        Reply reply = TestNode.await(
                gateway.bearer(null).sending(HttpMethod.POST, "/api/watch-rules", Buffer.buffer("{\"name\":")));
        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.violation().getString("type")).isEqualTo("json_invalid");
        assertThat(reply.violation().getString("msg")).isEqualTo("JSON decode error");
        assertThat(reply.violation().getJsonArray("loc").getString(0)).isEqualTo("body");
        assertThat(reply.violation().getJsonArray("loc").getValue(1)).isInstanceOf(Integer.class);
        assertThat(reply.violation().getJsonObject("input")).isEqualTo(new JsonObject());
        assertThat(reply.violation().getJsonObject("ctx").getString("error")).isNotBlank();
    }

    @Test
    void all_violations_are_told_together() {
        Reply reply = ann.patch(
                "/api/watch-rules/x",
                new JsonObject().put("name", "").put("is_active", "maybe").put("poll_interval_seconds", 1));
        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.error().getJsonArray("details").stream().map(each -> ((JsonObject) each).getString("type")))
                .containsExactly("uuid_parsing", "string_too_short", "bool_parsing", "greater_than_equal");
    }

    @Test
    void a_token_is_asked_for_before_input_is_looked_at() {
        assertThat(gateway.anonymous(HttpMethod.GET, "/api/events?limit=x").status())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "upper", "plain", "{%s}", "urn:uuid:%s"})
    void an_id_is_taken_in_any_usual_spelling(String spelling) {
        String id = names.get("$RULE");
        String spelled = switch (spelling) {
            case "upper" -> id.toUpperCase(java.util.Locale.ROOT);
            case "plain" -> id.replace("-", "");
            default -> spelling.formatted(id);
        };
        assertThat(ann.get("/api/watch-rules/" + Sample.encoded(spelled)).id()).isEqualTo(id);
    }

    @Test
    void what_is_no_id_is_named_with_the_reason() {
        JsonObject violation = ann.get("/api/watch-rules/x").violation();
        assertThat(violation.getString("type")).isEqualTo("uuid_parsing");
        assertThat(violation.getString("msg")).startsWith("Input should be a valid UUID, ");
        assertThat(violation.getJsonArray("loc"))
                .isEqualTo(new JsonArray().add("path").add("rule_id"));
        assertThat(violation.getString("msg"))
                .endsWith(violation.getJsonObject("ctx").getString("error"));
    }

    @Test
    void lengths_count_characters_and_not_units() {
        String records = "💿".repeat(120);
        assertThat(ann.post("/api/watch-rules", new JsonObject().put("name", records))
                        .status())
                .isEqualTo(201);
        assertThat(ann.post("/api/watch-rules", new JsonObject().put("name", records + "a"))
                        .violation()
                        .getString("msg"))
                .isEqualTo("String should have at most 120 characters");
    }

    @Test
    void times_are_in_utc_with_six_digits_or_none() {
        String time =
                ann.get("/api/watch-rules?limit=1").list().getJsonObject(0).getString("created_at");
        assertThat(time).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{6})?Z");
    }
}

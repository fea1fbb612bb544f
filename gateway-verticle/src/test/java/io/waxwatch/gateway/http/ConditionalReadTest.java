package io.waxwatch.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import io.waxwatch.gateway.testing.TestGateway.User;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionalReadTest {

    private static final String RULES = "/api/watch-rules";

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static Reply get(User user, String path, String condition) {
        return new Reply(TestNode.await(gateway.request(HttpMethod.GET, path)
                .putHeader("authorization", "Bearer " + user.token)
                .putHeader("if-none-match", condition)
                .send()));
    }

    @Test
    void what_the_caller_has_already_is_not_sent_again() {
        User ann = gateway.user();
        ann.post(RULES, new JsonObject().put("name", "a"));
        Reply full = ann.get(RULES);
        String tag = full.header("etag");
        assertThat(tag).matches("W/\"[A-Za-z0-9_-]{22}\"");
        assertThat(full.header("cache-control")).isEqualTo("private, no-cache");

        Reply unchanged = get(ann, RULES, tag);
        assertThat(unchanged.status()).isEqualTo(304);
        assertThat(unchanged.http().bodyAsString()).isNullOrEmpty();
        assertThat(unchanged.header("etag")).isEqualTo(tag);
        assertThat(unchanged.header("x-request-id")).isNotBlank();

        ann.post(RULES, new JsonObject().put("name", "b"));
        Reply changed = get(ann, RULES, tag);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.header("etag")).isNotEqualTo(tag);
        assertThat(changed.list()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "\"x\", %s", "%s, \"x\"", "%s"})
    void a_condition_may_name_many_states(String condition) {
        User ann = gateway.user();
        String tag = ann.get("/api/events").header("etag");
        assertThat(get(ann, "/api/events", condition.formatted(tag)).status()).isEqualTo(304);
        assertThat(get(ann, "/api/events", condition.formatted(tag.substring(2)))
                        .status())
                .isEqualTo(304);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-gzip", "--gzip", ";gzip", "-deflate", "-br", "-zstd"})
    void a_condition_is_met_also_with_the_coding_that_a_proxy_put_behind_it(String coding) {
        User ann = gateway.user();
        String tag = ann.get("/api/events").header("etag");
        String coded = tag.substring(0, tag.length() - 1) + coding + "\"";
        assertThat(get(ann, "/api/events", coded).status()).isEqualTo(304);
        assertThat(get(ann, "/api/events", coded.substring(2)).status()).isEqualTo(304);
        assertThat(get(ann, "/api/events", "\"x\", " + coded).status()).isEqualTo(304);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-xml", "gzip", "-gzip-gzip", "-", "-gzi"})
    void what_is_behind_a_tag_and_names_no_coding_makes_it_another(String more) {
        User ann = gateway.user();
        String tag = ann.get("/api/events").header("etag");
        assertThat(get(ann, "/api/events", tag.substring(0, tag.length() - 1) + more + "\"")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"x\"", "W/", "x,,\""})
    void another_condition_gets_the_whole_answer(String condition) {
        assertThat(get(gateway.user(), "/api/events", condition).status()).isEqualTo(200);
    }

    @Test
    void one_callers_state_is_not_anothers() {
        User ann = gateway.user();
        ann.post(RULES, new JsonObject().put("name", "a"));
        User bob = gateway.user();
        bob.post(RULES, new JsonObject().put("name", "a"));
        assertThat(get(bob, RULES, ann.get(RULES).header("etag")).status()).isEqualTo(200);
    }

    @Test
    void only_successful_reads_are_named() {
        User ann = gateway.user();
        assertThat(ann.post(RULES, new JsonObject().put("name", "a")).header("etag"))
                .isNull();
        Reply missing = get(ann, RULES + "/00000000-0000-0000-0000-000000000009", "*");
        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.header("etag")).isNull();
        assertThat(missing.header("cache-control")).isEqualTo("no-store");
    }
}

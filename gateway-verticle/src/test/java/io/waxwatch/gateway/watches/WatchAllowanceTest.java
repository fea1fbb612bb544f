package io.waxwatch.gateway.watches;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import io.waxwatch.gateway.testing.TestGateway.User;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What one user may have, and how the refusal of more tells the way out. */
class WatchAllowanceTest {

    private static final String RULES = "/api/watch-rules";
    private static final String RELEASES = "/api/watch-releases";

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of(
                "RULES_MAX_PER_USER", "4", "RULE_QUERIES_MAX_PER_USER", "2", "WATCH_RELEASES_MAX_PER_USER", "3"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static JsonObject rule(String word, boolean active) {
        return new JsonObject()
                .put("name", word)
                .put("is_active", active)
                .put("query", new JsonObject().put("keywords", new JsonArray().add(word)));
    }

    private static JsonObject release(int id) {
        return new JsonObject().put("discogs_release_id", id).put("title", "a");
    }

    @Test
    void more_rules_are_refused_until_one_is_deleted_for_good() {
        User ann = gateway.user();
        String first = ann.post(RULES, rule("a", false)).id();
        for (String word : List.of("b", "c", "d")) {
            assertThat(ann.post(RULES, rule(word, false)).status()).isEqualTo(201);
        }

        Reply more = ann.post(RULES, rule("e", false));
        assertThat(more.status()).isEqualTo(409);
        assertThat(more.message())
                .isEqualTo("an account may have 4 watch rules, resting ones included; delete one for good"
                        + " (DELETE /api/watch-rules/{rule_id}/hard) to make room");
        assertThat(ann.post("/api/search/save-alert", rule("e", true)).status()).isEqualTo(409);
        assertThat(ann.get(RULES).list()).hasSize(4);
        assertThat(gateway.count("SELECT count(*) FROM events WHERE user_id = $1", ann.id))
                .isEqualTo(4);
        assertThat(ann.patch(RULES + "/" + first, new JsonObject().put("name", "z"))
                        .status())
                .isEqualTo(200);

        assertThat(ann.delete(RULES + "/" + first + "/hard").status()).isEqualTo(204);
        assertThat(ann.post(RULES, rule("e", false)).status()).isEqualTo(201);
        assertThat(gateway.user().post(RULES, rule("a", false)).status())
                .as("anybody else's are their own")
                .isEqualTo(201);
    }

    @Test
    void many_at_once_get_no_further_than_one_after_the_other() {
        User ann = gateway.user();
        assertThat(ann.get("/api/me").status()).isEqualTo(200);
        List<Future<Reply>> asked = IntStream.range(0, 12)
                .mapToObj(i -> ann.sending(
                        HttpMethod.POST, RULES, rule("word" + i, false).toBuffer()))
                .toList();
        List<Integer> statuses =
                asked.stream().map(TestNode::await).map(Reply::status).sorted().toList();

        assertThat(statuses.subList(0, 4)).containsOnly(201);
        assertThat(statuses.subList(4, 12)).containsOnly(409);
        assertThat(ann.get(RULES).list()).hasSize(4);
    }

    @Test
    void rules_may_ask_the_marketplaces_so_many_different_queries() {
        User ann = gateway.user();
        String first = ann.post(RULES, rule("a", true)).id();
        assertThat(ann.post(RULES, rule("b", true)).status()).isEqualTo(201);
        Reply third = ann.post(RULES, rule("c", true));
        assertThat(third.status()).isEqualTo(409);
        assertThat(third.message())
                .isEqualTo("the rules of an account may ask the marketplaces 2 different queries; lay a rule to rest,"
                        + " or give this one the words of another");
        assertThat(ann.post(RULES, rule("b", true)).status())
                .as("the words of another cost nothing")
                .isEqualTo(201);

        String resting = ann.post(RULES, rule("c", false)).id();
        JsonObject wake = new JsonObject().put("is_active", true);
        assertThat(ann.patch(RULES + "/" + resting, wake).status()).isEqualTo(409);
        assertThat(ann.patch(RULES + "/" + first, new JsonObject().put("poll_interval_seconds", 900))
                        .status())
                .as("who asks nothing new may change")
                .isEqualTo(200);
        assertThat(ann.delete(RULES + "/" + first).status()).isEqualTo(200);
        assertThat(ann.patch(RULES + "/" + resting, wake).status()).isEqualTo(200);
    }

    @Test
    void more_watch_releases_are_refused() {
        User ann = gateway.user();
        for (int id = 1; id <= 3; id++) {
            assertThat(ann.post(RELEASES, release(id)).status()).isEqualTo(201);
        }
        Reply more = ann.post(RELEASES, release(4));
        assertThat(more.status()).isEqualTo(409);
        assertThat(more.message())
                .isEqualTo("an account may watch 3 releases, resting ones included; change one of those"
                        + " (PATCH /api/watch-releases/{watch_release_id}) instead");
        assertThat(ann.get(RELEASES).list()).hasSize(3);
    }
}

package io.waxwatch.gateway.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.settings.DatabaseAddress;
import io.waxwatch.common.testing.TestDatabase;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import io.waxwatch.gateway.testing.TestGateway.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("postgresql")
class IdempotencyTest {

    private static final DatabaseAddress DATABASE = TestDatabase.fresh();
    private static final String RULES = "/api/watch-rules";
    private static final String RULE = "{\"name\":\"a\",\"query\":{\"keywords\":[\"can\"]}}";

    private static TestGateway gateway;
    private static TestGateway other;

    @BeforeAll
    static void start() {
        gateway = TestGateway.on(DATABASE, Map.of());
        other = TestGateway.beside(gateway, DATABASE, Map.of());
    }

    @AfterAll
    static void stop() {
        other.close();
        gateway.close();
    }

    private static Future<Reply> sending(TestGateway where, User user, String path, String key, String body) {
        return where.request(HttpMethod.POST, path)
                .putHeader("authorization", "Bearer " + user.token)
                .putHeader("content-type", "application/json")
                .putHeader("idempotency-key", key)
                .sendBuffer(new JsonObject(body).toBuffer())
                .map(Reply::new);
    }

    private static Reply post(User user, String path, String key, String body) {
        return TestNode.await(sending(gateway, user, path, key, body));
    }

    private static long rules(User user) {
        return gateway.count("SELECT count(*) FROM watch_search_rules WHERE user_id = $1", user.id);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/watch-rules|{\"name\":\"a\",\"query\":{\"keywords\":[\"can\"]}}|{\"name\":\"b\"}",
                "/api/search/save-alert|{\"name\":\"a\",\"query\":{\"keywords\":[\"can\"]}}"
                        + "|{\"name\":\"b\",\"query\":{\"keywords\":[\"can\"]}}",
                "/api/watch-releases|{\"discogs_release_id\":1,\"title\":\"a\"}|{\"discogs_release_id\":2,\"title\":\"a\"}"
            })
    void the_same_request_again_is_answered_as_the_first_time(String path, String body, String another) {
        User ann = gateway.user();
        Reply first = post(ann, path, "k-1", body);
        String list = path.contains("search") ? RULES : path;
        assertThat(first.status()).isEqualTo(path.contains("search") ? 200 : 201);
        assertThat(first.header("idempotency-replayed")).isNull();

        Reply again = TestNode.await(sending(other, ann, path, "k-1", body));
        assertThat(again.status()).isEqualTo(first.status());
        assertThat(again.header("idempotency-replayed")).isEqualTo("true");
        assertThat(again.http().body()).isEqualTo(first.http().body());
        assertThat(ann.get(list).list()).hasSize(1);
        assertThat(ann.get("/api/events").list()).hasSize(1);

        Reply conflict = post(ann, path, "k-1", another);
        assertThat(conflict.status()).isEqualTo(409);
        assertThat(conflict.message()).isEqualTo("this Idempotency-Key was used with another body");
        assertThat(post(ann, path, "k-2", another).header("idempotency-replayed"))
                .isNull();
        assertThat(ann.get(list).list()).hasSize(2);
    }

    @Test
    void a_key_belongs_to_one_user_and_one_route() {
        User ann = gateway.user();
        User bob = gateway.user();
        assertThat(post(ann, RULES, "k", RULE).status()).isEqualTo(201);
        Reply bobs = post(bob, RULES, "k", RULE);
        assertThat(bobs.json().getString("user_id")).isEqualTo(bob.id.toString());
        assertThat(bobs.header("idempotency-replayed")).isNull();
        assertThat(post(ann, "/api/watch-releases", "k", "{\"discogs_release_id\":1,\"title\":\"a\"}")
                        .header("idempotency-replayed"))
                .isNull();
        assertThat(rules(ann)).isEqualTo(1);
        assertThat(rules(bob)).isEqualTo(1);
    }

    @Test
    void two_clients_at_once_make_one_rule() {
        User ann = gateway.user();
        ann.get("/api/me");
        var sent = new ArrayList<Future<Reply>>();
        for (int i = 0; i < 10; i++) {
            sent.add(sending(i % 2 == 0 ? gateway : other, ann, RULES, "race", RULE));
        }
        TestNode.await(Future.all(sent));
        List<Integer> statuses =
                sent.stream().map(reply -> reply.result().status()).toList();
        assertThat(statuses).contains(201).containsOnlyElementsOf(List.of(201, 409));
        assertThat(rules(ann)).isEqualTo(1);
        assertThat(post(ann, RULES, "race", RULE).header("idempotency-replayed"))
                .isEqualTo("true");
        assertThat(sent.stream()
                        .map(Future::result)
                        .filter(reply -> reply.status() == 201)
                        .map(Reply::id)
                        .distinct())
                .hasSize(1);
    }

    @Test
    void a_key_at_work_is_refused_and_free_again_when_the_work_is_undone() {
        User ann = gateway.user();
        ann.get("/api/me");
        Reply meanwhile = TestNode.await(gateway.database()
                .transaction(busy -> busy.preparedQuery("SELECT pg_advisory_xact_lock(hashtext($1), hashtext($2))")
                        .execute(Tuple.of(ann.id + " POST /api/watch-rules", "busy"))
                        .compose(locked -> sending(other, ann, RULES, "busy", RULE))));
        assertThat(meanwhile.status()).isEqualTo(409);
        assertThat(meanwhile.message()).isEqualTo("a request with this Idempotency-Key is still in progress");
        assertThat(rules(ann)).isZero();
        assertThat(post(ann, RULES, "busy", RULE).status()).isEqualTo(201);
    }

    @Test
    void what_was_refused_is_not_remembered() {
        User ann = gateway.user();
        assertThat(post(ann, RULES, "k", "{\"name\":\"\"}").status()).isEqualTo(422);
        String release = "{\"discogs_release_id\":7,\"title\":\"a\"}";
        ann.post("/api/watch-releases", new JsonObject(release));
        assertThat(post(ann, "/api/watch-releases", "k", release).message()).isEqualTo("Watch release already exists");
        assertThat(gateway.count("SELECT count(*) FROM idempotency_keys WHERE user_id = $1", ann.id))
                .isZero();
        assertThat(post(ann, RULES, "k", RULE).status()).isEqualTo(201);
    }

    @Test
    void an_inactive_account_gets_no_replay() {
        User ann = gateway.user();
        post(ann, RULES, "k", RULE);
        other.new User(ann.id, ann.token).get("/api/me");
        ann.delete("/api/me");
        assertThat(TestNode.await(sending(other, ann, RULES, "k", RULE)).status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "with blank", "ümlaut"})
    void a_key_that_is_none_is_refused(String key) {
        User ann = gateway.user();
        Reply refused = post(ann, RULES, key, RULE);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.violation().getString("msg"))
                .isEqualTo("Value error, an Idempotency-Key is 1 to 255 visible ASCII characters");
        assertThat(post(ann, RULES, "x".repeat(256), RULE).status()).isEqualTo(422);
        assertThat(post(ann, RULES, "x".repeat(255), RULE).status()).isEqualTo(201);
    }

    @Test
    void without_a_key_each_request_creates() {
        User ann = gateway.user();
        Reply one = ann.post(RULES, new JsonObject(RULE));
        Reply two = ann.post(RULES, new JsonObject(RULE));
        assertThat(UUID.fromString(one.id())).isNotEqualTo(UUID.fromString(two.id()));
        assertThat(rules(ann)).isEqualTo(2);
    }
}

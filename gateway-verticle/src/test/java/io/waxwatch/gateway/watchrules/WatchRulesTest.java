package io.waxwatch.gateway.watchrules;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.bus.BusMessage.WatchesChanged;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.polls.PollPlanner;
import io.waxwatch.common.polls.PollStore;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.common.watches.WatchRevisions;
import io.waxwatch.gateway.pagination.Cursor;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import io.waxwatch.gateway.testing.TestGateway.User;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("postgresql")
class WatchRulesTest {

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static JsonObject rule(String name, String query) {
        return new JsonObject().put("name", name).put("query", new JsonObject(query));
    }

    @Test
    void creates_a_rule_with_its_poll_first_look_revision_and_event() {
        var changes = new CopyOnWriteArrayList<WatchesChanged>();
        TestNode.await(gateway.node().bus().listen(Topics.WATCHES_CHANGED, changes::add));
        User ann = gateway.user();

        Reply created = ann.post(
                "/api/watch-rules",
                rule("Blue trains", "{\"keywords\":[\" Coltrane \",\"Blue Train\",\"\"],\"max_price\":40}"));

        assertThat(created.status()).isEqualTo(201);
        JsonObject json = created.json();
        assertThat(json.fieldNames())
                .containsExactlyInAnyOrder(
                        "id",
                        "user_id",
                        "name",
                        "query",
                        "ignored",
                        "notes",
                        "currency_defaulted",
                        "is_active",
                        "poll_interval_seconds",
                        "last_run_at",
                        "next_run_at",
                        "served_by",
                        "effective_interval_seconds",
                        "health",
                        "created_at",
                        "updated_at");
        assertThat(json.getString("user_id")).isEqualTo(ann.id.toString());
        assertThat(json.getJsonObject("query"))
                .isEqualTo(new JsonObject("{\"keywords\":[\"coltrane\",\"blue train\"],\"max_price\":40.0,"
                        + "\"currency\":\"USD\",\"sources\":[\"discogs\",\"ebay\"]}"));
        assertThat(json.getInteger("poll_interval_seconds")).isEqualTo(600);
        assertThat(json.getString("created_at")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{6})?Z");
        assertThat(json.getString("next_run_at")).isNotNull();

        UUID id = UUID.fromString(created.id());
        gateway.allNumbered();
        assertThat(gateway.count(
                        "SELECT count(*) FROM poll_rules pr JOIN polls p ON p.id = pr.poll_id WHERE rule_id = $1 "
                                + "AND p.canonical_key = 'EBAY_US|176985|blue coltrane train'",
                        id))
                .isEqualTo(1);
        assertThat(gateway.count("SELECT count(*) FROM first_looks WHERE subject_id = $1", id))
                .isEqualTo(1);
        long revision = gateway.count("SELECT revision FROM watch_changes WHERE subject_id = $1", id);
        TestNode.eventually(
                "told on the bus", 30_000, () -> changes.stream().anyMatch(news -> news.revision() >= revision));
        assertThat(gateway.count("SELECT count(*) FROM notifications WHERE user_id = $1", ann.id))
                .isEqualTo(2);
        assertThat(ann.get("/api/events").list().getJsonObject(0).getString("type"))
                .isEqualTo("RULE_CREATED");
    }

    @Test
    void shows_when_the_rule_ran_from_the_polls_that_serve_it() {
        User ann = gateway.user();
        UUID sweep = TestNode.await(gateway.database()
                .transaction(connection -> new PollStore()
                        .ensure(
                                connection,
                                PollPlanner.from(gateway.node().settings()).sweep())));
        String ebay = ann.post("/api/watch-rules", rule("a", "{\"keywords\":[\"krautrock\"]}"))
                .id();
        String discogs = ann.post(
                        "/api/watch-rules", rule("b", "{\"keywords\":[\"krautrock\"],\"sources\":[\"discogs\"]}"))
                .id();
        assertThat(ann.get("/api/watch-rules/" + ebay).json().getString("last_run_at"))
                .isNull();

        OffsetDateTime ran = OffsetDateTime.parse("2026-01-02T03:04:05.678Z");
        gateway.sql(
                "UPDATE poll_schedule SET last_run_at = $2, next_due = $3 WHERE poll_id = $1",
                sweep,
                ran,
                ran.plusSeconds(90));

        JsonObject seen = ann.get("/api/watch-rules/" + ebay).json();
        assertThat(seen.getString("last_run_at")).isEqualTo("2026-01-02T03:04:05.678000Z");
        assertThat(seen.getString("next_run_at")).isEqualTo("2026-01-02T03:05:35.678000Z");
        assertThat(ann.get("/api/watch-rules/" + discogs).json().getString("next_run_at"))
                .isNull();
        gateway.sql("DELETE FROM polls WHERE id = $1", sweep);
    }

    @Test
    void merges_a_patch_key_by_key_and_replans_the_poll() {
        User ann = gateway.user();
        String path = "/api/watch-rules/"
                + ann.post(
                                "/api/watch-rules",
                                rule("a", "{\"keywords\":[\"popol vuh\"],\"max_price\":10,\"label\":\"UA\"}"))
                        .id();

        Reply patched = ann.patch(
                path,
                new JsonObject()
                        .put(
                                "query",
                                new JsonObject().putNull("max_price").put("keywords", new JsonArray().add("Neu!")))
                        .put("poll_interval_seconds", "60.0"));

        assertThat(patched.status()).isEqualTo(200);
        assertThat(patched.json().getJsonObject("query").getMap().keySet())
                .containsExactlyInAnyOrder("keywords", "label", "sources");
        assertThat(patched.json().getInteger("poll_interval_seconds")).isEqualTo(60);
        assertThat(
                        gateway.count(
                                "SELECT count(*) FROM polls WHERE canonical_key IN ('EBAY_US|176985|popol vuh', 'EBAY_US|176985|neu')"))
                .isEqualTo(1);
        assertThat(ann.get("/api/events").list().getJsonObject(0).getString("type"))
                .isEqualTo("RULE_UPDATED");
    }

    @Test
    void no_collector_waits_for_an_ingest_in_flight() {
        User ann = gateway.user();
        String old = ann.post("/api/watch-rules", rule("a", "{\"keywords\":[\"can\"]}"))
                .id();
        gateway.allNumbered();
        long before = gateway.count("SELECT revision FROM watch_revision");
        Promise<Void> ingestEnds = Promise.promise();
        var holds = new CountDownLatch(1);
        Future<Void> ingest = gateway.database()
                .transaction(connection -> new WatchRevisions()
                        .hold(connection)
                        .onSuccess(held -> holds.countDown())
                        .compose(held -> ingestEnds.future()));
        TestNode.eventually("the ingest is in flight", 30_000, () -> holds.getCount() == 0);

        Reply made = ann.post("/api/watch-rules", rule("b", "{\"keywords\":[\"faust\"]}"));
        assertThat(made.status()).isEqualTo(201);
        assertThat(ann.patch("/api/watch-rules/" + old, rule("a", "{\"keywords\":[\"neu\"]}"))
                        .status())
                .isEqualTo(200);
        assertThat(ann.delete("/api/watch-rules/" + old + "/hard").status()).isEqualTo(204);
        assertThat(gateway.count("SELECT revision FROM watch_revision")).isEqualTo(before);

        ingestEnds.complete();
        TestNode.await(ingest);
        gateway.allNumbered();
        assertThat(gateway.count("SELECT revision FROM watch_revision")).isEqualTo(before + 3);
        assertThat(gateway.count("SELECT count(*) FROM first_looks WHERE subject_id = $1", UUID.fromString(made.id())))
                .isEqualTo(1);
    }

    @Test
    void a_patch_that_changes_nothing_leaves_no_trace() {
        User ann = gateway.user();
        Reply created = ann.post("/api/watch-rules", rule("a", "{\"keywords\":[\"can\"],\"max_price\":10}"));
        gateway.allNumbered();
        long revisions = gateway.count("SELECT revision FROM watch_revision");
        Reply patched = ann.patch(
                "/api/watch-rules/" + created.id(),
                rule("a", "{\"max_price\":10.0}").put("is_active", true).putNull("poll_interval_seconds"));
        assertThat(patched.status()).isEqualTo(200);
        assertThat(patched.json().getString("updated_at"))
                .isEqualTo(created.json().getString("updated_at"));
        assertThat(ann.get("/api/events").list()).hasSize(1);
        gateway.allNumbered();
        assertThat(gateway.count(
                        "SELECT count(*) FROM watch_changes WHERE revision > $1 AND subject_id = $2",
                        revisions,
                        UUID.fromString(created.id())))
                .isZero();
    }

    @Test
    void disables_once_and_a_rule_that_rests_is_not_polled() {
        User ann = gateway.user();
        String path = "/api/watch-rules/"
                + ann.post("/api/watch-rules", rule("a", "{\"keywords\":[\"faust so far\"]}"))
                        .id();
        assertThat(ann.post(path + "/disable", new JsonObject()).json().getBoolean("is_active"))
                .isFalse();
        assertThat(ann.delete(path).json().getString("next_run_at")).isNull();
        assertThat(gateway.count("SELECT count(*) FROM polls WHERE canonical_key = 'EBAY_US|176985|far faust so'"))
                .isZero();
        JsonArray events = ann.get("/api/events").list();
        assertThat(events).hasSize(3);
        assertThat(events.getJsonObject(0).getString("type")).isEqualTo("RULE_DISABLED");

        assertThat(ann.patch(path, new JsonObject().put("is_active", true))
                        .json()
                        .getString("next_run_at"))
                .isNotNull();
        assertThat(ann.get("/api/events").list().getJsonObject(0).getString("type"))
                .isEqualTo("RULE_ENABLED");
    }

    @Test
    void deletes_for_good_and_the_event_still_says_which_rule() {
        User ann = gateway.user();
        String id = ann.post("/api/watch-rules", rule("Gone", "{\"keywords\":[\"x\"]}"))
                .id();
        Reply deleted = ann.delete("/api/watch-rules/" + id + "/hard");
        assertThat(deleted.status()).isEqualTo(204);
        assertThat(deleted.http().body()).isNull();
        JsonObject event = ann.get("/api/events").list().getJsonObject(0);
        assertThat(event.getString("type")).isEqualTo("RULE_DELETED");
        assertThat(event.getJsonObject("payload").getString("rule_id")).isEqualTo(id);
        Reply again = ann.delete("/api/watch-rules/" + id + "/hard");
        assertThat(again.status()).isEqualTo(404);
        assertThat(again.message()).isEqualTo("Watch rule not found");
    }

    @Test
    void a_new_rule_may_rest_from_the_start() {
        User ann = gateway.user();
        Reply created = ann.post(
                "/api/watch-rules", rule("a", "{\"keywords\":[\"rests\"]}").put("is_active", false));
        assertThat(created.json().getBoolean("is_active")).isFalse();
        assertThat(gateway.count("SELECT count(*) FROM polls WHERE canonical_key = 'EBAY_US|176985|rests'"))
                .isZero();
    }

    @Test
    void nobody_sees_or_touches_the_rule_of_another() {
        String path = "/api/watch-rules/"
                + gateway.user()
                        .post("/api/watch-rules", rule("a", "{\"keywords\":[\"x\"]}"))
                        .id();
        User bob = gateway.user();
        assertThat(bob.get(path).status()).isEqualTo(404);
        assertThat(bob.patch(path, new JsonObject().put("name", "b")).status()).isEqualTo(404);
        assertThat(bob.delete(path).status()).isEqualTo(404);
        assertThat(bob.delete(path + "/hard").status()).isEqualTo(404);
        assertThat(bob.get("/api/watch-rules").list()).isEmpty();
    }

    @Test
    void a_rule_has_at_most_a_hundred_terms_however_they_are_given() {
        User ann = gateway.user();
        var fifty =
                new JsonArray(IntStream.range(0, 50).mapToObj(i -> "word" + i).toList());
        String q = IntStream.range(0, 50).mapToObj(i -> "-not" + i).collect(Collectors.joining(" "));
        Reply created = ann.post(
                "/api/watch-rules",
                rule("a", new JsonObject().put("keywords", fifty).put("q", q).encode()));
        assertThat(created.status()).isEqualTo(201);

        Reply merged = ann.patch(
                "/api/watch-rules/" + created.id(),
                new JsonObject().put("query", new JsonObject().put("q", q + " -more")));
        assertThat(merged.status()).isEqualTo(400);
        assertThat(merged.message())
                .isEqualTo(
                        "query.keywords and query.q: there may be 100 keywords and excluded words, and here are 101");
        Reply search = ann.post("/api/search", new JsonObject().put("keywords", new JsonArray().add("x".repeat(201))));
        assertThat(search.status()).isEqualTo(422);
        assertThat(search.message()).isEqualTo("keywords: a keyword may have 200 characters, and one has 201");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"sources\":[]} | query.sources must be a non-empty list",
                "{\"sources\":null} | query.sources is required and must be a non-empty list",
                "{\"sources\":[7]} | query.sources entries must be strings",
                "{\"sources\":[\"amazon\"]} | Invalid provider source: amazon; give discogs or ebay",
                "{\"sources\":[\" \"]} | query.sources must contain at least one valid provider; give discogs or ebay",
                "{\"keywords\":\"x\"} | query.keywords must be a list when provided",
                "{\"keywords\":[1]} | query.keywords entries must be strings",
                "{\"keywords\":[\" \"]} | query.keywords must contain at least one non-empty keyword when provided",
                "{\"q\":1} | query.q must be a string when provided",
                "{\"q\":null} | query.q must be a string when provided",
                "{\"q\":\" \"} | query.q must be non-empty when provided",
                "{\"max_price\":\"7\"} | query.max_price must be a numeric value",
                "{\"max_price\":true} | query.max_price must be a numeric value",
                "{\"max_price\":-1} | query.max_price must be non-negative",
            })
    void refuses_a_bad_query_in_the_contracts_words(String query, String text) {
        Reply refused = gateway.user().post("/api/watch-rules", rule("a", query));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.error().getString("code")).isEqualTo("validation_error");
        assertThat(refused.violation().getJsonArray("loc"))
                .isEqualTo(new JsonArray().add("body").add("query"));
        assertThat(refused.violation().getString("msg")).isEqualTo("Value error, " + text);
    }

    @Test
    void reports_all_violations_together() {
        Reply refused = gateway.user()
                .post(
                        "/api/watch-rules",
                        new JsonObject()
                                .put("query", 5)
                                .put("poll_interval_seconds", 29.5)
                                .put("is_active", "maybe"));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.error().getJsonArray("details").stream().map(item -> ((JsonObject) item).getString("type")))
                .containsExactlyInAnyOrder("missing", "dict_type", "int_from_float", "bool_parsing");
        assertThat(gateway.user()
                        .post(
                                "/api/watch-rules",
                                new JsonObject().put("name", "").put("poll_interval_seconds", 29))
                        .error()
                        .getJsonArray("details")
                        .toString())
                .contains("String should have at least 1 character\"")
                .contains("Input should be greater than or equal to 30");
    }

    @Test
    void refuses_to_take_the_sources_away() {
        User ann = gateway.user();
        String path = "/api/watch-rules/"
                + ann.post("/api/watch-rules", rule("a", "{\"keywords\":[\"x\"]}"))
                        .id();
        Reply refused = ann.patch(path, new JsonObject("{\"query\":{\"sources\":null}}"));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.message()).isEqualTo("query.sources cannot be removed");
    }

    @Test
    void refuses_what_cannot_be_stored_and_what_is_no_json() {
        User ann = gateway.user();
        for (String body : new String[] {
            "{\"name\":\"a\\u0000b\"}",
            "{\"name\":\"a\",\"query\":{\"x\":1e999}}",
            "{\"name\":\"a\",\"query\":{\"max_price\":NaN}}",
            "{\"name\"",
            "[1]",
            "7",
            ""
        }) {
            Reply refused = TestNode.await(ann.sending(HttpMethod.POST, "/api/watch-rules", Buffer.buffer(body)));
            assertThat(refused.status()).as(body).isEqualTo(422);
            assertThat(refused.error().getString("code")).isEqualTo("validation_error");
        }
        Reply badId = ann.get("/api/watch-rules/7");
        assertThat(badId.status()).isEqualTo(422);
        assertThat(badId.violation().getJsonArray("loc"))
                .isEqualTo(new JsonArray().add("path").add("rule_id"));
    }

    @Test
    void pages_by_cursor_without_skipping_or_repeating() {
        User ann = gateway.user();
        for (int i = 0; i < 5; i++) {
            ann.post("/api/watch-rules", rule("r" + i, "{\"keywords\":[\"x\"]}"));
        }
        JsonArray first = ann.get("/api/watch-rules?limit=2").list();
        assertThat(first).hasSize(2);
        JsonObject last = first.getJsonObject(1);
        String cursor = new Cursor(
                        OffsetDateTime.parse(last.getString("created_at")), UUID.fromString(last.getString("id")))
                .encode();
        JsonArray rest =
                ann.get("/api/watch-rules?cursor=" + cursor.replace("=", "%3D")).list();
        assertThat(rest.stream().map(rule -> ((JsonObject) rule).getString("name")))
                .containsExactly("r2", "r1", "r0");
        assertThat(ann.get("/api/watch-rules?limit=2&offset=4").list()).hasSize(1);
        assertThat(ann.get("/api/watch-rules?offset=99").list()).isEmpty();
        assertThat(ann.get("/api/watch-rules?cursor=nonsense").message()).isEqualTo("invalid cursor");
        assertThat(ann.get("/api/watch-rules?offset=1&cursor=x").message())
                .isEqualTo("offset cannot be used with cursor");
        assertThat(ann.get("/api/watch-rules?limit=201").violation().getString("msg"))
                .isEqualTo("Input should be less than or equal to 200");
        assertThat(ann.get("/api/watch-rules?limit=").violation().getString("type"))
                .isEqualTo("int_parsing");
    }

    @Test
    void without_sources_a_rule_looks_at_the_enabled_marketplaces_and_no_other() {
        try (var partly = TestGateway.start(Map.of("EBAY_CLIENT_ID", "id", "EBAY_CLIENT_SECRET", "secret"))) {
            User ann = partly.user();
            assertThat(ann.post("/api/watch-rules", rule("a", "{\"keywords\":[\"x\"]}"))
                            .json()
                            .getJsonObject("query")
                            .getJsonArray("sources"))
                    .containsExactly("ebay");
            assertThat(ann.post("/api/watch-rules", rule("a", "{\"sources\":[\"discogs\"]}"))
                            .status())
                    .as("one that is named may be enabled later")
                    .isEqualTo(201);
        }
    }
}

package io.waxwatch.gateway.watchrules;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.gateway.pagination.Cursor;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import io.waxwatch.gateway.testing.TestGateway.User;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Matches, preview, explanation, and the listings that they speak of. */
@Tag("postgresql")
class RuleFindingsTest {

    private static final OffsetDateTime NOW = OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS);

    private TestGateway gateway;
    private User ann;

    @BeforeEach
    void start() {
        gateway = TestGateway.start(Map.of());
        ann = gateway.user();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private String rule(String query) {
        return ann.post(
                        "/api/watch-rules",
                        new JsonObject().put("name", "Trains").put("query", new JsonObject(query)))
                .id();
    }

    private UUID listing(String title, String price, String kind, String condition, OffsetDateTime seen) {
        UUID id = UUID.randomUUID();
        gateway.sql("""
                INSERT INTO listings (id, provider, external_id, url, title, price, price_kind, currency, condition, seller,
                    location, status, first_seen_at, last_seen_at)
                VALUES ($1, 'ebay', $2, 'https://www.ebay.com/itm/' || $2, $3, $4, $5, 'USD', $6, 'lp.hunter', 'US', 'active',
                    $7, $7)
                """, id, id.toString().substring(0, 8), title, new BigDecimal(price), kind, condition, seen);
        return id;
    }

    private UUID listing(String title, String price) {
        return listing(title, price, "fixed", "Used", NOW);
    }

    private UUID match(String ruleId, UUID listingId, OffsetDateTime at, String context) {
        UUID id = UUID.randomUUID();
        gateway.sql(
                "INSERT INTO watch_matches (id, rule_id, listing_id, matched_at, match_context) VALUES ($1, $2, $3, $4, $5)",
                id,
                UUID.fromString(ruleId),
                listingId,
                at,
                context == null ? null : new JsonObject(context));
        return id;
    }

    private static List<Object> field(JsonArray list, String name) {
        return list.stream().map(item -> ((JsonObject) item).getValue(name)).toList();
    }

    private static Map<String, String> outcomes(Reply explained) {
        return explained.json().getJsonArray("clauses").stream()
                .map(JsonObject.class::cast)
                .collect(Collectors.toMap(clause -> clause.getString("clause"), clause -> clause.getString("outcome")));
    }

    @Test
    void matches_are_listed_newest_first_with_the_listing_and_why() {
        String ruleId = rule("{\"keywords\":[\"blue train\"],\"max_price\":40}");
        UUID listingId = listing("John Coltrane - Blue Train", "31.50");
        UUID older = match(ruleId, listing("Blue Train II", "12"), NOW.minusDays(1), null);
        UUID newer = match(ruleId, listingId, NOW, """
                {"reason":"rule_filters_passed","trace":[
                 {"clause":"keyword","outcome":"pass","expected":"blue train","seen":"john coltrane blue train"},
                 {"clause":"max_price","outcome":"pass","expected":"40.00 USD","seen":"31.50 USD"}]}
                """);

        Reply reply = ann.get("/api/watch-rules/" + ruleId + "/matches");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(field(reply.list(), "id")).containsExactly(newer.toString(), older.toString());
        JsonObject first = reply.list().getJsonObject(0);
        assertThat(first.getString("rule_id")).isEqualTo(ruleId);
        assertThat(first.getString("listing_id")).isEqualTo(listingId.toString());
        assertThat(OffsetDateTime.parse(first.getString("matched_at"))).isEqualTo(NOW);
        assertThat(first.getJsonArray("why"))
                .containsExactly("title has \"blue train\"", "31.50 USD is at most 40.00 USD");
        assertThat(first.getJsonArray("clauses").getJsonObject(1))
                .isEqualTo(new JsonObject()
                        .put("clause", "max_price")
                        .put("outcome", "pass")
                        .put("expected", "40.00 USD")
                        .put("seen", "31.50 USD")
                        .put("sentence", "31.50 USD is at most 40.00 USD"));
        JsonObject listing = first.getJsonObject("listing");
        assertThat(listing.getString("title")).isEqualTo("John Coltrane - Blue Train");
        assertThat(listing.getDouble("price")).isEqualTo(31.5);
        assertThat(listing.getString("public_url")).isEqualTo("/api/outbound/ebay/" + listingId);
        assertThat(reply.list().getJsonObject(1).getJsonArray("why"))
                .as("an adopted match keeps no trace")
                .isEmpty();
    }

    @Test
    void matches_are_paged_like_every_list() {
        String ruleId = rule("{\"keywords\":[\"x\"]}");
        List<String> ids = IntStream.range(0, 5)
                .mapToObj(i -> match(ruleId, listing("x " + i, "1"), NOW.minusMinutes(i / 2), null)
                        .toString())
                .toList();

        JsonArray first =
                ann.get("/api/watch-rules/" + ruleId + "/matches?limit=2").list();
        JsonObject last = first.getJsonObject(1);
        String cursor = new Cursor(
                        OffsetDateTime.parse(last.getString("matched_at")), UUID.fromString(last.getString("id")))
                .encode();
        JsonArray rest = ann.get("/api/watch-rules/" + ruleId + "/matches?cursor="
                        + URLEncoder.encode(cursor, StandardCharsets.UTF_8))
                .list();

        assertThat(first).hasSize(2);
        assertThat(rest).hasSize(3);
        var all = new ArrayList<>(field(first, "id"));
        all.addAll(field(rest, "id"));
        assertThat(all).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(ann.get("/api/watch-rules/" + ruleId + "/matches?offset=4").list())
                .hasSize(1);
        assertThat(ann.get("/api/watch-rules/" + ruleId + "/matches?cursor=nonsense")
                        .message())
                .isEqualTo("invalid cursor");
    }

    @Test
    void a_rule_without_matches_has_an_empty_list_and_that_of_another_is_not_there() {
        String path = "/api/watch-rules/" + rule("{\"keywords\":[\"x\"]}");
        User bob = gateway.user();

        assertThat(ann.get(path + "/matches").list()).isEmpty();
        assertThat(bob.get(path + "/matches").status()).isEqualTo(404);
        assertThat(bob.get(path + "/matches").message()).isEqualTo("Watch rule not found");
        assertThat(bob.post(
                                path + "/explain",
                                new JsonObject()
                                        .put("listing_id", UUID.randomUUID().toString()))
                        .message())
                .isEqualTo("Watch rule not found");
    }

    @Test
    void a_listing_is_shown_with_its_prices_newest_first() {
        UUID id = listing("Blue Train", "31.50");
        gateway.sql("""
                INSERT INTO price_snapshots (id, listing_id, price, currency, recorded_at)
                SELECT gen_random_uuid(), $1, 40 - n, 'USD', $2::timestamptz + n * interval '1 hour'
                FROM generate_series(0, 2) AS n
                """, id, NOW.minusDays(1));

        Reply reply = ann.get("/api/listings/" + id);

        assertThat(reply.status()).isEqualTo(200);
        JsonObject json = reply.json();
        assertThat(json.fieldNames())
                .containsExactlyInAnyOrder(
                        "id",
                        "provider",
                        "external_id",
                        "title",
                        "url",
                        "public_url",
                        "price",
                        "price_kind",
                        "currency",
                        "condition",
                        "seller",
                        "location",
                        "discogs_release_id",
                        "discogs_master_id",
                        "status",
                        "first_seen_at",
                        "last_seen_at",
                        "price_history",
                        "price_history_complete");
        assertThat(json.getString("status")).isEqualTo("active");
        assertThat(field(json.getJsonArray("price_history"), "price")).containsExactly(38.0, 39.0, 40.0);
        assertThat(json.getBoolean("price_history_complete")).isTrue();
    }

    @Test
    void a_long_price_history_is_cut_and_says_so() {
        UUID id = listing("Blue Train", "31.50");
        gateway.sql("""
                INSERT INTO price_snapshots (id, listing_id, price, currency, recorded_at)
                SELECT gen_random_uuid(), $1, n, 'USD', $2::timestamptz + n * interval '1 minute'
                FROM generate_series(1, 201) AS n
                """, id, NOW.minusDays(1));

        JsonObject json = ann.get("/api/listings/" + id).json();

        assertThat(json.getJsonArray("price_history")).hasSize(200);
        assertThat(json.getJsonArray("price_history").getJsonObject(0).getDouble("price"))
                .isEqualTo(201.0);
        assertThat(json.getBoolean("price_history_complete")).isFalse();
    }

    @Test
    void a_listing_without_snapshots_has_no_history_and_an_unknown_one_is_404() {
        assertThat(ann.get("/api/listings/" + listing("x", "1")).json().getJsonArray("price_history"))
                .isEmpty();
        Reply missing = ann.get("/api/listings/" + UUID.randomUUID());
        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.message()).isEqualTo("listing not found");
        assertThat(ann.get("/api/listings/7").status()).isEqualTo(422);
    }

    @Test
    void explains_each_clause_with_what_was_asked_and_what_was_seen() {
        String ruleId = rule(
                "{\"keywords\":[\"blue train\"],\"q\":\"-reissue\",\"max_price\":40,\"min_condition\":\"VG+\",\"sources\":[\"ebay\"]}");
        UUID id = listing("John Coltrane - Blue Train REISSUE", "41.50", "fixed", "Used", NOW);

        Reply explained =
                ann.post("/api/watch-rules/" + ruleId + "/explain", new JsonObject().put("listing_id", "{" + id + "}"));

        assertThat(explained.status()).isEqualTo(200);
        assertThat(explained.json().getBoolean("matched")).isFalse();
        assertThat(explained.json().getBoolean("is_active")).isTrue();
        assertThat(explained.json().getString("listing_id")).isEqualTo(id.toString());
        assertThat(outcomes(explained))
                .isEqualTo(Map.of(
                        "source",
                        "pass",
                        "keyword",
                        "pass",
                        "excluded",
                        "fail",
                        "max_price",
                        "fail",
                        "min_condition",
                        "unknown"));
        assertThat(explained.json().getJsonArray("clauses").stream()
                        .map(JsonObject.class::cast)
                        .filter(clause -> clause.getString("clause").equals("max_price")))
                .containsExactly(new JsonObject()
                        .put("clause", "max_price")
                        .put("outcome", "fail")
                        .put("expected", "40.00 USD")
                        .put("seen", "41.50 USD")
                        .put("sentence", "41.50 USD is above 40.00 USD"));
    }

    @Test
    void explains_in_the_rules_currency_and_takes_no_bid_for_a_price() {
        String ruleId = rule("{\"keywords\":[\"blue train\"],\"max_price\":40,\"currency\":\"EUR\"}");
        String path = "/api/watch-rules/" + ruleId + "/explain";

        Reply inDollars = ann.post(
                path,
                new JsonObject().put("listing_id", listing("Blue Train", "10").toString()));
        Reply auction = ann.post(
                path,
                new JsonObject()
                        .put(
                                "listing_id",
                                listing("Blue Train", "10", "bid", null, NOW).toString()));

        assertThat(outcomes(inDollars)).containsEntry("max_price", "unknown");
        assertThat(outcomes(auction)).containsEntry("max_price", "unknown");
        assertThat(auction.json().getJsonObject("listing").getString("price_kind"))
                .isEqualTo("bid");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "{}; 422; listing_id: Field required",
                "{\"listing_id\":7}; 422; listing_id: Input should be a UUID in a string",
                "{\"listing_id\":\"7\"}; 422; listing_id: Input should be a valid UUID, it must be 32 hexadecimal digits, with or without hyphens",
                "{\"listing_id\":\"2d6b0a0f-9ca4-4094-b8d6-8294b446f3bd\"}; 404; listing not found",
            })
    void says_what_is_wrong_with_a_question_for_an_explanation(String body, int status, String message) {
        Reply refused =
                ann.post("/api/watch-rules/" + rule("{\"keywords\":[\"x\"]}") + "/explain", new JsonObject(body));
        assertThat(refused.status()).isEqualTo(status);
        assertThat(refused.message()).isEqualTo(message);
    }

    @Test
    void previews_what_a_rule_would_have_found_how_often_and_why() {
        listing("Blue Train 1", "10", "fixed", null, NOW.minusDays(2));
        listing("Blue Train 2", "10", "fixed", null, NOW.minusDays(1));
        listing("Blue Train too dear", "100", "fixed", null, NOW.minusHours(1));
        listing("Something else", "10", "fixed", null, NOW.minusHours(1));
        listing("Blue Train long ago", "10", "fixed", null, NOW.minusDays(8));
        JsonObject body = new JsonObject("{\"query\":{\"keywords\":[\"Blue Train\"],\"max_price\":40}}");

        Reply previewed = ann.post("/api/watch-rules/preview", body);

        assertThat(previewed.status()).isEqualTo(200);
        JsonObject json = previewed.json();
        assertThat(json.getInteger("matched")).isEqualTo(2);
        assertThat(json.getDouble("matches_per_day")).isBetween(0.99, 1.0);
        JsonObject looked = json.getJsonObject("looked");
        assertThat(looked.getInteger("listings")).isEqualTo(4);
        assertThat(looked.getBoolean("complete")).isTrue();
        assertThat(looked.getString("stopped_by")).isNull();
        assertThat(OffsetDateTime.parse(looked.getString("since"))).isBetween(NOW.minusDays(7), NOW.minusDays(6));
        JsonArray examples = json.getJsonArray("examples");
        assertThat(field(examples, "listing").stream().map(listing -> ((JsonObject) listing).getString("title")))
                .containsExactly("Blue Train 2", "Blue Train 1");
        assertThat(examples.getJsonObject(0).getJsonArray("why")).contains("title has \"blue train\"");
        assertThat(json.getJsonObject("query").getJsonArray("keywords")).containsExactly("blue train");
        assertThat(json.getJsonObject("upstream"))
                .isEqualTo(new JsonObject()
                        .put("effect", "one more query")
                        .put("query", "EBAY_US|176985|blue train")
                        .put("interval_seconds", 600)
                        .put("served_by", "query"));
        assertThat(ann.get("/api/watch-rules").list()).isEmpty();
        assertThat(gateway.count("SELECT count(*) FROM polls")).isZero();
    }

    @Test
    void a_preview_shows_five_examples_and_no_rate_out_of_too_little_time() {
        for (int i = 0; i < 7; i++) {
            listing("Blue Train " + i, "10", "fixed", null, NOW.minusMinutes(i));
        }

        JsonObject json = ann.post(
                        "/api/watch-rules/preview", new JsonObject("{\"query\":{\"keywords\":[\"blue train\"]}}"))
                .json();

        assertThat(json.getInteger("matched")).isEqualTo(7);
        assertThat(json.getJsonArray("examples")).hasSize(5);
        assertThat(json.containsKey("matches_per_day")).isTrue();
        assertThat(json.getValue("matches_per_day")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            nullValues = "null",
            value = {
                "{\"query\":{\"keywords\":[\"train\",\"Blue\"]},\"poll_interval_seconds\":60}; shares an existing query; 60",
                "{\"query\":{\"keywords\":[\"blue train\"]},\"poll_interval_seconds\":3600}; shares an existing query; 600",
                "{\"query\":{\"keywords\":[\"green train\"]}}; one more query; 600",
                "{\"query\":{\"keywords\":[\"blue train\"],\"sources\":[\"discogs\"]}}; no query; null",
                "{\"query\":{\"keywords\":[\"blue train\"]},\"is_active\":false}; no query; null",
                "{}; no query; null",
            })
    void a_preview_says_what_the_rule_would_add_upstream(String body, String effect, Integer interval) {
        rule("{\"keywords\":[\"blue train\"]}");

        JsonObject upstream = ann.post("/api/watch-rules/preview", new JsonObject(body))
                .json()
                .getJsonObject("upstream");

        assertThat(upstream.getString("effect")).isEqualTo(effect);
        assertThat(upstream.getInteger("interval_seconds")).isEqualTo(interval);
    }

    @Test
    void a_preview_refuses_what_a_rule_would_be_refused_for() {
        Reply refused = ann.post(
                "/api/watch-rules/preview",
                new JsonObject("{\"query\":{\"max_price\":-1},\"poll_interval_seconds\":1}"));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.message())
                .isEqualTo(
                        "query.max_price must be non-negative; poll_interval_seconds: Input should be greater than or equal to 30");
    }
}

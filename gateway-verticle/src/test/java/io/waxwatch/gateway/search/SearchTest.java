package io.waxwatch.gateway.search;

import static io.waxwatch.gateway.testing.FakeMarket.answering;
import static io.waxwatch.gateway.testing.FakeMarket.offer;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.bus.BusMessage.SearchAnswered;
import io.waxwatch.common.bus.SearchHit;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.testing.FakeMarket;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import io.waxwatch.gateway.testing.TestGateway.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchTest {

    private TestGateway gateway;
    private FakeMarket ebay;
    private FakeMarket discogs;

    @BeforeEach
    void start() {
        start(Map.of());
    }

    private void start(Map<String, String> settings) {
        gateway = TestGateway.start(settings);
        ebay = new FakeMarket(gateway.node().bus(), "ebay");
        discogs = new FakeMarket(gateway.node().bus(), "discogs");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private void restart(Map<String, String> settings) {
        gateway.close();
        start(settings);
    }

    private static JsonObject keywords(String... keywords) {
        return new JsonObject().put("keywords", new JsonArray(List.of((Object[]) keywords)));
    }

    private static List<String> ids(Reply reply) {
        return reply.json().getJsonArray("items").stream()
                .map(item -> ((JsonObject) item).getString("id"))
                .toList();
    }

    private UUID storedListing(String externalId) {
        UUID id = UUID.randomUUID();
        gateway.sql("""
                INSERT INTO listings (id, provider, external_id, url, title, price, currency, status, first_seen_at, last_seen_at)
                VALUES ($1, 'ebay', $2, 'https://www.ebay.com/itm/7', 'x', 7, 'USD', 'active', now(), now())
                """, id, externalId);
        return id;
    }

    @Test
    void merges_what_all_marketplaces_found_cheapest_first_and_records_that_are_not_for_sale_last() {
        UUID stored = storedListing("7");
        ebay.answers(offer("9", "Blue Train LP", "30.00", "Used"), offer("7", "Blue Train VG+", "12.5", "Used"));
        discogs.answers(FakeMarket.record(4, "Coltrane - Blue Train"));

        Reply found = gateway.user().post("/api/search", keywords("Coltrane ", "Blue Train"));

        assertThat(found.status()).isEqualTo(200);
        assertThat(found.json().fieldNames())
                .containsExactlyInAnyOrder("items", "pagination", "providers_searched", "provider_errors");
        assertThat(ids(found)).containsExactly("ebay:7", "ebay:9", "discogs:4");
        JsonArray items = found.json().getJsonArray("items");
        assertThat(items.getJsonObject(0))
                .isEqualTo(new JsonObject()
                        .put("id", "ebay:7")
                        .put("listing_id", stored.toString())
                        .put("provider", "ebay")
                        .put("external_id", "7")
                        .put("kind", "listing")
                        .put("title", "Blue Train VG+")
                        .put("url", "https://www.ebay.com/itm/7")
                        .put("price", 12.5)
                        .put("currency", "USD")
                        .put("condition", "Used")
                        .put("seller", "seller-7")
                        .put("location", "US")
                        .putNull("discogs_release_id")
                        .put("public_url", "/api/outbound/ebay/" + stored));
        assertThat(items.getJsonObject(1).getString("public_url")).isEqualTo("https://www.ebay.com/itm/9");
        assertThat(items.getJsonObject(1).getString("listing_id")).isNull();
        assertThat(items.getJsonObject(2).getString("kind")).isEqualTo("catalogue_entry");
        assertThat(items.getJsonObject(2).getDouble("price")).isZero();
        assertThat(items.getJsonObject(2).getLong("discogs_release_id")).isEqualTo(4);
        assertThat(found.json().getJsonObject("pagination"))
                .isEqualTo(new JsonObject()
                        .put("page", 1)
                        .put("page_size", 24)
                        .put("total", 3)
                        .put("returned", 3)
                        .put("total_pages", 1)
                        .put("has_next", false)
                        .put("complete", true));
        assertThat(found.json().getJsonArray("providers_searched"))
                .isEqualTo(new JsonArray().add("discogs").add("ebay"));
        assertThat(found.json().getJsonObject("provider_errors")).isEmpty();
    }

    @Test
    void asks_in_the_callers_name_for_the_words_as_written() {
        User ann = gateway.user();

        ann.post("/api/search", keywords(" Björk ", "", "Début"));

        assertThat(ebay.asked).hasSize(1);
        assertThat(ebay.asked.get(0).words()).isEqualTo("Björk Début");
        assertThat(ebay.asked.get(0).userId()).isEqualTo(ann.id);
        assertThat(ebay.asked.get(0).requestId()).isNotBlank();
    }

    @Test
    void one_marketplace_that_fails_is_named_beside_what_the_others_found() {
        ebay.answers(question -> Future.failedFuture(new Failure(FailureKind.UNAVAILABLE, "eBay error 503")));
        discogs.answers(FakeMarket.record(4, "Blue Train"));

        Reply found = gateway.user().post("/api/search", keywords("blue train"));

        assertThat(found.status()).isEqualTo(200);
        assertThat(ids(found)).containsExactly("discogs:4");
        assertThat(found.json().getJsonObject("provider_errors"))
                .isEqualTo(new JsonObject().put("ebay", "eBay error 503"));
        assertThat(found.json().getJsonArray("providers_searched")).hasSize(2);
        assertThat(found.json().getJsonObject("pagination").getBoolean("complete"))
                .isFalse();
    }

    @Test
    void when_all_fail_the_answer_names_each() {
        ebay.answers(question -> {
            throw new IllegalStateException("secret detail");
        });
        discogs.close();

        Reply found = gateway.user().post("/api/search", keywords("blue train"));

        assertThat(found.status()).isEqualTo(200);
        assertThat(found.json().getJsonArray("items")).isEmpty();
        assertThat(found.json().getJsonObject("provider_errors"))
                .isEqualTo(new JsonObject()
                        .put("discogs", "Discogs: nobody serves this request right now")
                        .put("ebay", "eBay: internal error"));
    }

    @Test
    void a_marketplace_that_stays_silent_is_given_up_at_the_deadline() {
        restart(Map.of("SEARCH_PROVIDER_TIMEOUT_SECONDS", "1"));
        ebay.answers(question -> Promise.<SearchAnswered>promise().future());
        discogs.answers(FakeMarket.record(4, "Blue Train"));

        Reply found = gateway.user().post("/api/search", keywords("blue train"));

        assertThat(ids(found)).containsExactly("discogs:4");
        assertThat(found.json().getJsonObject("provider_errors").getString("ebay"))
                .isEqualTo("eBay: no answer in time");
    }

    @Test
    void filters_by_price_and_by_a_grade_that_is_known() {
        ebay.answers(
                offer("1", "Blue Train", "10", "Very Good Plus (VG+)"),
                offer("2", "Blue Train NM/VG+", "20", "Used"),
                offer("3", "Blue Train", "20", "Used"),
                offer("4", "Blue Train", "20", "Good (G)"),
                offer("5", "Blue Train", "90", "Mint (M)"));
        discogs.answers(FakeMarket.record(4, "Blue Train"));
        JsonObject query = keywords("blue train").put("min_condition", "VG+");

        assertThat(ids(gateway.user().post("/api/search", query.copy()))).containsExactly("ebay:1", "ebay:2", "ebay:5");
        assertThat(ids(gateway.user()
                        .post(
                                "/api/search",
                                query.copy().put("min_price", 10.01).put("max_price", "20"))))
                .containsExactly("ebay:2");
    }

    @Test
    void pages_over_one_result_that_costs_one_call() {
        SearchHit[] hits = IntStream.range(0, 7)
                .mapToObj(i -> offer("id" + i, "Blue Train", (10 + i) + ".00", null))
                .toArray(SearchHit[]::new);
        ebay.answers(
                question -> answering(true, hits[0], hits[1], hits[2], hits[3], hits[4], hits[5], hits[6], hits[2]));
        User ann = gateway.user();
        JsonObject query = keywords("blue train")
                .put("providers", new JsonArray().add(" EBAY ").add("ebay"))
                .put("page_size", 3);

        Reply second = ann.post("/api/search", query.copy().put("page", 2));
        Reply third = ann.post("/api/search", query.copy().put("page", 3));
        Reply beyond = ann.post("/api/search", query.copy().put("page", 1_000_000_000));

        assertThat(ids(second)).containsExactly("ebay:id3", "ebay:id4", "ebay:id5");
        assertThat(second.json().getJsonObject("pagination"))
                .isEqualTo(new JsonObject()
                        .put("page", 2)
                        .put("page_size", 3)
                        .put("total", 7)
                        .put("returned", 3)
                        .put("total_pages", 3)
                        .put("has_next", true)
                        .put("complete", false));
        assertThat(ids(third)).containsExactly("ebay:id6");
        assertThat(third.json().getJsonObject("pagination").getBoolean("has_next"))
                .isFalse();
        assertThat(ids(beyond)).isEmpty();
        assertThat(beyond.json().getJsonObject("pagination").getInteger("total_pages"))
                .isEqualTo(3);
        assertThat(ebay.asked).hasSize(1);
        assertThat(discogs.asked).isEmpty();
        assertThat(second.json().getJsonArray("providers_searched")).containsExactly("ebay");
    }

    @Test
    void a_failure_is_not_kept() {
        ebay.answers(question -> Future.failedFuture(new Failure(FailureKind.UNAVAILABLE, "eBay error 503")));
        gateway.user().post("/api/search", keywords("blue train"));
        ebay.answers(offer("1", "Blue Train", "10", null));

        assertThat(ids(gateway.user().post("/api/search", keywords("blue train"))))
                .containsExactly("ebay:1");
    }

    @Test
    void more_at_once_than_there_is_room_for_is_503_and_room_comes_back() {
        restart(Map.of("SEARCH_MAX_IN_FLIGHT", "3", "SEARCH_MAX_IN_FLIGHT_PER_USER", "2"));
        Promise<SearchAnswered> later = Promise.promise();
        ebay.answers(question -> later.future());
        User ann = gateway.user();
        User bob = gateway.user();
        List<Future<Reply>> running = new ArrayList<>();
        running.add(ann.sending(HttpMethod.POST, "/api/search", keywords("a").toBuffer()));
        running.add(ann.sending(HttpMethod.POST, "/api/search", keywords("b").toBuffer()));
        TestNode.eventually("both are asked", 30_000, () -> ebay.asked.size() == 2);

        Reply herThird = ann.post("/api/search", keywords("c"));
        running.add(bob.sending(HttpMethod.POST, "/api/search", keywords("d").toBuffer()));
        TestNode.eventually("bob's is asked", 30_000, () -> ebay.asked.size() == 3);
        Reply tooMany = gateway.user().post("/api/search", keywords("e"));

        assertThat(herThird.status()).isEqualTo(503);
        assertThat(herThird.header("retry-after")).isEqualTo("2");
        assertThat(herThird.message())
                .isEqualTo("too many of your searches are running, please retry when one has ended");
        assertThat(tooMany.status()).isEqualTo(503);
        assertThat(tooMany.header("retry-after")).isEqualTo("2");
        assertThat(tooMany.message()).isEqualTo("too many searches are running, please retry shortly");
        later.complete(new SearchAnswered(List.of(), false));
        running.forEach(reply -> assertThat(TestNode.await(reply).status()).isEqualTo(200));
        assertThat(ann.post("/api/search", keywords("c")).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"keywords\":\"x\"} | body.keywords | list_type | Input should be a valid list",
                "{\"keywords\":null} | body.keywords | list_type | Input should be a valid list",
                "{\"keywords\":[\"x\",7]} | body.keywords.1 | string_type | Input should be a valid string",
                "{\"providers\":[\"amazon\"]} | body.providers | value_error | Value error, Invalid provider: amazon; give discogs or ebay",
                "{\"providers\":[\" Spotify\"]} | body.providers | value_error | Value error, Unsupported provider: spotify; give discogs or ebay",
                "{\"providers\":[\"mock\"]} | body.providers | value_error | Value error, Unsupported provider: mock; give discogs or ebay",
                "{\"providers\":[\" \"]} | body.providers | value_error | Value error, providers must contain at least one valid provider; give discogs or ebay",
                "{\"providers\":[]} | body.providers | value_error | Value error, providers must contain at least one valid provider; give discogs or ebay",
                "{\"min_price\":-1} | body.min_price | greater_than_equal | Input should be greater than or equal to 0",
                "{\"min_price\":2,\"max_price\":1} | body | value_error | Value error, max_price must be greater than or equal to min_price",
                "{\"min_condition\":\"\"} | body.min_condition | string_too_short | String should have at least 1 character",
                "{\"page\":0} | body.page | greater_than_equal | Input should be greater than or equal to 1",
                "{\"page_size\":101} | body.page_size | less_than_equal | Input should be less than or equal to 100",
            })
    void refuses_a_bad_search_in_the_contracts_words(String body, String loc, String type, String message) {
        Reply refused = gateway.user().post("/api/search", new JsonObject(body));

        assertThat(refused.status()).isEqualTo(422);
        JsonObject violation = refused.violation();
        assertThat(violation.getJsonArray("loc").stream().map(String::valueOf)).containsExactly(loc.split("\\."));
        assertThat(violation.getString("type")).isEqualTo(type);
        assertThat(violation.getString("msg")).isEqualTo(message);
        assertThat(ebay.asked).isEmpty();
    }

    @Test
    void a_marketplace_without_credentials_is_not_searched_unless_named_and_then_refused() {
        restart(Map.of("EBAY_CLIENT_ID", "id", "EBAY_CLIENT_SECRET", "secret"));

        Reply found = gateway.user().post("/api/search", keywords("x"));
        Reply refused =
                gateway.user().post("/api/search", keywords("x").put("providers", new JsonArray().add("discogs")));

        assertThat(found.json().getJsonArray("providers_searched")).containsExactly("ebay");
        assertThat(refused.violation().getString("msg"))
                .isEqualTo("Value error, Unsupported provider: discogs; give ebay");
    }

    @Test
    void wants_a_token_and_a_body() {
        assertThat(gateway.anonymous(HttpMethod.POST, "/api/search").status()).isEqualTo(401);
        assertThat(gateway.user().post("/api/search", null).status()).isEqualTo(422);
        assertThat(gateway.user().post("/api/search", new JsonObject()).status())
                .isEqualTo(200);
    }

    @Test
    void a_search_becomes_a_rule_by_the_same_path_as_any_rule() {
        User ann = gateway.user();
        JsonObject query = keywords(" Blue Train ", "")
                .put("max_price", 40)
                .put("min_condition", "VG+")
                .put("providers", new JsonArray().add("ebay"))
                .put("page", 3);

        Reply saved = ann.post(
                "/api/search/save-alert", new JsonObject().put("name", "Trains").put("query", query));

        assertThat(saved.status()).isEqualTo(200);
        assertThat(saved.json().getString("name")).isEqualTo("Trains");
        assertThat(saved.json().getBoolean("is_active")).isTrue();
        assertThat(saved.json().getInteger("poll_interval_seconds")).isEqualTo(600);
        assertThat(saved.json().getJsonObject("query"))
                .isEqualTo(new JsonObject("{\"keywords\":[\"blue train\"],\"sources\":[\"ebay\"],\"min_price\":null,"
                        + "\"max_price\":40.0,\"min_condition\":\"VG+\",\"currency\":\"USD\"}"));
        UUID id = UUID.fromString(saved.id());
        assertThat(ann.get("/api/watch-rules/" + id).json()).isEqualTo(saved.json());
        assertThat(ann.get("/api/events").list().getJsonObject(0).getString("type"))
                .isEqualTo("RULE_CREATED");
        assertThat(gateway.count("SELECT count(*) FROM poll_rules WHERE rule_id = $1", id))
                .isEqualTo(1);
        gateway.allNumbered();
        assertThat(gateway.count("SELECT count(*) FROM first_looks WHERE subject_id = $1", id))
                .isEqualTo(1);
        assertThat(ebay.asked).isEmpty();
    }

    @Test
    void a_saved_search_without_marketplaces_watches_the_enabled_ones() {
        restart(Map.of("EBAY_CLIENT_ID", "id", "EBAY_CLIENT_SECRET", "secret"));

        Reply saved = gateway.user()
                .post(
                        "/api/search/save-alert",
                        new JsonObject()
                                .put("name", "a")
                                .put("query", keywords("x"))
                                .put("poll_interval_seconds", "60"));

        assertThat(saved.json().getJsonObject("query").getJsonArray("sources")).containsExactly("ebay");
        assertThat(saved.json().getInteger("poll_interval_seconds")).isEqualTo(60);
    }

    @Test
    void a_bad_search_is_not_saved_and_all_its_faults_are_told() {
        User ann = gateway.user();

        Reply refused = ann.post(
                "/api/search/save-alert",
                new JsonObject()
                        .put("poll_interval_seconds", 29)
                        .put(
                                "query",
                                new JsonObject()
                                        .put("page", 0)
                                        .put("min_price", 2)
                                        .put("max_price", 1)));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.error().getJsonArray("details").stream()
                        .map(item -> ((JsonObject) item).getJsonArray("loc").encode()))
                .containsExactlyInAnyOrder(
                        "[\"body\",\"name\"]",
                        "[\"body\",\"poll_interval_seconds\"]",
                        "[\"body\",\"query\",\"page\"]",
                        "[\"body\",\"query\"]");
        assertThat(ann.get("/api/watch-rules").list()).isEmpty();
    }
}

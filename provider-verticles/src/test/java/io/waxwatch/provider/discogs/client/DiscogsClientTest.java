package io.waxwatch.provider.discogs.client;

import static io.waxwatch.common.testing.ScriptedServer.answer;
import static io.waxwatch.common.testing.ScriptedServer.json;
import static io.waxwatch.provider.http.Outbound.failureOf;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.waxwatch.common.testing.ScriptedServer;
import io.waxwatch.provider.discogs.client.DiscogsBodies.InventoryPage;
import io.waxwatch.provider.discogs.client.DiscogsBodies.Offer;
import io.waxwatch.provider.http.CallLane;
import io.waxwatch.provider.http.CallOrigin;
import io.waxwatch.provider.http.CallPurpose;
import io.waxwatch.provider.http.Outbound;
import io.waxwatch.provider.http.Outbound.Asked;
import io.waxwatch.provider.http.Outbound.Recorded;
import io.waxwatch.provider.http.OutboundMetrics;
import io.waxwatch.provider.http.ProviderFailure;
import io.waxwatch.provider.http.ProviderFailure.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiscogsClientTest {

    private static final String STATS = "/marketplace/stats/42";
    private static final String SEARCH = "/database/search";

    private final Recorded recorded = new Recorded();
    private final CallOrigin somebody =
            new CallOrigin(CallPurpose.of(CallLane.INTERACTIVE, UUID.randomUUID()), recorded);
    private final Asked quota = new Asked();
    private Vertx vertx;
    private ScriptedServer server;
    private DiscogsClient client;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        server = new ScriptedServer(vertx);
        client = new DiscogsClient(
                vertx,
                new DiscogsOptions(
                        Outbound.fast("discogs", server.baseUri()).build(),
                        "WaxWatch/1.0 +https://example.org",
                        "t0ken"),
                quota,
                OutboundMetrics.none(),
                recorded,
                Clock.systemUTC(),
                new SplittableRandom(1));
    }

    @AfterEach
    void stop() throws Exception {
        client.close().await(5, SECONDS);
        vertx.close().await(10, SECONDS);
    }

    @Test
    void each_call_asks_the_quota_in_its_lane() throws Exception {
        server.on(STATS, json(200, "{\"num_for_sale\":0,\"lowest_price\":null,\"blocked_from_sale\":false}"));
        server.on(
                SEARCH,
                json(200, "{\"pagination\":{\"page\":1,\"pages\":1,\"per_page\":100,\"items\":0},\"results\":[]}"));

        client.floor(42, "EUR").await(5, SECONDS);
        client.searchReleases("a", somebody).await(5, SECONDS);

        assertThat(quota.purposes).containsExactly(CallPurpose.everybody(CallLane.DUE), somebody.purpose());
    }

    @Test
    void reads_the_floor_of_a_release_in_the_currency_of_the_answer() throws Exception {
        server.on(
                STATS,
                json(
                        200,
                        "{\"num_for_sale\":4,\"lowest_price\":{\"value\":14.875000000000002,\"currency\":\"USD\"}}",
                        "X-Discogs-Ratelimit",
                        "60",
                        "x-discogs-ratelimit-remaining",
                        "58"));

        ReleaseFloor floor = client.floor(42, "EUR").await(5, SECONDS);

        assertThat(floor.price().orElseThrow()).isEqualTo("14.88");
        assertThat(floor.currency()).isEqualTo("USD");
        assertThat(floor.numForSale()).isEqualTo(4);
        assertThat(floor.blocked()).isFalse();
        ScriptedServer.Seen sent = server.seen(STATS).get(0);
        assertThat(sent.uri()).endsWith("?curr_abbr=EUR");
        assertThat(sent.headers())
                .containsEntry("user-agent", "WaxWatch/1.0 +https://example.org")
                .containsEntry("accept", "application/vnd.discogs.v2.discogs+json")
                .containsEntry("authorization", "Discogs token=t0ken");
        assertThat(recorded.calls.get(0).meta())
                .containsEntry("rate_limit", 60)
                .containsEntry("rate_limit_remaining", 58)
                .containsEntry("headers", Map.of("X-Discogs-Ratelimit", "60", "X-Discogs-Ratelimit-Remaining", "58"));
        assertThat(recorded.calls.toString()).doesNotContain("t0ken");
    }

    @Test
    void none_for_sale_is_a_state_and_not_a_price_of_zero() throws Exception {
        server.on(STATS, json(200, "{\"num_for_sale\":null,\"lowest_price\":null,\"blocked_from_sale\":true}"));

        ReleaseFloor floor = client.floor(42, "EUR").await(5, SECONDS);

        assertThat(floor.price()).isEmpty();
        assertThat(floor.currency()).isEqualTo("EUR");
        assertThat(floor.numForSale()).isZero();
        assertThat(floor.blocked()).isTrue();
    }

    @Test
    void an_unknown_release_is_refused_by_name() {
        server.on(STATS, json(404, "{\"message\":\"Release not found.\"}"));

        ProviderFailure failure = failureOf(client.floor(42, "EUR"));

        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.publicText()).isEqualTo("unknown release");
        assertThat(recorded.calls.get(0).error()).isEqualTo("Discogs error 404");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"message\":\"hello\"}",
                "{\"num_for_sale\":1,\"lowest_price\":12.5}",
                "{\"num_for_sale\":1,\"lowest_price\":{\"value\":\"x\",\"currency\":\"EUR\"}}",
                "{\"num_for_sale\":\"a few\",\"lowest_price\":null}"
            })
    void another_shape_is_a_failure_and_never_none_for_sale(String body) {
        server.on(STATS, json(200, body));
        assertThat(failureOf(client.floor(42, "EUR")).kind()).isEqualTo(Kind.INVALID_BODY);
    }

    @Test
    void the_403_page_of_a_bot_filter_is_a_refusal() {
        server.on(STATS, answer(403, "text/html", "<html>Just a moment...</html>"));
        assertThat(failureOf(client.floor(42, "EUR")).kind()).isEqualTo(Kind.REJECTED);
    }

    @Test
    void a_429_hands_on_the_pause() {
        server.on(STATS, json(429, "{\"message\":\"You are making requests too quickly.\"}", "Retry-After", "60"));

        ProviderFailure failure = failureOf(client.floor(42, "EUR"));

        assertThat(failure.kind()).isEqualTo(Kind.RATE_LIMITED);
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(60));
        assertThat(recorded.calls.get(0).meta()).containsEntry("retry_after_seconds", 60.0);
    }

    @Test
    void reads_the_newest_offers_of_a_seller() throws Exception {
        String path = "/users/a%20b/inventory";
        server.on(
                path,
                json(
                        200,
                        "{\"pagination\":{\"page\":1,\"pages\":300,\"items\":30000,\"urls\":{\"next\":\"https://api.discogs.com/x?page=2\"}},"
                                + "\"listings\":[{\"id\":4350000000,\"status\":\"For Sale\",\"condition\":\"Mint (M)\",\"ships_from\":\"Japan\","
                                + "\"posted\":\"2026-02-01T10:00:00-08:00\",\"price\":{\"value\":2500.4,\"currency\":\"JPY\"},"
                                + "\"original_price\":{\"value\":15.5,\"curr_abbr\":\"EUR\"},\"shipping_price\":{},\"allow_offers\":true,"
                                + "\"seller\":{\"username\":\"a b\"},\"release\":{\"id\":7,\"master_id\":null,\"description\":\"A - B (LP)\"}}]}"));

        InventoryPage page = client.inventory("a b", 1).await(5, SECONDS);

        assertThat(server.seen(path).get(0).uri())
                .endsWith("?status=For%20Sale&sort=listed&sort_order=desc&per_page=100&page=1");
        assertThat(page.pagination().next()).isPresent();
        Offer offer = page.offers().get(0);
        assertThat(offer.listing().externalId()).isEqualTo("4350000000");
        assertThat(offer.listing().url()).isEqualTo("https://www.discogs.com/sell/item/4350000000");
        assertThat(offer.listing().price()).isEqualTo("2500");
        assertThat(offer.listing().originalPrice()).isEqualTo("15.50");
        assertThat(offer.listing().originalCurrency()).isEqualTo("EUR");
        assertThat(offer.listing().shippingCost()).isNull();
        assertThat(offer.listing().discogsReleaseId()).isEqualTo(7);
        assertThat(offer.listing().discogsMasterId()).isNull();
        assertThat(offer.listing().listedAt()).isEqualTo(Instant.parse("2026-02-01T18:00:00Z"));
        assertThat(offer.listing().buyingOptions()).containsExactly("FIXED_PRICE", "BEST_OFFER");
    }

    @Test
    void searches_the_catalogue_and_cuts_endless_words_at_a_blank() throws Exception {
        server.on(
                SEARCH,
                json(
                        200,
                        "{\"pagination\":{\"page\":1,\"pages\":1,\"urls\":{}},\"results\":["
                                + "{\"id\":7,\"type\":\"release\",\"title\":\"Can - Tago Mago\"}]}"));

        var page = client.searchReleases(" tago mago " + "word ".repeat(100), somebody)
                .await(5, SECONDS);

        assertThat(page.rows())
                .singleElement()
                .satisfies(row -> assertThat(row.title()).isEqualTo("Can - Tago Mago"));
        String uri = server.seen(SEARCH).get(0).uri();
        assertThat(uri).contains("q=tago%20mago%20word%20").endsWith("%20word&type=release&per_page=100");
        assertThat(uri.length()).isLessThan(400);
    }

    @Test
    void a_search_that_discogs_cannot_digest_is_not_repeated_and_keeps_nothing_else_from_it() throws Exception {
        server.on(SEARCH, json(500, "{\"message\":\"Query time exceeded. Please try a simpler query.\"}"));
        server.on(STATS, json(200, "{\"num_for_sale\":0,\"lowest_price\":null}"));

        // More than open the breaker.
        for (int i = 0; i < 60; i++) {
            ProviderFailure failure = failureOf(client.searchReleases("a", somebody));
            assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
            assertThat(failure).hasMessage("Discogs error 500");
        }

        assertThat(server.seen(SEARCH)).hasSize(60);
        assertThat(client.floor(42, "EUR").await(5, SECONDS).numForSale()).isZero();
    }
}

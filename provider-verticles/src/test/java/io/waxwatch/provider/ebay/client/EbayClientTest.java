package io.waxwatch.provider.ebay.client;

import static io.waxwatch.common.testing.ScriptedServer.answer;
import static io.waxwatch.common.testing.ScriptedServer.json;
import static io.waxwatch.provider.http.Outbound.failureOf;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.waxwatch.common.testing.ScriptedServer;
import io.waxwatch.provider.ebay.client.EbaySearch.PriceRange;
import io.waxwatch.provider.http.CallLane;
import io.waxwatch.provider.http.CallOrigin;
import io.waxwatch.provider.http.CallPurpose;
import io.waxwatch.provider.http.MarketListing;
import io.waxwatch.provider.http.Outbound;
import io.waxwatch.provider.http.Outbound.Asked;
import io.waxwatch.provider.http.Outbound.Recorded;
import io.waxwatch.provider.http.OutboundMetrics;
import io.waxwatch.provider.http.OutboundOptions;
import io.waxwatch.provider.http.ProviderCall;
import io.waxwatch.provider.http.ProviderFailure;
import io.waxwatch.provider.http.ProviderFailure.Kind;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EbayClientTest {

    private static final String TOKEN = "/identity/v1/oauth2/token";
    private static final String SEARCH = EbayClient.SEARCH_PATH;
    private static final String EMPTY = "{\"total\":0,\"limit\":200,\"offset\":0}";
    private static final String EXPIRED =
            "{\"errors\":[{\"errorId\":1001,\"domain\":\"OAuth\",\"message\":\"Invalid access token\"}]}";

    private final Recorded recorded = new Recorded();
    private final TurnableClock clock = new TurnableClock();
    private final Asked quota = new Asked();
    private Vertx vertx;
    private ScriptedServer server;
    private EbayClient client;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        server = new ScriptedServer(vertx);
        server.on(TOKEN, token("t1"), token("t2"), token("t3"));
        server.on(SEARCH, json(200, EMPTY));
        client = client("id", "s3cr3t", null);
    }

    @AfterEach
    void stop() throws Exception {
        client.close().await(5, SECONDS);
        vertx.close().await(10, SECONDS);
    }

    @Test
    void each_search_asks_the_quota_in_its_lane_and_tokens_ask_another() throws Exception {
        CallPurpose somebody = CallPurpose.of(CallLane.INTERACTIVE, UUID.randomUUID());

        search();
        client.search(EbaySearch.words("b"), new CallOrigin(somebody, recorded)).await(5, SECONDS);

        assertThat(quota.purposes).containsExactly(CallPurpose.everybody(CallLane.DUE), somebody);
        assertThat(quota.answers).hasSize(2);
        assertThat(server.seen(TOKEN)).hasSize(1);
    }

    @Test
    void a_429_for_a_token_holds_tokens_and_no_search() throws Exception {
        server.on(TOKEN, json(429, "{}", "Retry-After", "60"));

        assertThat(failureOf(client.search(EbaySearch.words("a"))).publicText()).isEqualTo("eBay auth error 429");
        assertThat(failureOf(client.search(EbaySearch.words("a"))).publicText())
                .isEqualTo("eBay auth asked to be left alone for a while");

        assertThat(server.seen(TOKEN)).hasSize(1);
        assertThat(quota.answers).isEmpty();
    }

    @Test
    void many_searches_at_once_ask_for_one_token() throws Exception {
        List<Future<EbayPage>> searches = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            searches.add(client.search(EbaySearch.words("primus " + i)));
        }
        Future.all(searches).await(10, SECONDS);

        assertThat(server.seen(TOKEN)).hasSize(1);
        assertThat(server.seen(SEARCH)).hasSize(20);
        ScriptedServer.Seen asked = server.seen(TOKEN).get(0);
        assertThat(asked.headers()).containsEntry("authorization", "Basic aWQ6czNjcjN0");
        assertThat(asked.body())
                .isEqualTo("grant_type=client_credentials&scope=https%3A%2F%2Fapi.ebay.com%2Foauth%2Fapi_scope");
    }

    @Test
    void each_asker_is_answered_on_its_own_event_loop() throws Exception {
        List<Future<Boolean>> same = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            var context = ((io.vertx.core.internal.VertxInternal) vertx).createEventLoopContext();
            io.vertx.core.Promise<Boolean> promise = io.vertx.core.Promise.promise();
            context.runOnContext(turn -> client.search(EbaySearch.words("a"))
                    .onComplete(done -> promise.complete(Vertx.currentContext() == context)));
            same.add(promise.future());
        }
        Future.all(same).await(10, SECONDS);

        assertThat(same).extracting(Future::result).containsOnly(true);
        assertThat(server.seen(TOKEN)).hasSize(1);
    }

    @Test
    void a_token_is_kept_until_a_minute_before_its_end() throws Exception {
        search();
        clock.turn(Duration.ofSeconds(7200 - 61));
        search();
        assertThat(server.seen(TOKEN)).hasSize(1);

        clock.turn(Duration.ofSeconds(2));
        search();
        assertThat(server.seen(TOKEN)).hasSize(2);
        assertThat(server.seen(SEARCH).get(2).headers()).containsEntry("authorization", "Bearer t2");
    }

    @Test
    void an_expired_token_is_replaced_and_the_search_replayed_once() throws Exception {
        server.on(SEARCH, json(401, EXPIRED), json(200, EMPTY));

        assertThat(search().listings()).isEmpty();

        assertThat(server.seen(TOKEN)).hasSize(2);
        assertThat(server.seen(SEARCH))
                .extracting(seen -> seen.headers().get("authorization"))
                .containsExactly("Bearer t1", "Bearer t2");
        assertThat(recorded.calls).extracting(ProviderCall::statusCode).containsExactly(200, 401, 200, 200);
        assertThat(recorded.calls.get(1).meta()).containsEntry("provider_error_id", 1001L);
    }

    @Test
    void a_fresh_token_that_is_refused_too_ends_it_and_saves_the_quota_of_tokens() throws Exception {
        server.on(SEARCH, json(401, EXPIRED));

        assertThat(failureOf(client.search(EbaySearch.words("a"))).kind()).isEqualTo(Kind.UNAUTHORIZED);
        assertThat(failureOf(client.search(EbaySearch.words("a"))).kind()).isEqualTo(Kind.UNAUTHORIZED);

        assertThat(server.seen(SEARCH)).hasSize(2);
        assertThat(server.seen(TOKEN)).hasSize(2);
        clock.turn(Duration.ofMinutes(3));
        server.on(SEARCH, json(200, EMPTY));
        search();
        assertThat(server.seen(TOKEN)).hasSize(3);
    }

    @Test
    void a_disabled_keyset_is_not_asked_about_again_and_again() throws Exception {
        server.on(TOKEN, json(401, "{\"error\":\"invalid_client\",\"error_description\":\"failed\"}"), token("t1"));

        ProviderFailure first = failureOf(client.search(EbaySearch.words("a")));
        ProviderFailure second = failureOf(client.search(EbaySearch.words("a")));

        assertThat(first.publicText()).isEqualTo("eBay auth error 401");
        assertThat(second.kind()).isEqualTo(Kind.UNAUTHORIZED);
        assertThat(second.retryAfter()).contains(Duration.ofMinutes(2));
        assertThat(server.seen(TOKEN)).hasSize(1);
        clock.turn(Duration.ofMinutes(3));
        search();
    }

    @Test
    void a_token_answer_without_a_token_is_one_record_and_a_failure() {
        server.on(TOKEN, json(200, "{\"expires_in\":7200}"));

        assertThat(failureOf(client.search(EbaySearch.words("a"))).publicText())
                .isEqualTo("eBay auth missing access_token");
        assertThat(recorded.calls).hasSize(1);
        assertThat(recorded.calls.get(0).meta()).containsEntry("response_invalid", true);
    }

    @Test
    void without_credentials_nothing_is_sent() throws Exception {
        EbayClient poor = client("id", " ", null);

        ProviderFailure failure = failureOf(poor.search(EbaySearch.words("a")));
        poor.close().await(5, SECONDS);

        assertThat(failure.publicText()).isEqualTo("eBay credentials missing");
        assertThat(failure.statusCode()).hasValue(401);
        assertThat(recorded.calls).isEmpty();
    }

    @Test
    void sends_filters_encoded_and_the_marketplace_and_campaign() throws Exception {
        EbayClient partner = client("id", "s3cr3t", "<5338000000>");
        partner.search(EbaySearch.words("sigur rós").withPrice(new PriceRange(null, new BigDecimal("50.00"), "usd")))
                .await(5, SECONDS);
        partner.close().await(5, SECONDS);

        ScriptedServer.Seen sent = server.seen(SEARCH).get(0);
        assertThat(sent.uri())
                .endsWith("?q=sigur%20r%C3%B3s&category_ids=176985&sort=newlyListed&limit=200&offset=0"
                        + "&filter=buyingOptions%3A%7BFIXED_PRICE%7CAUCTION%7CBEST_OFFER%7D"
                        + "%2Cprice%3A%5B..50.00%5D%2CpriceCurrency%3AUSD");
        assertThat(sent.headers())
                .containsEntry("x-ebay-c-marketplace-id", "EBAY_US")
                .containsEntry("x-ebay-c-enduserctx", "affiliateCampaignId=%3C5338000000%3E");
    }

    @Test
    void a_search_may_be_on_another_marketplace() throws Exception {
        server.on(SEARCH, json(200, EMPTY));
        client.search(EbaySearch.newest("176985").on("EBAY_GB")).await(5, SECONDS);

        assertThat(server.seen(SEARCH).get(0).headers()).containsEntry("x-ebay-c-marketplace-id", "EBAY_GB");
    }

    @Test
    void no_field_of_a_record_holds_a_secret() throws Exception {
        server.on(SEARCH, json(401, EXPIRED), json(500, "{}"), json(200, EMPTY));
        search();

        assertThat(recorded.calls.toString())
                .doesNotContain("s3cr3t", "aWQ6czNjcjN0", "Bearer", "t1-", "\"t1\"", "grant_type");
        assertThat(recorded.calls).extracting(ProviderCall::endpoint).containsOnly(TOKEN, SEARCH);
    }

    @ParameterizedTest
    @ValueSource(ints = {12002, 12008, 12009, 12012})
    void rows_that_ignore_what_was_asked_are_a_failure_that_does_not_open_the_breaker(int warning) {
        server.on(
                SEARCH,
                json(
                        200,
                        "{\"warnings\":[{\"errorId\":" + warning + "}],\"total\":1,\"itemSummaries\":["
                                + row("v1|1|0", "\"price\":{\"value\":\"9.99\",\"currency\":\"USD\"}") + "]}"));

        for (int i = 0; i < 4; i++) {
            ProviderFailure failure = failureOf(client.search(EbaySearch.words("a")));
            assertThat(failure.kind()).isEqualTo(Kind.INVALID_BODY);
            assertThat(failure.upstreamFault()).isFalse();
            assertThat(failure.publicText()).contains(Integer.toString(warning));
        }
    }

    @Test
    void a_harmless_warning_is_no_failure() throws Exception {
        server.on(SEARCH, json(200, "{\"warnings\":[{\"errorId\":12003}],\"total\":0}"));
        assertThat(search().listings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "<html>busy</html>",
                "{\"total\":\"many\"}",
                "{\"total\":0,\"errors\":[]}",
                "{\"total\":1,\"itemSummaries\":{}}",
                "{\"total\":1,\"itemSummaries\":[{\"id\":1}]}",
                "{\"total\":1,\"itemSummaries\":[7]}",
                "{\"total\":0} {\"total\":1}"
            })
    void another_shape_is_a_failure_and_never_an_empty_page(String body) {
        server.on(SEARCH, json(200, body));
        assertThat(failureOf(client.search(EbaySearch.words("a"))).kind()).isEqualTo(Kind.INVALID_BODY);
    }

    @Test
    void the_daily_quota_is_not_retried() {
        server.on(SEARCH, json(429, "{\"errors\":[{\"errorId\":2001}]}"));
        assertThat(failureOf(client.search(EbaySearch.words("a"))).kind()).isEqualTo(Kind.RATE_LIMITED);
        assertThat(server.seen(SEARCH)).hasSize(1);
        assertThat(recorded.calls.get(1).meta()).containsEntry("provider_error_id", 2001L);
    }

    @Test
    void an_html_403_is_a_refusal() {
        server.on(SEARCH, answer(403, "text/html", "<html></html>"));
        assertThat(failureOf(client.search(EbaySearch.words("a"))).kind()).isEqualTo(Kind.REJECTED);
    }

    @Test
    void the_next_link_is_put_on_our_base_and_followed_by_its_offset() throws Exception {
        EbaySearch first = EbaySearch.words("a").withLimit(50);
        server.on(
                SEARCH,
                json(
                        200,
                        "{\"total\":120,\"next\":\"https://api.ebay.com" + SEARCH
                                + "?q=a&limit=50&offset=50\",\"itemSummaries\":[" + row("v1|1|0", "\"price\":null")
                                + "]}"),
                json(200, "{\"total\":7,\"itemSummaries\":[" + row("v1|2|0", "\"price\":null") + "]}"));

        EbayPage page = client.search(first).await(5, SECONDS);
        assertThat(page.next()).contains(server.baseUri() + SEARCH + "?q=a&limit=50&offset=50");
        EbaySearch second = first.after(page).orElseThrow();
        assertThat(second.offset()).isEqualTo(50);
        EbayPage last = client.search(second).await(5, SECONDS);

        assertThat(server.seen(SEARCH).get(1).uri()).contains("offset=50").contains("q=a");
        assertThat(second.after(last)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"offset=0", "offset=50", "offset=130", "offset=10000", "offset=-5", "limit=50", "xoffset=200"})
    void a_next_link_that_does_not_lead_on_ends_the_pages(String query) {
        EbaySearch at = new EbaySearch("a", null, null, 50, 50, List.of(), null);
        assertThat(at.after(new EbayPage(List.of(), java.util.Optional.of("http://h/p?" + query), 1)))
                .isEmpty();
    }

    @Test
    void keeps_bids_and_prices_apart() throws Exception {
        server.on(
                SEARCH,
                json(
                        200,
                        "{\"total\":5,\"itemSummaries\":["
                                + row(
                                        "auction",
                                        "\"buyingOptions\":[\"AUCTION\"],\"currentBidPrice\":{\"value\":\"20.50\",\"currency\":\"USD\"}")
                                + ","
                                + row(
                                        "hybrid",
                                        "\"buyingOptions\":[\"FIXED_PRICE\",\"AUCTION\"],\"price\":{\"value\":\"30.00\",\"currency\":\"USD\"},\"currentBidPrice\":{\"value\":\"20.00\",\"currency\":\"USD\"}")
                                + ","
                                + row(
                                        "old",
                                        "\"buyingOptions\":[\"FIXED_PRICE\"],\"price\":{\"value\":\"30.00\",\"currency\":\"USD\"},\"currentBidPrice\":{\"value\":\"30.00\",\"currency\":\"USD\"}")
                                + ","
                                + row(
                                        "converted",
                                        "\"buyingOptions\":[\"FIXED_PRICE\"],\"price\":{\"value\":\"7.31\",\"currency\":\"USD\",\"convertedFromValue\":\"10.00\",\"convertedFromCurrency\":\"CAD\"},\"shippingOptions\":[{\"shippingCostType\":\"CALCULATED\"}]")
                                + ","
                                + row(
                                        "auction-with-price",
                                        "\"buyingOptions\":[\"AUCTION\"],\"price\":{\"value\":\"5.00\",\"currency\":\"USD\"}")
                                + "]}"));

        List<MarketListing> rows = search().listings();

        assertThat(rows.get(0).price()).isNull();
        assertThat(rows.get(0).currentBid()).isEqualTo("20.50");
        assertThat(rows.get(0).currency()).isEqualTo("USD");
        assertThat(rows.get(1).price()).isEqualTo("30.00");
        assertThat(rows.get(1).currentBid()).isEqualTo("20.00");
        assertThat(rows.get(2).currentBid()).isNull();
        assertThat(rows.get(3).price()).isEqualTo("7.31");
        assertThat(rows.get(3).originalPrice()).isEqualTo("10.00");
        assertThat(rows.get(3).originalCurrency()).isEqualTo("CAD");
        assertThat(rows.get(3).shippingCost()).isNull();
        assertThat(rows.get(4).price()).isNull();
        assertThat(rows.get(4).currentBid()).isEqualTo("5.00");
    }

    @Test
    void skips_rows_that_cannot_be_shown_and_survives_hostile_values() throws Exception {
        server.on(
                SEARCH,
                json(
                        200,
                        "{\"total\":5,\"itemSummaries\":["
                                + "{\"itemId\":\"x\",\"title\":\"no address\"},"
                                + "{\"itemId\":\"x\",\"title\":\"script\",\"itemWebUrl\":\"javascript:alert(1)\"},"
                                + "{\"itemId\":\"\",\"title\":\"no id\",\"itemWebUrl\":\"https://e/1\"},"
                                + row("huge", "\"price\":{\"value\":1e999999999,\"currency\":\"USD\"}") + ","
                                + row("text", "\"price\":{\"value\":\"free\",\"currency\":\"USD\"}") + ","
                                + row(
                                        "nul",
                                        "\"condition\":\"a\\u0000b\",\"seller\":\"nobody\",\"itemCreationDate\":\"now\"")
                                + "]}"));

        List<MarketListing> rows = search().listings();

        assertThat(rows).extracting(MarketListing::externalId).containsExactly("huge", "text", "nul");
        assertThat(rows).extracting(MarketListing::price).containsOnlyNulls();
        assertThat(rows.get(2).condition()).isEqualTo("ab");
        assertThat(rows.get(2).seller()).isNull();
        assertThat(rows.get(2).listedAt()).isNull();
    }

    @Test
    void refuses_searches_that_ebay_would_answer_with_other_rows() {
        assertThatThrownBy(() -> EbaySearch.words("a".repeat(101))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EbaySearch.words("a*")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EbaySearch(null, " ", null, 50, 0, List.of(), null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EbaySearch("a", null, null, 50, 75, List.of(), null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PriceRange(null, BigDecimal.TEN, null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private EbayPage search() throws Exception {
        return client.search(EbaySearch.words("a")).await(5, SECONDS);
    }

    private EbayClient client(String id, String secret, String campaign) {
        OutboundOptions http = Outbound.fast("ebay", server.baseUri())
                .breaker(3, Duration.ofMinutes(1), Duration.ofSeconds(30))
                .build();
        EbayOptions options = new EbayOptions(
                http,
                id,
                secret,
                EbayOptions.DEFAULT_SCOPE,
                EbayOptions.DEFAULT_MARKETPLACE,
                campaign,
                EbayOptions.DEFAULT_CREDENTIAL_HOLD);
        return new EbayClient(vertx, options, quota, OutboundMetrics.none(), recorded, clock, new SplittableRandom(1));
    }

    private static io.vertx.core.Handler<io.vertx.core.http.HttpServerRequest> token(String value) {
        return json(
                200,
                "{\"access_token\":\"" + value + "\",\"expires_in\":7200,\"token_type\":\"Application Access Token\"}");
    }

    private static String row(String id, String rest) {
        return "{\"itemId\":\"" + id + "\",\"title\":\"A record\",\"itemWebUrl\":\"https://www.ebay.com/itm/1?a=b|c\","
                + rest + "}";
    }

    private static final class TurnableClock extends Clock {
        private volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");

        void turn(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}

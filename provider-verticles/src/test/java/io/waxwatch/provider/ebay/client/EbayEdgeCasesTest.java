package io.waxwatch.provider.ebay.client;

import static io.waxwatch.common.testing.ScriptedServer.answer;
import static io.waxwatch.common.testing.ScriptedServer.json;
import static io.waxwatch.provider.http.Outbound.failureOf;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.testing.ScriptedServer;
import io.waxwatch.provider.http.ErrorType;
import io.waxwatch.provider.http.MarketListing;
import io.waxwatch.provider.http.Outbound;
import io.waxwatch.provider.http.Outbound.Asked;
import io.waxwatch.provider.http.Outbound.Recorded;
import io.waxwatch.provider.http.OutboundMetrics;
import io.waxwatch.provider.http.ProviderFailure;
import io.waxwatch.provider.http.ProviderFailure.Kind;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What eBay is known to answer, line by line: refusals, warnings, and rows in all their shapes. */
class EbayEdgeCasesTest {

    private static final String SEARCH = EbayClient.SEARCH_PATH;

    private final Recorded recorded = new Recorded();
    private Vertx vertx;
    private ScriptedServer server;
    private EbayClient client;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        server = new ScriptedServer(vertx);
        server.on("/identity/v1/oauth2/token", json(200, "{\"access_token\":\"t\",\"expires_in\":7200}"));
        var options = new EbayOptions(
                Outbound.fast("ebay", server.baseUri()).build(),
                "id",
                "secret",
                EbayOptions.DEFAULT_SCOPE,
                EbayOptions.DEFAULT_MARKETPLACE,
                null,
                EbayOptions.DEFAULT_CREDENTIAL_HOLD);
        client = new EbayClient(
                vertx,
                options,
                new Asked(),
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

    /** Columns: status, eBay's number (0: the body is no JSON of eBay's), what it is for us, how often it is tried. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "400, 12001, REJECTED, CLIENT_ERROR, 1",
        "400, 12023, REJECTED, CLIENT_ERROR, 1",
        "400, 12515, REJECTED, CLIENT_ERROR, 1",
        "400, 1002, REJECTED, CLIENT_ERROR, 1",
        "403, 1100, REJECTED, CLIENT_ERROR, 1",
        "403, 0, REJECTED, CLIENT_ERROR, 1",
        "404, 11001, REJECTED, CLIENT_ERROR, 1",
        "409, 12013, REJECTED, CLIENT_ERROR, 1",
        "409, 12019, REJECTED, CLIENT_ERROR, 1",
        "429, 2001, RATE_LIMITED, RATE_LIMITED, 1",
        "429, 0, RATE_LIMITED, RATE_LIMITED, 1",
        "500, 12000, UNAVAILABLE, SERVER_ERROR, 4",
        "500, 11000, UNAVAILABLE, SERVER_ERROR, 4",
        "502, 0, UNAVAILABLE, SERVER_ERROR, 4",
        "503, 0, UNAVAILABLE, SERVER_ERROR, 4",
        "504, 0, UNAVAILABLE, SERVER_ERROR, 4"
    })
    void a_refusal_is_read_by_its_status(int status, long number, Kind kind, ErrorType type, int tries) {
        server.on(
                SEARCH,
                number == 0
                        ? answer(status, "text/plain", "upstream connect error or disconnect/reset before headers")
                        : json(status, "{\"errors\":[{\"errorId\":" + number + ",\"domain\":\"API_BROWSE\"}]}"));

        ProviderFailure failure = failureOf(client.search(EbaySearch.words("a")));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.errorType()).isEqualTo(type);
        assertThat(server.seen(SEARCH)).hasSize(tries);
        var last = recorded.calls.get(recorded.calls.size() - 1);
        assertThat(last.meta().get("provider_error_id")).isEqualTo(number == 0 ? null : number);
    }

    @ParameterizedTest
    @CsvSource({
        "12002, true", "12003, false", "12008, true", "12009, true", "12010, false", "12011, false", "12012, true",
        "12014, false", "12015, false", "12016, false", "12017, false", "12018, false", "12021, false", "12022, false",
        "12024, false", "12502, false", "12511, false", "12519, false"
    })
    void a_warning_on_a_200_fails_the_look_where_the_rows_are_not_those_asked_for(int warning, boolean fails)
            throws Exception {
        server.on(
                SEARCH,
                json(
                        200,
                        page(item("kept"))
                                .put("warnings", new JsonArray().add(new JsonObject().put("errorId", warning)))
                                .encode()));

        if (fails) {
            assertThat(failureOf(client.search(EbaySearch.words("a"))).errorType())
                    .isEqualTo(ErrorType.REQUEST_IGNORED);
        } else {
            assertThat(client.search(EbaySearch.words("a")).await(5, SECONDS).listings())
                    .hasSize(1);
        }
    }

    static Stream<Arguments> rows() {
        return Stream.of(
                row(
                        "auction without a price: the bid is no price to buy at",
                        item("a").put("buyingOptions", texts("AUCTION")).put("currentBidPrice", usd("20.50")),
                        listing -> {
                            assertThat(listing.price()).isNull();
                            assertThat(listing.currentBid()).isEqualTo("20.50");
                            assertThat(listing.currency()).isEqualTo("USD");
                        }),
                row(
                        "auction with a price, and offers taken: still a bid",
                        item("a")
                                .put("buyingOptions", texts("BEST_OFFER", "AUCTION"))
                                .put("price", usd("5.00")),
                        listing -> {
                            assertThat(listing.price()).isNull();
                            assertThat(listing.currentBid()).isEqualTo("5.00");
                        }),
                row(
                        "hybrid: both are kept",
                        item("a")
                                .put("buyingOptions", texts("AUCTION", "FIXED_PRICE"))
                                .put("price", usd("30.00"))
                                .put("currentBidPrice", usd("20.00")),
                        listing -> {
                            assertThat(listing.price()).isEqualTo("30.00");
                            assertThat(listing.currentBid()).isEqualTo("20.00");
                        }),
                row(
                        "fixed price of 2019, with a bid beside: the options decide",
                        item("a")
                                .put("buyingOptions", texts("FIXED_PRICE"))
                                .put("price", usd("30.00"))
                                .put("currentBidPrice", usd("30.00")),
                        listing -> {
                            assertThat(listing.price()).isEqualTo("30.00");
                            assertThat(listing.currentBid()).isNull();
                        }),
                row(
                        "calculated shipping without a cost: unknown, not free",
                        item("a")
                                .put("price", usd("9.99"))
                                .put(
                                        "shippingOptions",
                                        new JsonArray().add(new JsonObject().put("shippingCostType", "CALCULATED"))),
                        listing -> assertThat(listing.shippingCost()).isNull()),
                row(
                        "pickup only, no shipping at all: unknown",
                        item("a").put("price", usd("9.99")),
                        listing -> assertThat(listing.shippingCost()).isNull()),
                row(
                        "shipping for nothing: free",
                        item("a")
                                .put("price", usd("9.99"))
                                .put(
                                        "shippingOptions",
                                        new JsonArray().add(new JsonObject().put("shippingCost", usd("0.00")))),
                        listing -> assertThat(listing.shippingCost()).isEqualTo("0.00")),
                row(
                        "shipping in several ways: the cheapest that is named",
                        item("a")
                                .put("price", usd("9.99"))
                                .put(
                                        "shippingOptions",
                                        new JsonArray()
                                                .add(new JsonObject().put("shippingCost", usd("12.00")))
                                                .add(new JsonObject().put("shippingCostType", "CALCULATED"))
                                                .add(new JsonObject().put("shippingCost", usd("4.99")))),
                        listing -> assertThat(listing.shippingCost()).isEqualTo("4.99")),
                row(
                        "converted money keeps the original",
                        item("a")
                                .put(
                                        "price",
                                        usd("7.31")
                                                .put("convertedFromValue", "10.00")
                                                .put("convertedFromCurrency", "CAD")),
                        listing -> {
                            assertThat(listing.price()).isEqualTo("7.31");
                            assertThat(listing.currency()).isEqualTo("USD");
                            assertThat(listing.originalPrice()).isEqualTo("10.00");
                            assertThat(listing.originalCurrency()).isEqualTo("CAD");
                        }),
                row(
                        "a price of thousands, as text",
                        item("a").put("price", usd("1500.00")),
                        listing -> assertThat(listing.price()).isEqualTo("1500.00")),
                row("no condition, no image, no user name", item("a").put("seller", new JsonObject()), listing -> {
                    assertThat(listing.condition()).isNull();
                    assertThat(listing.conditionId()).isNull();
                    assertThat(listing.seller()).isNull();
                    assertThat(listing.location()).isNull();
                }),
                row(
                        "relisted: listed when it was created, whatever its origin",
                        item("a")
                                .put("itemOriginDate", "2026-07-11T08:00:00.000Z")
                                .put("itemCreationDate", "2026-08-01T09:00:00.000Z"),
                        listing -> assertThat(listing.listedAt()).isEqualTo(Instant.parse("2026-08-01T09:00:00Z"))),
                row(
                        "old body without a creation: its origin",
                        item("a").put("itemOriginDate", "2019-07-11T08:00:00.000Z"),
                        listing -> assertThat(listing.listedAt()).isEqualTo(Instant.parse("2019-07-11T08:00:00Z"))),
                row(
                        "a title with blanks around, an emoji, Japanese and a bare ampersand stays as it is",
                        item("a").put("title", " はっぴいえんど & friends \uD83C\uDFB6 LP "),
                        listing -> assertThat(listing.title()).isEqualTo(" はっぴいえんど & friends \uD83C\uDFB6 LP ")),
                row(
                        "an id with bars is kept whole",
                        item("v1|398238964712|0"),
                        listing -> assertThat(listing.externalId()).isEqualTo("v1|398238964712|0")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void a_row_is_read_as_it_is_meant(String what, JsonObject item, Consumer<MarketListing> asRead) throws Exception {
        server.on(SEARCH, json(200, page(item).encode()));

        EbayPage page = client.search(EbaySearch.words("a")).await(5, SECONDS);

        assertThat(page.listings()).singleElement().satisfies(asRead);
    }

    private static Arguments row(String what, JsonObject item, Consumer<MarketListing> asRead) {
        return Arguments.of(what, item, asRead);
    }

    private static JsonObject item(String id) {
        return new JsonObject()
                .put("itemId", id)
                .put("title", "A record")
                .put("itemWebUrl", "https://www.ebay.com/itm/1");
    }

    private static JsonObject page(JsonObject item) {
        return new JsonObject().put("total", 1).put("itemSummaries", new JsonArray().add(item));
    }

    private static JsonObject usd(String value) {
        return new JsonObject().put("value", value).put("currency", "USD");
    }

    private static JsonArray texts(String... texts) {
        return new JsonArray(List.of(texts));
    }
}

package io.waxwatch.provider.discogs.client;

import static io.waxwatch.common.testing.ScriptedServer.answer;
import static io.waxwatch.common.testing.ScriptedServer.json;
import static io.waxwatch.provider.http.Outbound.failureOf;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.testing.ScriptedServer;
import io.waxwatch.provider.discogs.client.DiscogsBodies.CatalogueRow;
import io.waxwatch.provider.discogs.client.DiscogsBodies.Offer;
import io.waxwatch.provider.discogs.client.DiscogsBodies.ShelfRow;
import io.waxwatch.provider.http.CallLane;
import io.waxwatch.provider.http.CallOrigin;
import io.waxwatch.provider.http.CallPurpose;
import io.waxwatch.provider.http.ErrorType;
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
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Discogs is known to answer, line by line: refusals, floors, offers, rows of the catalogue and of shelves. */
class DiscogsEdgeCasesTest {

    private static final String STATS = "/marketplace/stats/42";
    private static final String SEARCH = "/database/search";
    private static final String INVENTORY = "/users/shop/inventory";
    private static final String SHELF = "/users/ann/collection/folders/0/releases";
    private static final String HTML = "<html lang=\"en\"><title>Just a moment...</title></html>";

    private final CallOrigin somebody =
            new CallOrigin(CallPurpose.of(CallLane.INTERACTIVE, UUID.randomUUID()), new Recorded());
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
                        Outbound.fast("discogs", server.baseUri()).build(), "WaxWatch/1.0 +https://example.org", null),
                new Asked(),
                OutboundMetrics.none(),
                new Recorded(),
                Clock.systemUTC(),
                new SplittableRandom(1));
    }

    @AfterEach
    void stop() throws Exception {
        client.close().await(5, SECONDS);
        vertx.close().await(10, SECONDS);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = ';',
            value = {
                "401; You must authenticate to access this resource.; UNAUTHORIZED; UNAUTHORIZED; 1",
                "401; Invalid consumer token. Please register an app.; UNAUTHORIZED; UNAUTHORIZED; 1",
                "403; You don't have permission to access this resource.; REJECTED; CLIENT_ERROR; 1",
                "403; Pagination above 100 disabled for inventories besides your own; REJECTED; CLIENT_ERROR; 1",
                "404; Release not found.; REJECTED; CLIENT_ERROR; 1",
                "405; Method not allowed.; REJECTED; CLIENT_ERROR; 1",
                "422; Invalid currency abbreviation.; REJECTED; CLIENT_ERROR; 1",
                "429; You are making requests too quickly.; RATE_LIMITED; RATE_LIMITED; 1",
                "500; An internal server error occurred. (Malformed query?); UNAVAILABLE; SERVER_ERROR; 4",
                "503; Busy.; UNAVAILABLE; SERVER_ERROR; 4"
            })
    void a_refusal_is_read_by_its_status_in_whichever_shape(
            int status, String message, Kind kind, ErrorType type, int tries) {
        JsonObject old = new JsonObject().put("message", message);
        JsonObject migrated = old.copy().put("detail", new JsonArray().add(new JsonObject().put("type", "missing")));
        for (var shape : List.of(
                json(status, old.encode()), json(status, migrated.encode()), answer(status, "text/html", HTML))) {
            server.on(STATS, shape);
            int before = server.seen(STATS).size();

            ProviderFailure failure = failureOf(client.floor(42, "EUR"));

            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.errorType()).isEqualTo(type);
            assertThat(failure.statusCode()).hasValue(status);
            assertThat(server.seen(STATS)).hasSize(before + tries);
        }
    }

    /** The page of a bot filter can come with any status, and where a form is expected. */
    @Test
    void a_page_of_html_is_never_an_answer() {
        for (String path : List.of(STATS, SEARCH, INVENTORY, SHELF, "/oauth/request_token", "/oauth/identity")) {
            server.on(path, answer(200, "text/html", HTML));
        }

        for (var call : List.of(
                client.floor(42, "EUR"),
                client.searchReleases("a", somebody),
                client.inventory("shop", 1),
                client.collection("ann", 1, "auth", somebody),
                client.requestToken("auth", somebody),
                client.identity("auth", somebody))) {
            assertThat(failureOf(call).kind()).isEqualTo(Kind.INVALID_BODY);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Invalid consumer.", "", "=a", "oauth_token", "oauth_token=%zz"})
    void a_text_that_is_no_form_is_none(String body) {
        server.on("/oauth/request_token", answer(200, "text/plain", body));

        assertThat(failureOf(client.requestToken("auth", somebody)).kind()).isEqualTo(Kind.INVALID_BODY);
    }

    static Stream<Arguments> floors() {
        return Stream.of(
                floor(
                        "a whole number",
                        "{\"num_for_sale\":3,\"lowest_price\":{\"value\":120,\"currency\":\"USD\"}}",
                        read -> assertThat(read.price())
                                .hasValueSatisfying(price -> assertThat(price).isEqualTo("120.00"))),
                floor(
                        "a number with the digits of a conversion",
                        "{\"num_for_sale\":3,\"lowest_price\":{\"value\":14.875000000000002,\"currency\":\"USD\"}}",
                        read -> assertThat(read.price())
                                .hasValueSatisfying(price -> assertThat(price).isEqualTo("14.88"))),
                floor(
                        "yen have no hundredths",
                        "{\"num_for_sale\":3,\"lowest_price\":{\"value\":1500.5,\"currency\":\"JPY\"}}",
                        read -> assertThat(read.price())
                                .hasValueSatisfying(price -> assertThat(price).isEqualTo("1501"))),
                floor("none for sale: a state, not a price", "{\"num_for_sale\":null,\"lowest_price\":null}", read -> {
                    assertThat(read.price()).isEmpty();
                    assertThat(read.numForSale()).isZero();
                    assertThat(read.blocked()).isFalse();
                }),
                floor(
                        "none for sale, because none may be",
                        "{\"num_for_sale\":null,\"lowest_price\":null,\"blocked_from_sale\":true}",
                        read -> assertThat(read.blocked()).isTrue()),
                floor(
                        "another currency than was asked for is told as what it is",
                        "{\"num_for_sale\":1,\"lowest_price\":{\"value\":9,\"currency\":\"SEK\"}}",
                        read -> assertThat(read.currency()).isEqualTo("SEK")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("floors")
    void a_floor_is_read_as_it_is_meant(String what, String body, Consumer<ReleaseFloor> asRead) throws Exception {
        server.on(STATS, json(200, body));

        asRead.accept(client.floor(42, "EUR").await(5, SECONDS));
    }

    static Stream<Arguments> offers() {
        return Stream.of(
                offer(
                        "an id of more than 32 bits, and a link made of it",
                        row().put("id", 4_350_000_000L).put("uri", "/sell/item/4350000000"),
                        read -> {
                            assertThat(read.listing().externalId()).isEqualTo("4350000000");
                            assertThat(read.listing().url()).isEqualTo("https://www.discogs.com/sell/item/4350000000");
                        }),
                offer(
                        "{} for shipping: unknown",
                        row().put("shipping_price", new JsonObject()),
                        read -> assertThat(read.listing().shippingCost()).isNull()),
                offer(
                        "shipping for nothing: free",
                        row().put("shipping_price", eur(0)),
                        read -> assertThat(read.listing().shippingCost()).isEqualTo("0.00")),
                offer(
                        "blocked shipping: not free, and said",
                        row().put("shipping_price", eur(0)).put("shipping_is_blocked", true),
                        read -> {
                            assertThat(read.listing().shippingCost()).isNull();
                            assertThat(read.shippingBlocked()).isTrue();
                        }),
                offer(
                        "shipping in another currency than the price: unknown",
                        row().put(
                                        "shipping_price",
                                        new JsonObject().put("value", 5).put("currency", "USD")),
                        read -> assertThat(read.listing().shippingCost()).isNull()),
                offer(
                        "converted money keeps the original",
                        row().put(
                                        "original_price",
                                        new JsonObject().put("value", 15.5).put("curr_abbr", "GBP")),
                        read -> {
                            assertThat(read.listing().originalPrice()).isEqualTo("15.50");
                            assertThat(read.listing().originalCurrency()).isEqualTo("GBP");
                        }),
                offer(
                        "{} for the original: not converted",
                        row().put("original_price", new JsonObject()),
                        read -> assertThat(read.listing().originalPrice()).isNull()),
                offer(
                        "the original in the same currency: not converted",
                        row().put(
                                        "original_price",
                                        new JsonObject().put("value", 12).put("curr_abbr", "EUR")),
                        read -> assertThat(read.listing().originalPrice()).isNull()),
                offer(
                        "posted with an offset",
                        row().put("posted", "2026-02-01T10:00:00-07:00"),
                        read -> assertThat(read.listing().listedAt()).isEqualTo(Instant.parse("2026-02-01T17:00:00Z"))),
                offer(
                        "posted without one, as in 2014",
                        row().put("posted", "2014-07-16T08:00:00"),
                        read -> assertThat(read.listing().listedAt()).isEqualTo(Instant.parse("2014-07-16T08:00:00Z"))),
                offer(
                        "no master: null, 0 or no key",
                        row().put(
                                        "release",
                                        new JsonObject()
                                                .put("id", 7)
                                                .put("master_id", 0)
                                                .put("description", "A - B (LP)")),
                        read -> assertThat(read.listing().discogsMasterId()).isNull()),
                offer(
                        "a comment with an entity is nobody's title",
                        row().put("comments", "B&amp;W sleeve"),
                        read -> assertThat(read.listing().title()).isEqualTo("A - B (LP)")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("offers")
    void an_offer_is_read_as_it_is_meant(String what, JsonObject row, Consumer<Offer> asRead) throws Exception {
        server.on(INVENTORY, json(200, page("listings", row)));

        assertThat(client.inventory("shop", 1).await(5, SECONDS).offers())
                .singleElement()
                .satisfies(asRead);
    }

    @Test
    void a_shop_ends_at_its_hundredth_page_whatever_its_body_says() throws Exception {
        server.on(INVENTORY, json(200, "{\"pagination\":{\"page\":100,\"pages\":301,\"urls\":{}},\"listings\":[]}"));

        assertThat(client.inventory("shop", 100).await(5, SECONDS).pagination().next())
                .isEmpty();
        assertThatThrownBy(() -> client.inventory("shop", 101)).isInstanceOf(IllegalArgumentException.class);
    }

    static Stream<Arguments> catalogue() {
        return Stream.of(
                found(
                        "no master: 0",
                        hit().put("master_id", 0).putNull("master_url"),
                        read -> assertThat(read.masterId()).isNull()),
                found("no year", hit(), read -> assertThat(read.year()).isNull()),
                found(
                        "a year that is a number",
                        hit().put("year", 1971),
                        read -> assertThat(read.year()).isEqualTo("1971")),
                found(
                        "formats in a list",
                        hit().put("format", new JsonArray().add("Vinyl").add("LP")),
                        read -> assertThat(read.formats()).containsExactly("Vinyl", "LP")),
                found(
                        "a format that is one text",
                        hit().put("format", "LP, Album"),
                        read -> assertThat(read.formats()).containsExactly("LP, Album")),
                found(
                        "a name that others have too keeps its number, which is part of who it is",
                        hit().put("title", "Jon Kennedy (2) - Take My Drum To England"),
                        read -> assertThat(read.title()).isEqualTo("Jon Kennedy (2) - Take My Drum To England")),
                found(
                        "an id of more than 32 bits",
                        hit().put("id", 4_294_967_297L),
                        read -> assertThat(read.id()).isEqualTo(4_294_967_297L)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("catalogue")
    void a_row_of_the_catalogue_is_read_as_it_is_meant(String what, JsonObject row, Consumer<CatalogueRow> asRead)
            throws Exception {
        server.on(SEARCH, json(200, page("results", row)));

        assertThat(client.searchReleases("a", somebody).await(5, SECONDS).rows())
                .singleElement()
                .satisfies(asRead);
    }

    static Stream<Arguments> shelves() {
        JsonObject basic = new JsonObject().put("id", 7).put("title", "B");
        return Stream.of(
                shelved(
                        "no year: 0",
                        basic.copy().put("year", 0),
                        read -> assertThat(read.year()).isNull()),
                shelved(
                        "no master: 0",
                        basic.copy().put("master_id", 0),
                        read -> assertThat(read.masterId()).isNull()),
                shelved(
                        "several artists, one without a name",
                        basic.copy()
                                .put(
                                        "artists",
                                        new JsonArray()
                                                .add(new JsonObject().put("name", "A (2)"))
                                                .add(new JsonObject())
                                                .add(new JsonObject().put("name", "B*"))),
                        read -> assertThat(read.artists()).containsExactly("A (2)", "B*")),
                shelved(
                        "a set of two formats",
                        basic.copy()
                                .put(
                                        "formats",
                                        new JsonArray()
                                                .add(new JsonObject()
                                                        .put("name", "CD")
                                                        .put("qty", "1"))
                                                .add(new JsonObject()
                                                        .put("name", "Vinyl")
                                                        .put("qty", "2"))),
                        read -> assertThat(read.formats())
                                .extracting(DiscogsBodies.Format::name)
                                .containsExactly("CD", "Vinyl")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shelves")
    void a_row_of_a_shelf_is_read_as_it_is_meant(String what, JsonObject basic, Consumer<ShelfRow> asRead)
            throws Exception {
        JsonObject row = new JsonObject().put("id", 7).put("instance_id", 9).put("basic_information", basic);
        server.on(SHELF, json(200, page("releases", row)));

        assertThat(client.collection("ann", 1, "auth", somebody)
                        .await(5, SECONDS)
                        .page()
                        .rows())
                .singleElement()
                .satisfies(asRead);
    }

    private static Arguments floor(String what, String body, Consumer<ReleaseFloor> asRead) {
        return Arguments.of(what, body, asRead);
    }

    private static Arguments offer(String what, JsonObject row, Consumer<Offer> asRead) {
        return Arguments.of(what, row, asRead);
    }

    private static Arguments found(String what, JsonObject row, Consumer<CatalogueRow> asRead) {
        return Arguments.of(what, row, asRead);
    }

    private static Arguments shelved(String what, JsonObject basic, Consumer<ShelfRow> asRead) {
        return Arguments.of(what, basic, asRead);
    }

    private static JsonObject row() {
        return new JsonObject()
                .put("id", 1)
                .put("status", "For Sale")
                .put("price", eur(12))
                .put("release", new JsonObject().put("id", 7).put("description", "A - B (LP)"));
    }

    private static JsonObject hit() {
        return new JsonObject().put("id", 7).put("type", "release").put("title", "A - B");
    }

    private static JsonObject eur(int value) {
        return new JsonObject().put("value", value).put("currency", "EUR");
    }

    private static String page(String key, JsonObject row) {
        return new JsonObject()
                .put(
                        "pagination",
                        new JsonObject()
                                .put("page", 1)
                                .put("pages", 1)
                                .put("items", 1)
                                .put("urls", new JsonObject()))
                .put(key, new JsonArray().add(row))
                .encode();
    }
}

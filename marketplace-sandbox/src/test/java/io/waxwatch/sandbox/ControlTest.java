package io.waxwatch.sandbox;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlTest {

    private static final String STATS = "/marketplace/stats/900000001";

    private RunningSandbox box;

    @BeforeEach
    void start() throws Exception {
        box = new RunningSandbox(SandboxOptions.defaults().withInitialListings(20));
    }

    @AfterEach
    void stop() throws Exception {
        box.close();
    }

    @Test
    void lists_reprices_and_ends_an_item() throws Exception {
        JsonObject made = box.control(
                HttpMethod.POST,
                "/listings",
                new JsonObject().put("title", "Repriced thing").put("price", 12).put("seller", "me"));
        String path = "/listings/" + RunningSandbox.encoded(made.getString("itemId"));
        assertThat(box.control(HttpMethod.PATCH, path, new JsonObject().put("price", "9.99"))
                        .getString("price"))
                .isEqualTo("9.99");
        JsonObject row = box.search("q=repriced")
                .bodyAsJsonObject()
                .getJsonArray("itemSummaries")
                .getJsonObject(0);
        assertThat(row.getJsonObject("price").getString("value")).isEqualTo("9.99");
        assertThat(row.getJsonObject("seller").getString("username")).isEqualTo("me");
        box.control(HttpMethod.DELETE, path, null);
        assertThat(box.search("q=repriced").bodyAsJsonObject().getInteger("total"))
                .isZero();
        assertThat(box.send(HttpMethod.DELETE, "/control" + path, null).statusCode())
                .isEqualTo(404);
    }

    @Test
    void a_listing_without_words_is_the_first_record() throws Exception {
        JsonObject made = box.control(HttpMethod.POST, "/listings", null);
        assertThat(made.getString("title")).isEqualTo("Marlow Quartet - Blue Harbour LP 1963 VG+ Vinyl");
        assertThat(made.getLong("releaseId")).isEqualTo(900_000_001L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "POST;/listings;{\"price\":\"cheap\"}",
                "POST;/listings;{\"price\":-1}",
                "POST;/listings;{\"currency\":\"XXX\"}",
                "POST;/listings;{\"title\":\" \"}",
                "POST;/listings;{\"title\":7}",
                "POST;/listings;{\"buyingOptions\":[\"BARTER\"]}",
                "POST;/listings;{\"buyingOptions\":\"AUCTION\"}",
                "POST;/listings;{\"releaseId\":5}",
                "POST;/listings;[1]",
                "POST;/listings;{",
                "POST;/offers;{\"seller\":\"nobody\"}",
                "PUT;/floors/900000001;{\"numForSale\":2}",
                "PUT;/fault;{\"mode\":\"explode\"}",
                "PUT;/fault;{\"provider\":\"amazon\"}",
                "POST;/tick;{\"n\":0}"
            })
    void says_what_is_wrong_with_a_call(String method, String path, String body) throws Exception {
        var response = box.request(HttpMethod.valueOf(method), "/control" + path)
                .sendBuffer(Buffer.buffer(body))
                .await(5, SECONDS);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.bodyAsJsonObject().getString("error")).isNotBlank();
    }

    @Test
    void counts_what_clients_asked_by_route() throws Exception {
        box.search("q=a");
        box.search("q=b&sort=newlyListed");
        box.ebay("/buy/browse/v1/item/v1%7C1%7C0").send().await(5, SECONDS);
        box.discogs(STATS);
        box.discogs("/users/waxbarn/inventory");
        JsonObject counted = box.control(HttpMethod.GET, "/requests", null);
        assertThat(counted.getJsonObject("routes"))
                .isEqualTo(new JsonObject()
                        .put("POST /identity/v1/oauth2/token", 1)
                        .put("GET /buy/browse/v1/item_summary/search", 2)
                        .put("GET /buy/browse/v1/item/{id}", 1)
                        .put("GET /marketplace/stats/{id}", 1)
                        .put("GET /users/{username}/inventory", 1));
        assertThat(counted.getInteger("ebay")).isEqualTo(4);
        assertThat(counted.getInteger("discogs")).isEqualTo(2);
        assertThat(counted.getJsonArray("recent").getJsonObject(2).getString("query"))
                .isEqualTo("q=b&sort=newlyListed");
        box.control(HttpMethod.DELETE, "/requests", null);
        assertThat(box.control(HttpMethod.GET, "/requests", null).getInteger("total"))
                .isZero();
    }

    @Test
    void answers_a_given_status_for_one_provider_and_only_so_often() throws Exception {
        fault("{\"provider\":\"discogs\",\"mode\":\"status\",\"status\":500,\"times\":2}");
        assertThat(box.discogs(STATS).statusCode()).isEqualTo(500);
        assertThat(box.search("q=x").statusCode()).isEqualTo(200);
        assertThat(box.discogs(STATS).bodyAsJsonObject().getString("message")).contains("internal server error");
        assertThat(box.discogs(STATS).statusCode()).isEqualTo(200);
    }

    @Test
    void a_gateway_error_is_not_json() throws Exception {
        fault("{\"mode\":\"status\",\"status\":503,\"retryAfter\":7,\"pathPrefix\":\"/buy/\"}");
        var response = box.search("q=x");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.getHeader("Content-Type")).startsWith("text/plain");
        assertThat(response.getHeader("Retry-After")).isEqualTo("7");
    }

    @Test
    void rate_limits_as_each_provider_does() throws Exception {
        box.token();
        fault("{\"mode\":\"rate-limit\"}");
        var ebay = box.search("q=x");
        assertThat(ebay.statusCode()).isEqualTo(429);
        assertThat(ebay.bodyAsJsonObject()
                        .getJsonArray("errors")
                        .getJsonObject(0)
                        .getInteger("errorId"))
                .isEqualTo(2001);
        var discogs = box.discogs(STATS);
        assertThat(discogs.statusCode()).isEqualTo(429);
        assertThat(discogs.bodyAsJsonObject().getString("message")).isEqualTo("You are making requests too quickly.");
    }

    @Test
    void is_slow_but_right() throws Exception {
        fault("{\"provider\":\"all\",\"mode\":\"slow\",\"delayMs\":150}");
        long from = System.nanoTime();
        assertThat(box.token()).isNotBlank();
        assertThat(Duration.ofNanos(System.nanoTime() - from)).isGreaterThanOrEqualTo(Duration.ofMillis(140));
        assertThat(box.search("q=x").statusCode()).isEqualTo(200);
    }

    @Test
    void is_silent_until_the_caller_gives_up() throws Exception {
        box.token();
        fault("{\"mode\":\"silent\",\"times\":1}");
        var request = box.ebay("/buy/browse/v1/item_summary/search?q=x").timeout(200);
        assertThatThrownBy(() -> request.send().await(5, SECONDS)).isInstanceOf(TimeoutException.class);
        assertThat(box.search("q=x").statusCode()).isEqualTo(200);
    }

    @Test
    void breaks_off_in_the_middle_of_a_body() throws Exception {
        fault("{\"mode\":\"half-body\",\"times\":1}");
        assertThatThrownBy(() -> box.discogs(STATS)).isInstanceOf(HttpClosedException.class);
        assertThat(box.discogs(STATS).statusCode()).isEqualTo(200);
    }

    @Test
    void garbles_the_shape_but_not_the_status() throws Exception {
        fault("{\"mode\":\"garble\"}");
        var response = box.discogs(STATS);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.bodyAsJsonObject().getValue("num_for_sale")).isInstanceOf(String.class);
        fault("{\"mode\":\"none\"}");
        assertThat(box.discogs(STATS).bodyAsJsonObject().getValue("num_for_sale"))
                .isInstanceOf(Integer.class);
    }

    @Test
    void a_reset_brings_the_first_state_back() throws Exception {
        String before = everything();
        fault("{\"mode\":\"garble\"}");
        box.control(HttpMethod.POST, "/tick", new JsonObject().put("n", 5));
        box.control(HttpMethod.PUT, "/settings", new JsonObject().put("ebayPerDay", 1));
        box.control(HttpMethod.POST, "/reset", null);
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void ticks_of_one_seed_are_the_same_on_any_sandbox() throws Exception {
        JsonObject ticks = new JsonObject().put("n", 50);
        JsonArray here = box.control(HttpMethod.POST, "/tick", ticks).getJsonArray("listed");
        assertThat(here).hasSize(50);
        String mine = everything();
        try (var other = new RunningSandbox(SandboxOptions.defaults().withInitialListings(20))) {
            other.control(HttpMethod.POST, "/tick", ticks);
            RunningSandbox kept = box;
            box = other;
            String theirs = everything();
            box = kept;
            assertThat(theirs.replace("127.0.0.1:" + other.port, ""))
                    .isEqualTo(mine.replace("127.0.0.1:" + kept.port, ""));
        }
    }

    @Test
    void a_tick_lists_what_a_newest_first_search_shows_first() throws Exception {
        box.clock.advance(Duration.ofHours(1));
        JsonObject answer = box.control(HttpMethod.POST, "/tick", new JsonObject().put("n", 30));
        assertThat(answer.getLong("ticks")).isEqualTo(30);
        JsonObject first = box.search("category_ids=176985&sort=newlyListed&limit=1")
                .bodyAsJsonObject()
                .getJsonArray("itemSummaries")
                .getJsonObject(0);
        assertThat(answer.getJsonArray("listed").contains(first.getString("itemId")))
                .isTrue();
    }

    @Test
    void the_records_of_the_demo_come_up_often() throws Exception {
        box.control(HttpMethod.POST, "/tick", new JsonObject().put("n", 200));
        assertThat(box.search("q=" + RunningSandbox.encoded("(blue harbour, night trains, second summer)"))
                        .bodyAsJsonObject()
                        .getInteger("total"))
                .isGreaterThan(10);
    }

    @Test
    void tells_its_catalogue_and_draws_its_sleeves() throws Exception {
        JsonArray pressings = box.control(HttpMethod.GET, "/catalog", null).getJsonArray("pressings");
        assertThat(pressings).hasSizeGreaterThan(300);
        var sleeve = box.send(HttpMethod.GET, "/images/900000001.svg", null);
        assertThat(sleeve.getHeader("Content-Type")).startsWith("image/svg+xml");
        assertThat(sleeve.bodyAsString()).contains("Blue Harbour");
        assertThat(box.send(HttpMethod.GET, "/itm/110700000001", null).statusCode())
                .isEqualTo(200);
        assertThat(box.send(HttpMethod.GET, "/control/nothing", null).statusCode())
                .isEqualTo(404);
    }

    private String everything() throws Exception {
        String filter = RunningSandbox.encoded("buyingOptions:{AUCTION|FIXED_PRICE}");
        return box.search("category_ids=176985&limit=200&filter=" + filter).bodyAsString()
                + box.discogs("/users/waxbarn/inventory?per_page=100").bodyAsString();
    }

    private void fault(String json) throws Exception {
        box.control(HttpMethod.PUT, "/fault", new JsonObject(json));
    }
}

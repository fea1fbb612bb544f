package io.waxwatch.sandbox;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DiscogsWireTest {

    private static final String BLUE_HARBOUR = "/marketplace/stats/900000001";
    private static final String SHOP = "HarbourLightsRecords";

    private RunningSandbox box;

    @BeforeEach
    void start() throws Exception {
        box = new RunningSandbox(SandboxOptions.defaults().withInitialListings(0));
    }

    @AfterEach
    void stop() throws Exception {
        box.close();
    }

    @Test
    void turns_away_who_does_not_say_who_they_are_with_html() throws Exception {
        var response = box.request(HttpMethod.GET, BLUE_HARBOUR).send().await(5, SECONDS);
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.getHeader("Content-Type")).startsWith("text/html");
        assertThat(response.bodyAsString()).startsWith("<!DOCTYPE html>");
    }

    @Test
    void tells_the_floor_in_the_asked_currency() throws Exception {
        floor(new JsonObject().put("lowestPrice", 20).put("currency", "EUR").put("numForSale", 3));
        assertThat(box.discogs(BLUE_HARBOUR + "?curr_abbr=EUR").bodyAsString())
                .isEqualTo("{\"num_for_sale\":3,\"lowest_price\":{\"value\":20.00,\"currency\":\"EUR\"},"
                        + "\"blocked_from_sale\":false}");
        assertThat(box.discogs(BLUE_HARBOUR).bodyAsJsonObject().getJsonObject("lowest_price"))
                .isEqualTo(new JsonObject().put("value", 22.0).put("currency", "USD"));
    }

    @Test
    void none_for_sale_is_two_nulls() throws Exception {
        floor(new JsonObject().put("numForSale", 0));
        JsonObject body = box.discogs(BLUE_HARBOUR).bodyAsJsonObject();
        assertThat(body.containsKey("num_for_sale")).isTrue();
        assertThat(body.getValue("num_for_sale")).isNull();
        assertThat(body.getValue("lowest_price")).isNull();
    }

    @Test
    void an_unknown_release_is_not_found() throws Exception {
        for (String uri : new String[] {"/marketplace/stats/1", "/releases/1", "/releases/none"}) {
            var response = box.discogs(uri);
            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(response.bodyAsJsonObject().getString("message")).isEqualTo("Release not found.");
        }
        assertThat(box.discogs("/marketplace/search?q=x").statusCode()).isEqualTo(404);
    }

    @Test
    void a_release_has_its_lowest_price_as_a_bare_number_in_dollars() throws Exception {
        floor(new JsonObject().put("lowestPrice", 20).put("currency", "EUR").put("numForSale", 3));
        JsonObject release = box.discogs("/releases/900000001?curr_abbr=EUR").bodyAsJsonObject();
        assertThat(release.getDouble("lowest_price")).isEqualTo(22.0);
        assertThat(release.getString("title")).isEqualTo("Blue Harbour");
        assertThat(release.getJsonArray("artists").getJsonObject(0).getString("name"))
                .isEqualTo("Marlow Quartet");
        assertThat(release.getJsonArray("formats").getJsonObject(0).getString("qty"))
                .isEqualTo("1");
        assertThat(release.getJsonArray("images")).hasSize(1);
    }

    @Test
    void gives_anonymous_callers_no_images_and_no_search() throws Exception {
        JsonObject release = box.anonymousDiscogs("/releases/900000001")
                .send()
                .await(5, SECONDS)
                .bodyAsJsonObject();
        assertThat(release.getString("thumb")).isEmpty();
        assertThat(release.containsKey("images")).isFalse();
        var search = box.anonymousDiscogs("/database/search?q=harbour").send().await(5, SECONDS);
        assertThat(search.statusCode()).isEqualTo(401);
        assertThat(search.getHeader("WWW-Authenticate")).startsWith("OAuth realm=");
    }

    @Test
    void searches_the_catalogue_only() throws Exception {
        JsonObject body = box.discogs("/database/search?type=release&artist=marlow%20quartet&release_title=blue")
                .bodyAsJsonObject();
        assertThat(body.getJsonObject("pagination").getInteger("items")).isEqualTo(2);
        assertThat(body.getJsonObject("pagination").getJsonObject("urls")).isEmpty();
        JsonObject row = body.getJsonArray("results").getJsonObject(0);
        assertThat(row.getString("title")).isEqualTo("Marlow Quartet - Blue Harbour");
        assertThat(row.getString("year")).isEqualTo("1963");
        assertThat(row.getString("uri")).isEqualTo("/release/900000001");
        assertThat(row.fieldNames()).doesNotContain("price", "lowest_price", "num_for_sale");
        assertThat(box.discogs("/database/search?type=master&q=blue+harbour")
                        .bodyAsJsonObject()
                        .getJsonArray("results"))
                .hasSize(1);
        assertThat(box.discogs("/database/search?type=release&catno=twl1034")
                        .bodyAsJsonObject()
                        .getJsonArray("results"))
                .hasSize(1);
    }

    @Test
    void tells_a_master_and_its_versions() throws Exception {
        JsonObject master = box.discogs("/masters/800000001").bodyAsJsonObject();
        assertThat(master.getLong("main_release")).isEqualTo(900_000_001L);
        JsonObject versions = box.discogs("/masters/800000001/versions").bodyAsJsonObject();
        assertThat(versions.getJsonArray("versions")).hasSize(2);
        assertThat(versions.getJsonArray("versions").getJsonObject(1).getString("format"))
                .isEqualTo("LP, Reissue");
        assertThat(box.discogs("/masters/7").statusCode()).isEqualTo(404);
    }

    @Test
    void shows_a_shops_newest_offer_first_and_knows_it_by_id() throws Exception {
        JsonObject made = box.control(
                HttpMethod.POST, "/offers", new JsonObject().put("seller", SHOP).put("price", "1.00"));
        assertThat(made.getLong("id")).isGreaterThan(1L << 31);
        JsonObject page = box.discogs("/users/" + SHOP.toLowerCase(Locale.ROOT)
                        + "/inventory?status=For%20Sale&sort=listed&sort_order=desc&per_page=250")
                .bodyAsJsonObject();
        assertThat(page.getJsonObject("pagination").getInteger("per_page")).isEqualTo(100);
        JsonObject first = page.getJsonArray("listings").getJsonObject(0);
        assertThat(first.getLong("id")).isEqualTo(made.getLong("id"));
        assertThat(first.getString("status")).isEqualTo("For Sale");
        assertThat(first.getJsonObject("seller").getString("username")).isEqualTo(SHOP);
        assertThat(first.getString("posted")).isEqualTo("2026-05-20T05:00:00-07:00");
        String listing = "/marketplace/listings/" + made.getLong("id");
        assertThat(box.discogs(listing).bodyAsJsonObject()).isEqualTo(first);
        assertThat(box.discogs(BLUE_HARBOUR)
                        .bodyAsJsonObject()
                        .getJsonObject("lowest_price")
                        .getDouble("value"))
                .isEqualTo(1.0);
        box.control(HttpMethod.DELETE, "/offers/" + made.getLong("id"), null);
        assertThat(box.discogs(listing).statusCode()).isEqualTo(404);
    }

    @Test
    void pages_an_inventory_up_to_the_cap() throws Exception {
        JsonObject page = box.discogs("/users/" + SHOP + "/inventory?per_page=10&page=2&status=For%20Sale")
                .bodyAsJsonObject();
        JsonObject urls = page.getJsonObject("pagination").getJsonObject("urls");
        assertThat(urls.getString("next"))
                .isEqualTo("http://127.0.0.1:" + box.port + "/users/" + SHOP
                        + "/inventory?status=For+Sale&page=3&per_page=10");
        assertThat(urls.fieldNames()).containsExactlyInAnyOrder("first", "prev", "next", "last");
        var beyond = box.discogs("/users/" + SHOP + "/inventory?page=101");
        assertThat(beyond.statusCode()).isEqualTo(403);
        assertThat(beyond.bodyAsJsonObject().getString("message"))
                .isEqualTo("Pagination above 100 disabled for inventories besides your own");
        assertThat(box.discogs("/users/" + SHOP + "/inventory?status=Gone").statusCode())
                .isEqualTo(422);
        assertThat(box.discogs("/users/nobody/inventory").statusCode()).isEqualTo(404);
    }

    @Test
    void knows_whose_token_it_is() throws Exception {
        assertThat(box.discogs("/oauth/identity").bodyAsJsonObject().getString("username"))
                .isEqualTo("sandbox-collector");
        var bare = box.anonymousDiscogs("/oauth/identity").send().await(5, SECONDS);
        assertThat(bare.statusCode()).isEqualTo(401);
        var wrong = box.anonymousDiscogs("/oauth/identity")
                .putHeader("Authorization", "Discogs token=nope")
                .send()
                .await(5, SECONDS);
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.getHeader("X-Discogs-Ratelimit")).isEqualTo("60");
    }

    @Test
    void allows_sixty_a_minute_in_a_window_that_moves() throws Exception {
        for (int i = 0; i < 60; i++) {
            assertThat(box.discogs(BLUE_HARBOUR).statusCode()).isEqualTo(200);
            if (i == 29) {
                box.clock.advance(Duration.ofSeconds(40));
            }
        }
        var refused = box.discogs(BLUE_HARBOUR);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.bodyAsJsonObject().getString("message")).isEqualTo("You are making requests too quickly.");
        assertThat(refused.getHeader("Retry-After")).isNull();
        assertThat(refused.getHeader("X-Discogs-Ratelimit-Remaining")).isEqualTo("0");
        box.clock.advance(Duration.ofSeconds(20));
        var again = box.discogs(BLUE_HARBOUR);
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.getHeader("X-Discogs-Ratelimit-Used")).isEqualTo("30");
    }

    @Test
    void allows_anonymous_callers_twenty_five() throws Exception {
        for (int i = 0; i < 25; i++) {
            box.anonymousDiscogs(BLUE_HARBOUR).send().await(5, SECONDS);
        }
        var refused = box.anonymousDiscogs(BLUE_HARBOUR).send().await(5, SECONDS);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.getHeader("X-Discogs-Ratelimit")).isEqualTo("25");
    }

    private void floor(JsonObject body) throws Exception {
        box.control(HttpMethod.PUT, "/floors/900000001", body);
    }
}

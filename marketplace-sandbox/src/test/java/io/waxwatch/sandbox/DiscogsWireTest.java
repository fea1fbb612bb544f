package io.waxwatch.sandbox;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                .isEqualTo("{\"num_for_sale\": 3, \"lowest_price\": {\"value\": 20.00, \"currency\": \"EUR\"},"
                        + " \"blocked_from_sale\": false}");
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
        assertThat(release.getJsonArray("images").getJsonObject(0).getString("uri"))
                .as("there is one, but not for them")
                .isEmpty();
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

    @ParameterizedTest
    @CsvSource({
        "/releases/1,404,Release not found.",
        "/masters/1,404,Master Release not found.",
        "/artists/1,404,Artist not found.",
        "/labels/1,404,Label not found.",
        "/lists/1,404,The requested resource was not found.",
        "/users/nobody,404,User does not exist or may have been deleted.",
        "/marketplace/search?q=x,404,The requested resource was not found.",
        "/nowhere,404,The requested resource was not found.",
        "/nowhere/at/all,404,The requested resource was not found.",
        "/users/waxbarn/wants,404,User does not exist or may have been deleted.",
        "/users/waxbarn/inventory?page=2,404,Page is out of range.",
        "/masters/800000001/versions?page=2,404,Page is out of range.",
        "/database/search?q=harbour&page=9,404,Page is out of range.",
        "/users/sandbox-collector/collection/folders/0/releases?page=9,404,Page is out of range.",
        "/marketplace/stats/900000001?curr_abbr=XXX,422,Invalid currency abbreviation."
    })
    void every_error_is_json_with_a_blank_before_its_message(String uri, int status, String message) throws Exception {
        var response = box.discogs(uri);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.getHeader("Content-Type")).isEqualTo("application/json");
        assertThat(response.bodyAsString()).isEqualTo("{\"message\": \"" + message + "\"}");
    }

    @Test
    void a_fault_looks_like_discogs_too() throws Exception {
        box.control(
                HttpMethod.PUT,
                "/fault",
                new JsonObject().put("provider", "discogs").put("mode", "rate-limit"));
        assertThat(box.discogs(BLUE_HARBOUR).bodyAsString())
                .isEqualTo("{\"message\": \"You are making requests too quickly.\"}");
    }

    @Test
    void names_the_neighbouring_pages_in_a_header_too_but_no_credentials() throws Exception {
        var response = box.anonymousDiscogs("/users/" + SHOP + "/inventory?per_page=10&page=2&token=sandbox-token")
                .send()
                .await(5, SECONDS);
        String base = "http://127.0.0.1:" + box.port + "/users/" + SHOP + "/inventory?page=";
        assertThat(response.getHeader("Link"))
                .isEqualTo("<" + base + "1&per_page=10>; rel=\"first\", <" + base + "1&per_page=10>; rel=\"prev\", <"
                        + base + "3&per_page=10>; rel=\"next\", <" + base + "3&per_page=10>; rel=\"last\"");
        assertThat(box.discogs("/masters/800000001/versions").getHeader("Link")).isNull();
    }

    @Test
    void filters_and_sorts_the_versions_of_a_master() throws Exception {
        String versions = "/masters/800000001/versions";
        assertThat(ids(versions + "?country=Japan")).containsExactly(900_000_004L);
        assertThat(ids(versions + "?released=1963&label=tidewater%20records")).containsExactly(900_000_001L);
        assertThat(ids(versions + "?format=Reissue")).containsExactly(900_000_004L);
        assertThat(ids(versions + "?format=CD")).isEmpty();
        assertThat(ids(versions + "?sort=released&sort_order=desc")).containsExactly(900_000_004L, 900_000_001L);
        assertThat(ids(versions + "?sort=catno")).as("TWJ-9034, TWL 1034").containsExactly(900_000_004L, 900_000_001L);
        JsonObject body = box.discogs(versions + "?country=Japan").bodyAsJsonObject();
        assertThat(body.getJsonObject("filters").getJsonObject("applied").getJsonArray("country"))
                .containsExactly("Japan");
        assertThat(body.getJsonObject("filters").getJsonObject("available").getJsonObject("country"))
                .isEqualTo(new JsonObject().put("US", 1).put("Japan", 1));
        assertThat(body.getJsonArray("filter_facets")).hasSize(4);
    }

    private List<Long> ids(String uri) throws Exception {
        return box.discogs(uri).bodyAsJsonObject().getJsonArray("versions").stream()
                .map(version -> ((JsonObject) version).getLong("id"))
                .toList();
    }

    @Test
    void looks_through_an_inventory_and_sorts_it() throws Exception {
        offer(900_000_001L, "30.00");
        offer(900_000_003L, "10.00");
        offer(900_000_002L, "20.00");
        assertThat(offers("q=blue+harbour")).contains("30.00").doesNotContain("10.00", "20.00");
        assertThat(offers("per_page=3")).as("newest first").containsExactly("20.00", "10.00", "30.00");
        assertThat(offers("per_page=3&sort=listed&sort_order=asc")).doesNotContain("20.00");
        // The shop's own are in another currency: it is not the numbers that are sorted.
        assertThat(offers("sort=price")).containsSubsequence("10.00", "20.00", "30.00");
        assertThat(offers("sort=price&sort_order=desc")).containsSubsequence("30.00", "20.00", "10.00");
        assertThat(inventory("sort=artist").stream()
                        .map(row ->
                                row.getJsonObject("release").getString("artist").toLowerCase(Locale.ROOT))
                        .toList())
                .isSorted();
        assertThat(inventory("status=All")).hasSize(33);
        assertThat(inventory("status=Sold"))
                .as("strangers see what is for sale")
                .isEmpty();
    }

    private void offer(long release, String price) throws Exception {
        box.clock.advance(Duration.ofSeconds(1));
        box.control(
                HttpMethod.POST,
                "/offers",
                new JsonObject().put("seller", SHOP).put("price", price).put("releaseId", release));
    }

    private List<JsonObject> inventory(String query) throws Exception {
        return box
                .discogs("/users/" + SHOP + "/inventory?" + query)
                .bodyAsJsonObject()
                .getJsonArray("listings")
                .stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    private List<String> offers(String query) throws Exception {
        return inventory(query).stream()
                .map(row -> new BigDecimal(
                                row.getJsonObject("price").getValue("value").toString())
                        .setScale(2)
                        .toPlainString())
                .toList();
    }

    @Test
    void finds_artists_and_labels_by_name_and_leads_to_them() throws Exception {
        JsonObject artist = only("/database/search?type=artist&q=marlow");
        assertThat(artist.getString("title")).isEqualTo("Marlow Quartet");
        assertThat(artist.getString("uri")).startsWith("/artist/");
        String address = artist.getString("resource_url").replace("http://127.0.0.1:" + box.port, "");
        assertThat(box.discogs(address).bodyAsJsonObject().getString("name")).isEqualTo("Marlow Quartet");
        assertThat(box.discogs(address + "/releases")
                        .bodyAsJsonObject()
                        .getJsonObject("pagination")
                        .getInteger("items"))
                .isEqualTo(3);
        JsonObject label = only("/database/search?type=label&q=disques+lanterne");
        assertThat(label.getString("type")).isEqualTo("label");
        assertThat(types("/database/search?q=tidewater")).containsExactlyInAnyOrder("master", "release", "label");
        assertThat(types("/database/search?type=artist&q=marlow&year=1963"))
                .as("a year is a record's")
                .isEmpty();
    }

    private JsonObject only(String uri) throws Exception {
        JsonArray results = box.discogs(uri).bodyAsJsonObject().getJsonArray("results");
        assertThat(results).hasSize(1);
        return results.getJsonObject(0);
    }

    private Set<String> types(String uri) throws Exception {
        return box.discogs(uri).bodyAsJsonObject().getJsonArray("results").stream()
                .map(row -> ((JsonObject) row).getString("type"))
                .collect(Collectors.toSet());
    }

    @Test
    void searches_by_what_stands_on_the_sleeve() throws Exception {
        JsonObject release = box.discogs("/releases/900000001").bodyAsJsonObject();
        String track = release.getJsonArray("tracklist").getJsonObject(1).getString("title");
        String credit = release.getJsonArray("extraartists").getJsonObject(0).getString("name");
        String submitter =
                release.getJsonObject("community").getJsonObject("submitter").getString("username");
        String query = "/database/search?type=release&catno=TWL1034&track=" + RunningSandbox.encoded(track) + "&credit="
                + RunningSandbox.encoded(credit) + "&submitter=" + submitter + "&contributor=" + submitter;
        assertThat(only(query).getLong("id")).isEqualTo(900_000_001L);
        assertThat(box.discogs("/database/search?type=release&catno=TWL1034&track=nosuchtrack")
                        .bodyAsJsonObject()
                        .getJsonArray("results"))
                .isEmpty();
        List<Integer> years = box
                .discogs("/database/search?type=release&sort=year&sort_order=desc&per_page=100")
                .bodyAsJsonObject()
                .getJsonArray("results")
                .stream()
                .map(row -> -Integer.parseInt(((JsonObject) row).getString("year")))
                .toList();
        assertThat(years).isSorted();
    }

    @Test
    void a_master_sums_up_what_its_versions_cost() throws Exception {
        floor(new JsonObject().put("lowestPrice", 20).put("numForSale", 3));
        box.control(
                HttpMethod.PUT,
                "/floors/900000004",
                new JsonObject().put("lowestPrice", 12).put("numForSale", 2));
        JsonObject master = box.discogs("/masters/800000001").bodyAsJsonObject();
        assertThat(master.getInteger("num_for_sale")).isEqualTo(5);
        assertThat(master.getDouble("lowest_price")).isEqualTo(12.0);
        assertThat(master.getLong("most_recent_release")).isEqualTo(900_000_004L);
        box.control(HttpMethod.PUT, "/floors/900000004", new JsonObject().put("numForSale", 0));
        floor(new JsonObject().put("numForSale", 0));
        assertThat(box.discogs("/masters/800000001").bodyAsJsonObject().getValue("lowest_price"))
                .isNull();
    }

    @Test
    void pages_for_people_are_html_and_their_addresses_are_in_the_bodies() throws Exception {
        JsonObject release = box.discogs("/releases/900000001").bodyAsJsonObject();
        JsonObject list = box.discogs("/lists/880001").bodyAsJsonObject();
        String video = release.getJsonArray("videos").getJsonObject(0).getString("uri");
        for (String uri : List.of(release.getString("uri"), list.getString("uri"), video)) {
            var page = box.request(HttpMethod.GET, uri.replace("http://127.0.0.1:" + box.port, ""))
                    .send()
                    .await(5, SECONDS);
            assertThat(page.statusCode()).as(uri).isEqualTo(200);
            assertThat(page.getHeader("Content-Type")).startsWith("text/html");
        }
    }

    @Test
    void every_address_of_a_release_leads_to_somebody() throws Exception {
        JsonObject release = box.discogs("/releases/900000003").bodyAsJsonObject();
        JsonObject master = box.discogs("/masters/800000003").bodyAsJsonObject();
        Set<String> addresses = new TreeSet<>();
        collect(release, addresses);
        collect(master, addresses);
        assertThat(addresses).hasSizeGreaterThan(8);
        for (String address : addresses) {
            assertThat(box.discogs(address.replace("http://127.0.0.1:" + box.port, ""))
                            .statusCode())
                    .as(address)
                    .isEqualTo(200);
        }
    }

    private static void collect(Object value, Set<String> addresses) {
        if (value instanceof JsonObject object) {
            object.forEach(entry -> {
                boolean api = List.of("resource_url", "master_url", "versions_url", "main_release_url")
                        .contains(entry.getKey());
                if (api && !entry.getValue().toString().endsWith(".svg")) {
                    addresses.add(entry.getValue().toString());
                }
                collect(entry.getValue(), addresses);
            });
        } else if (value instanceof JsonArray array) {
            array.forEach(item -> collect(item, addresses));
        }
    }
}

package io.waxwatch.sandbox;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the sandbox's bodies against the keys of real ones. Only the keys are in the project ({@code shapes.txt}), because the
 * bodies may not be published; with a folder of them ({@code -Dwaxwatch.providerFixtures=...}) the list is held against them.
 */
class ShapesTest {

    private static final String FIXTURES = System.getProperty("waxwatch.providerFixtures", "");

    /** What no shop of records has; see the head of the list. */
    private static final List<String> LEFT_OUT = List.of(
            "primaryProductReviewRating", "seller.sellerLegalInfo", "unitPric", "shippingOptions[].trademarkSymbol");

    private static RunningSandbox box;

    @BeforeAll
    static void start() throws Exception {
        box = new RunningSandbox(SandboxOptions.defaults().withInitialListings(400));
    }

    @AfterAll
    static void stop() throws Exception {
        box.close();
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                Arguments.of("discogs/release", List.of("/releases/900000001", "/releases/900000003")),
                Arguments.of("discogs/master", List.of("/masters/800000001")),
                Arguments.of(
                        "discogs/versions",
                        List.of(
                                "/masters/800000001/versions?per_page=1",
                                "/masters/800000001/versions?per_page=1&page=2")),
                Arguments.of(
                        "discogs/search",
                        List.of("/database/search?type=release&per_page=20", "/database/search?type=master")),
                Arguments.of("discogs/inventory", List.of("/users/waxbarn/inventory?per_page=10")),
                Arguments.of("discogs/listing", listings()),
                Arguments.of("discogs/stats", List.of("/marketplace/stats/900000001")),
                Arguments.of("discogs/user", List.of("/users/sandbox-collector")),
                Arguments.of("discogs/user", List.of("/users/waxbarn")),
                Arguments.of("discogs/folders", List.of("/users/sandbox-collector/collection/folders")),
                Arguments.of(
                        "discogs/collection",
                        List.of("/users/sandbox-collector/collection/folders/0/releases?per_page=10")),
                Arguments.of("discogs/value", List.of("/users/sandbox-collector/collection/value")),
                Arguments.of("discogs/list", List.of("/lists/880001")),
                Arguments.of("discogs/identity", List.of("/oauth/identity")),
                Arguments.of(
                        "ebay/search",
                        List.of(
                                "/buy/browse/v1/item_summary/search?category_ids=176985&limit=100",
                                "/buy/browse/v1/item_summary/search?category_ids=176985&limit=100&offset=100")),
                Arguments.of(
                        "ebay/search-extended",
                        List.of("/buy/browse/v1/item_summary/search?category_ids=176985&limit=100&fieldgroups="
                                + "ASPECT_REFINEMENTS,EXTENDED,MATCHING_ITEMS")),
                Arguments.of("ebay/item", items()),
                Arguments.of(
                        "ebay/warnings",
                        List.of("/buy/browse/v1/item_summary/search?q=nothing&filter=price:%5B..5%5D")),
                Arguments.of("ebay/rate-limit", List.of("/developer/analytics/v1_beta/rate_limit/?api_name=browse")));
    }

    /** Some may lack what others have. */
    private static List<String> listings() {
        return Stream.iterate(4_350_000_001L, id -> id + 1)
                .limit(6)
                .map(id -> "/marketplace/listings/" + id)
                .toList();
    }

    private static List<String> items() {
        return Stream.iterate(110_700_000_001L, id -> id + 1)
                .limit(30)
                .map(id -> "/buy/browse/v1/item/v1%7C" + id + "%7C0")
                .toList();
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void has_every_key_of_the_real_body(String name, List<String> uris) throws Exception {
        Set<String> keys = new TreeSet<>();
        for (String uri : uris) {
            HttpResponse<Buffer> response = name.startsWith("ebay/")
                    ? box.ebay(uri)
                            .putHeader("X-EBAY-C-ENDUSERCTX", "affiliateCampaignId=5338000000")
                            .send()
                            .await(5, SECONDS)
                    : box.discogs(uri);
            assertThat(response.statusCode()).as(uri).isEqualTo(200);
            collect(response.bodyAsJson(Object.class), "", keys);
        }
        assertThat(keys).containsAll(shapes().get(name));
    }

    @Test
    void every_shape_is_held_against_a_body() throws Exception {
        assertThat(bodies().map(arguments -> arguments.get()[0].toString())).containsAll(shapes().keySet());
    }

    @Test
    void the_list_has_every_key_of_the_real_bodies_at_hand() throws Exception {
        assumeFalse(FIXTURES.isBlank(), "skipped: no folder of real provider bodies (-Dwaxwatch.providerFixtures=...)");
        Map<String, String> files = new LinkedHashMap<>();
        files.put("discogs/release", "release-200-(2014|2020)");
        files.put("discogs/master", "master-200-(2020|eminem-2020)");
        files.put("discogs/versions", "master-versions-200-.*");
        files.put("discogs/search", "search-200-(2022|release-2014)");
        files.put("discogs/inventory", "inventory-200-2014");
        files.put("discogs/listing", "listing-200-2014");
        files.put("discogs/user", "user-200-2014");
        files.put("ebay/search", "search-200-us-.*|search-200-page-last");
        files.put("ebay/search-extended", "search-200-aspect-refinements-extended");
        files.put("ebay/item", "getItem-200-(us-[12]|gb-no-aspects)");
        for (var entry : files.entrySet()) {
            Set<String> keys = new TreeSet<>();
            Path folder = Path.of(FIXTURES, entry.getKey().split("/")[0]);
            try (Stream<Path> all = Files.list(folder)) {
                for (Path file : all.filter(
                                path -> path.getFileName().toString().matches("(" + entry.getValue() + ")\\.json"))
                        .toList()) {
                    collect(Json.decodeValue(Files.readString(file)), "", keys);
                }
            }
            keys.removeIf(key -> LEFT_OUT.stream().anyMatch(key::startsWith));
            assertThat(keys).as(entry.getKey()).isNotEmpty();
            assertThat(shapes().get(entry.getKey())).as(entry.getKey()).containsAll(keys);
        }
    }

    private static Map<String, Set<String>> shapes() throws IOException {
        Map<String, Set<String>> shapes = new LinkedHashMap<>();
        try (InputStream in = ShapesTest.class.getResourceAsStream("shapes.txt")) {
            Set<String> current = new TreeSet<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                if (line.startsWith("[")) {
                    current = shapes.computeIfAbsent(line.substring(1, line.length() - 1), name -> new TreeSet<>());
                } else if (!line.isBlank() && !line.startsWith("#")) {
                    current.add(line);
                }
            }
        }
        return shapes;
    }

    private static void collect(Object value, String path, Set<String> keys) {
        if (value instanceof JsonObject object) {
            object.forEach(entry -> {
                keys.add(path + entry.getKey());
                collect(entry.getValue(), path + entry.getKey() + ".", keys);
            });
        } else if (value instanceof Map<?, ?> map) {
            collect(new JsonObject(Json.encode(map)), path, keys);
        } else if (value instanceof JsonArray array) {
            array.forEach(item -> collect(item, path.substring(0, path.length() - 1) + "[].", keys));
        }
    }
}

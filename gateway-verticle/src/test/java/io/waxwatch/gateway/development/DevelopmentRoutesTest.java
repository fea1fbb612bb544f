package io.waxwatch.gateway.development;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.bus.BusMessage.DevListing;
import io.waxwatch.common.bus.BusMessage.DevListingTaken;
import io.waxwatch.common.bus.BusMessage.DevRuleRan;
import io.waxwatch.common.bus.BusMessage.DevRuleRun;
import io.waxwatch.common.bus.BusMessage.ProvidersAsked;
import io.waxwatch.common.bus.BusMessage.ProvidersTold;
import io.waxwatch.common.bus.ProviderState;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.testing.TestDatabase;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import io.waxwatch.gateway.testing.TestGateway.User;
import io.waxwatch.gateway.testing.TestIssuer;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The developers' routes and the capabilities, with the provider's side of the bus in the test's hands. */
class DevelopmentRoutesTest {

    private static final String INGEST = "/api/dev/listings/ingest";
    private static final String LISTING =
            "{\"provider\":\"eBay\",\"external_id\":\"v1|1|0\",\"url\":\"https://www.ebay.com/itm/1\","
                    + "\"title\":\"Neu! 75\",\"price\":\"20.5\",\"currency\":\"eur\",\"raw\":{\"a\":[1]}}";

    private TestGateway gateway;
    private final List<Bus.Registration> served = new ArrayList<>();

    @BeforeEach
    void start() {
        gateway = TestGateway.start(Map.of());
    }

    @AfterEach
    void stop() {
        served.forEach(registration -> TestNode.await(registration.unregister()));
        gateway.close();
    }

    private UUID stored() {
        UUID id = UUID.randomUUID();
        gateway.sql(
                "INSERT INTO listings (id, provider, external_id, url, title, normalized_title, price, currency, status,"
                        + " first_seen_at, last_seen_at) VALUES ($1, 'ebay', 'v1|1|0', 'https://www.ebay.com/itm/1', 'Neu! 75',"
                        + " 'neu 75', 20.50, 'EUR', 'active', now(), now())",
                id);
        return id;
    }

    @Test
    void hands_a_listing_to_the_provider_and_shows_what_became_of_it() {
        var asked = new AtomicReference<DevListing>();
        UUID id = stored();
        served.add(TestNode.await(gateway.node().bus().serve(Topics.DEV_LISTING, (DevListing listing) -> {
            asked.set(listing);
            return Future.succeededFuture(new DevListingTaken(id, true, true, 2));
        })));

        Reply taken = gateway.user().post(INGEST, new JsonObject(LISTING));

        assertThat(taken.status()).isEqualTo(200);
        assertThat(asked.get())
                .isEqualTo(new DevListing(
                        "ebay",
                        "v1|1|0",
                        "https://www.ebay.com/itm/1",
                        "Neu! 75",
                        new BigDecimal("20.50"),
                        "EUR",
                        null,
                        null,
                        null,
                        null,
                        null,
                        "{\"a\":[1]}"));
        assertThat(taken.json().getBoolean("created_listing")).isTrue();
        assertThat(taken.json().getInteger("created_matches")).isEqualTo(2);
        JsonObject listing = taken.json().getJsonObject("listing");
        assertThat(listing.getString("normalized_title")).isEqualTo("neu 75");
        assertThat(listing.getString("public_url")).isEqualTo("/api/outbound/ebay/" + id);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "provider|\"amazon\"|400|is not a valid Provider; give discogs, ebay, mock, musicbrainz, spotify",
                "provider|\"\"|422|string_too_short",
                "price|null|422|value_error",
                "price|-1|422|greater_than_equal",
                "currency|\"EURO\"|422|string_too_long",
                "condition|\"a condition of more than thirty letters\"|422|string_too_long",
                "raw|[]|422|dict_type",
                "title|7|422|string_type"
            })
    void refuses_what_is_no_listing(String field, String value, int status, String what) {
        var body = new JsonObject(LISTING).mergeIn(new JsonObject("{\"" + field + "\":" + value + "}"));
        Reply refused = gateway.user().post(INGEST, body);
        assertThat(refused.status()).isEqualTo(status);
        assertThat(status == 400 ? refused.message() : refused.violation().getString("type"))
                .endsWith(what);
    }

    @Test
    void runs_a_rule_of_the_caller() {
        var asked = new CopyOnWriteArrayList<DevRuleRun>();
        served.add(TestNode.await(gateway.node().bus().serve(Topics.DEV_RULE_RUN, (DevRuleRun run) -> {
            asked.add(run);
            return Future.succeededFuture(new DevRuleRan(4, 3, 2, 1));
        })));
        User ann = gateway.user();
        String rule =
                ann.post("/api/watch-rules", new JsonObject().put("name", "a")).id();
        String path = "/api/dev/rules/" + rule + "/run";

        assertThat(ann.post(path, null).json())
                .isEqualTo(new JsonObject()
                        .put("rule_id", rule)
                        .put("fetched", 4)
                        .put("listings_created", 3)
                        .put("snapshots_created", 2)
                        .put("matches_created", 1));
        assertThat(ann.post(path + "?limit=50", null).status()).isEqualTo(200);
        assertThat(asked)
                .containsExactly(new DevRuleRun(UUID.fromString(rule), 20), new DevRuleRun(UUID.fromString(rule), 50));

        assertThat(ann.post(path + "?limit=51", null).status()).isEqualTo(422);
        for (Reply missing : List.of(
                gateway.user().post(path, null), ann.post("/api/dev/rules/" + UUID.randomUUID() + "/run", null))) {
            assertThat(missing.status()).isEqualTo(404);
            assertThat(missing.message()).isEqualTo("Rule not found");
        }
        assertThat(asked).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"staging", "prod", "whatever"})
    void elsewhere_there_are_no_such_routes(String environment) {
        String keys = gateway.issuer().url() + "/.well-known/jwks.json";
        try (TestGateway production = TestGateway.beside(
                gateway,
                TestDatabase.fresh(),
                Map.of(
                        "ENVIRONMENT", environment,
                        "AUTH_JWKS_URL", keys,
                        "DEV_AUTO_CREATE_USERS", "true"))) {
            User ann = production.user();
            for (String path : List.of(INGEST, "/api/dev/rules/" + UUID.randomUUID() + "/run")) {
                Reply unknown = TestNode.await(production
                        .request(HttpMethod.POST, path)
                        .putHeader("authorization", "Bearer " + ann.token)
                        .send()
                        .map(Reply::new));
                assertThat(unknown.status()).isEqualTo(404);
                assertThat(unknown.message()).isEqualTo("Not Found");
            }
        }
    }

    @Test
    void says_what_the_provider_says_when_it_cannot() {
        User ann = gateway.user();
        assertThat(ann.post(INGEST, new JsonObject(LISTING)).status()).isEqualTo(503);
        String rule =
                ann.post("/api/watch-rules", new JsonObject().put("name", "a")).id();
        served.add(TestNode.await(gateway.node()
                .bus()
                .serve(
                        Topics.DEV_RULE_RUN,
                        (DevRuleRun run) -> Future.failedFuture(new Failure(
                                FailureKind.CONFLICT, "Provider 'ebay' is disabled: missing required config")))));
        Reply refused = ann.post("/api/dev/rules/" + rule + "/run", null);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.message()).isEqualTo("Provider 'ebay' is disabled: missing required config");
    }

    @Test
    void tells_what_the_marketplaces_are_good_for() {
        User ann = gateway.user();
        JsonArray silent = ann.get("/api/providers").list();
        assertThat(silent.getJsonObject(0))
                .isEqualTo(new JsonObject("{\"provider\":\"discogs\",\"enabled\":false,"
                        + "\"reason\":\"no provider service answers\",\"searches\":[],\"filters\":[]}"));
        served.add(TestNode.await(gateway.node()
                .bus()
                .serve(
                        Topics.PROVIDERS,
                        (ProvidersAsked asked) -> Future.succeededFuture(new ProvidersTold(List.of(
                                new ProviderState("discogs", false, "missing", List.of("release"), List.of(), null),
                                new ProviderState(
                                        "ebay", true, null, List.of("sweep", "query"), List.of("q"), "half_open")))))));
        assertThat(ann.get("/api/providers").list())
                .isEqualTo(new JsonArray("[{\"provider\":\"discogs\",\"enabled\":false,\"reason\":\"missing\","
                        + "\"searches\":[\"release\"],\"filters\":[]},{\"provider\":\"ebay\",\"enabled\":true,\"reason\":null,"
                        + "\"searches\":[\"sweep\",\"query\"],\"filters\":[\"q\"]}]"));
        UUID id = UUID.randomUUID();
        User admin = gateway
        .new User(
                id,
                TestIssuer.sign(
                        gateway.issuer().claims(id).claim("role", "admin").build()));
        JsonArray all = admin.get("/api/providers").list();
        assertThat(all.getJsonObject(0).getMap()).containsEntry("breaker", null);
        assertThat(all.getJsonObject(1).getMap()).containsEntry("breaker", "half_open");
        assertThat(all.getJsonObject(0).getJsonArray("warnings")).isEmpty();
        assertThat(all.getJsonObject(1).getJsonArray("warnings").getString(0))
                .endsWith("missing required config: ebay_deletion_verification_token, ebay_deletion_endpoint_url");
    }
}

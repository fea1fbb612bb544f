package io.waxwatch.gateway.watchrules;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import io.waxwatch.gateway.testing.TestGateway.User;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The money of a rule has its currency from birth. */
class RuleMoneyTest {

    private static final String RULES = "/api/watch-rules";
    private static final String CAPPED = "{\"keywords\":[\"tides\"],\"max_price\":3000}";

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static void prefers(User user, String currency) {
        JsonObject preferences = new JsonObject().put("currency", currency);
        assertThat(user.patch("/api/me", new JsonObject().put("preferences", preferences))
                        .status())
                .isEqualTo(200);
    }

    private static Reply create(User user, String query) {
        Reply created = user.post(RULES, new JsonObject().put("name", "a").put("query", new JsonObject(query)));
        assertThat(created.status()).isEqualTo(201);
        return created;
    }

    private static void assertMoney(Reply rule, String currency, boolean defaulted) {
        assertThat(rule.json().getJsonObject("query").getString("currency")).isEqualTo(currency);
        assertThat(rule.json().getBoolean("currency_defaulted")).isEqualTo(defaulted);
    }

    @Test
    void a_change_of_the_profile_turns_no_dollars_into_yen() {
        User ann = gateway.user();
        Reply created = create(ann, CAPPED);
        assertMoney(created, "USD", true);

        prefers(ann, "JPY");

        assertMoney(ann.get(RULES + "/" + created.id()), "USD", true);
        assertThat(ann.get(RULES).list().getJsonObject(0).getBoolean("currency_defaulted"))
                .isTrue();
        assertMoney(create(ann, CAPPED), "JPY", true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"keywords\":[\"tides\"],\"min_price\":5}",
                "{\"keywords\":[\"tides\"],\"max_price\":5,\"currency\":null}",
                "{\"keywords\":[\"tides\"],\"max_price\":0,\"currency\":\" \"}"
            })
    void a_bound_without_a_currency_is_in_that_of_the_owner(String query) {
        User ann = gateway.user();
        prefers(ann, "EUR");
        assertMoney(create(ann, query), "EUR", true);
    }

    @Test
    void what_is_named_stays_as_it_is_named() {
        User ann = gateway.user();
        prefers(ann, "EUR");
        assertMoney(create(ann, "{\"keywords\":[\"tides\"],\"max_price\":5,\"currency\":\"gbp\"}"), "gbp", false);
        assertMoney(create(ann, "{\"keywords\":[\"tides\"]}"), null, false);
    }

    @Test
    void a_change_that_brings_a_price_or_takes_the_currency_away_brings_the_owners_of_then() {
        User ann = gateway.user();
        prefers(ann, "EUR");
        String path = RULES + "/" + create(ann, "{\"keywords\":[\"tides\"]}").id();

        prefers(ann, "GBP");
        assertMoney(ann.patch(path, query("{\"max_price\":20}")), "GBP", true);
        assertMoney(ann.patch(path, query("{\"currency\":\"JPY\"}")), "JPY", false);
        assertMoney(ann.patch(path, query("{\"max_price\":30}")), "JPY", false);
        assertMoney(ann.patch(path, query("{\"currency\":null}")), "GBP", true);

        String updated = ann.get(path).json().getString("updated_at");
        assertThat(ann.patch(path, query("{\"currency\":null}")).json().getString("updated_at"))
                .as("the same again changes nothing")
                .isEqualTo(updated);
        prefers(ann, "EUR");
        assertMoney(ann.patch(path, query("{\"max_price\":40}")), "GBP", true);
    }

    @Test
    void a_currency_that_came_with_a_bound_goes_with_it() {
        User ann = gateway.user();
        prefers(ann, "EUR");
        String path = RULES + "/" + create(ann, CAPPED).id();
        assertMoney(ann.patch(path, query("{\"max_price\":null}")), null, false);
        prefers(ann, "GBP");
        assertMoney(ann.patch(path, query("{\"min_price\":5}")), "GBP", true);
        assertMoney(ann.patch(path, query("{\"min_price\":null,\"currency\":\"EUR\"}")), "EUR", false);
        assertMoney(ann.patch(path, query("{\"max_price\":9}")), "EUR", false);
    }

    @Test
    void a_preview_shows_the_currency_that_the_rule_would_have() {
        User ann = gateway.user();
        prefers(ann, "EUR");
        assertMoney(ann.post(RULES + "/preview", query(CAPPED)), "EUR", true);
    }

    @Test
    void a_saved_search_is_priced_alike() {
        User ann = gateway.user();
        prefers(ann, "EUR");
        assertMoney(
                ann.post(
                        "/api/search/save-alert",
                        new JsonObject()
                                .put("name", "a")
                                .put(
                                        "query",
                                        new JsonObject()
                                                .put("keywords", new JsonArray().add("tides"))
                                                .put("max_price", 30))),
                "EUR",
                true);
    }

    @Test
    void a_watch_release_without_a_currency_takes_the_owners_of_now_and_keeps_it() {
        User ann = gateway.user();
        prefers(ann, "EUR");
        JsonObject release = new JsonObject("{\"discogs_release_id\":1,\"title\":\"a\",\"target_price\":20}");
        Reply made = ann.post("/api/watch-releases", release);
        assertThat(made.json().getString("currency")).isEqualTo("EUR");

        prefers(ann, "JPY");
        assertThat(ann.get("/api/watch-releases/" + made.id()).json().getString("currency"))
                .isEqualTo("EUR");
        assertThat(ann.patch("/api/watch-releases/" + made.id(), new JsonObject().put("target_price", 15))
                        .json()
                        .getString("currency"))
                .isEqualTo("EUR");
        assertThat(gateway.user().post("/api/watch-releases", release).json().getString("currency"))
                .isEqualTo("USD");
    }

    private static JsonObject query(String query) {
        return new JsonObject().put("query", new JsonObject(query));
    }
}

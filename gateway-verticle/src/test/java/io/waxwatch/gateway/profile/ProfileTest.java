package io.waxwatch.gateway.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.bus.BusMessage.WatchesChanged;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.settings.DatabaseAddress;
import io.waxwatch.common.testing.TestDatabase;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.testing.SseClient;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import io.waxwatch.gateway.testing.TestGateway.User;
import io.waxwatch.gateway.testing.TestIssuer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("postgresql")
class ProfileTest {

    private static final DatabaseAddress DATABASE = TestDatabase.fresh();

    private static TestGateway gateway;
    private static TestGateway other;

    @BeforeAll
    static void start() {
        gateway = TestGateway.on(DATABASE, Map.of());
        other = TestGateway.beside(gateway, DATABASE, Map.of());
    }

    @AfterAll
    static void stop() {
        other.close();
        gateway.close();
    }

    private static JsonObject preferences(String json) {
        return new JsonObject().put("preferences", new JsonObject(json));
    }

    private static JsonObject rule(String keyword) {
        return new JsonObject()
                .put("name", keyword)
                .put("query", new JsonObject("{\"keywords\":[\"" + keyword + "\"]}"));
    }

    private static JsonObject release(int id) {
        return new JsonObject().put("discogs_release_id", id).put("title", "Tago Mago");
    }

    /** The same user at the other gateway. */
    private static User there(User user) {
        return other.new User(user.id, user.token);
    }

    @Test
    void shows_the_account_with_every_preference() {
        User ann = gateway.user();
        ann.post("/api/watch-rules", rule("can"));
        JsonObject profile = ann.get("/api/me").json();
        assertThat(profile.getMap().keySet())
                .containsExactly(
                        "id",
                        "email",
                        "email_delivery",
                        "display_name",
                        "is_active",
                        "email_suppressed",
                        "preferences",
                        "integrations",
                        "created_at",
                        "updated_at");
        assertThat(profile.getString("id")).isEqualTo(ann.id.toString());
        assertThat(profile.getJsonObject("preferences"))
                .isEqualTo(new JsonObject("{\"timezone\":null,\"currency\":null,\"notifications_email\":true,"
                        + "\"notifications_push\":true,\"quiet_hours_start\":null,\"quiet_hours_end\":null,"
                        + "\"notification_timezone\":null,\"delivery_frequency\":\"instant\"}"));
        assertThat(profile.getJsonArray("integrations"))
                .isEqualTo(new JsonArray("[{\"provider\":\"discogs\",\"linked\":false,\"watch_rule_count\":1},"
                        + "{\"provider\":\"ebay\",\"linked\":false,\"watch_rule_count\":1}]"));
        assertThat(gateway.user().get("/api/me").json().getString("id")).isNotEqualTo(ann.id.toString());
    }

    @Test
    void says_that_an_address_gets_no_mails_and_why_until_its_owner_lifts_it() {
        User ann = gateway.user();
        JsonObject before = ann.get("/api/me").json();
        assertThat(before.containsKey("email_suppressed")).isTrue();
        assertThat(before.getValue("email_suppressed")).isNull();

        gateway.sql(
                "INSERT INTO suppressed_addresses VALUES (lower($1), '550 5.1.1 no such user', '2026-11-21T12:00:00Z')",
                before.getString("email"));
        JsonObject suppressed = ann.get("/api/me").json().getJsonObject("email_suppressed");
        assertThat(suppressed)
                .isEqualTo(
                        new JsonObject().put("reason", "550 5.1.1 no such user").put("since", "2026-11-21T12:00:00Z"));
        assertThat(gateway.user().get("/api/me").json().getValue("email_suppressed"))
                .as("somebody else's is their own")
                .isNull();

        for (int times = 0; times < 2; times++) {
            Reply lifted = ann.delete("/api/me/email-suppression");
            assertThat(lifted.status()).isEqualTo(200);
            assertThat(lifted.json().getValue("email_suppressed")).isNull();
        }
        assertThat(ann.get("/api/me").json()).isEqualTo(before);
    }

    @Test
    void merges_preferences_and_lets_null_clear_what_can_be_empty() {
        User ann = gateway.user();
        JsonObject named = ann.patch("/api/me", new JsonObject().put("display_name", "Ann"))
                .json();
        assertThat(named.getString("display_name")).isEqualTo("Ann");

        ann.patch(
                "/api/me",
                preferences("{\"timezone\":\"Europe/Berlin\",\"currency\":\"eur\",\"quiet_hours_start\":\"22\","
                        + "\"quiet_hours_end\":7,\"notifications_email\":\"off\",\"delivery_frequency\":\"daily\","
                        + "\"shoe_size\":41}"));
        JsonObject changed = ann.patch(
                        "/api/me",
                        preferences("{\"timezone\":null,\"quiet_hours_start\":null,\"quiet_hours_end\":null,"
                                + "\"notifications_email\":null,\"delivery_frequency\":null,"
                                + "\"notification_timezone\":\"Asia/Tokyo\"}"))
                .json();

        assertThat(changed.getString("display_name")).isEqualTo("Ann");
        assertThat(changed.getJsonObject("preferences"))
                .isEqualTo(new JsonObject("{\"timezone\":null,\"currency\":\"EUR\",\"notifications_email\":false,"
                        + "\"notifications_push\":true,\"quiet_hours_start\":null,\"quiet_hours_end\":null,"
                        + "\"notification_timezone\":\"Asia/Tokyo\",\"delivery_frequency\":\"daily\"}"));
        assertThat(ann.get("/api/me").json()).isEqualTo(changed);
        // Nothing changes, so nothing is written.
        assertThat(ann.patch("/api/me", preferences("{\"currency\":\"EUR\"}").put("display_name", null))
                        .json())
                .isEqualTo(changed);
        assertThat(ann.get("/api/events").list()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"display_name\":\"\"}|string_too_short|body,display_name|String should have at least 1 character",
                "{\"display_name\":7}|string_type|body,display_name|Input should be a valid string",
                "{\"preferences\":[]}|model_attributes_type|body,preferences"
                        + "|Input should be a valid dictionary or object to extract fields from",
                "{\"preferences\":{\"timezone\":\"Nope/Zone\"}}|value_error|body,preferences,timezone"
                        + "|Value error, unknown time zone; give a region of the IANA database, such as Europe/Berlin or"
                        + " America/New_York",
                "{\"preferences\":{\"notification_timezone\":\"\"}}|value_error|body,preferences,notification_timezone"
                        + "|Value error, unknown time zone; give a region of the IANA database, such as Europe/Berlin or"
                        + " America/New_York",
                "{\"preferences\":{\"timezone\":\"SystemV/AST4\"}}|value_error|body,preferences,timezone"
                        + "|Value error, unknown time zone; give a region of the IANA database, such as Europe/Berlin or"
                        + " America/New_York",
                "{\"preferences\":{\"currency\":\"EURO\"}}|string_too_long|body,preferences,currency"
                        + "|String should have at most 3 characters",
                "{\"preferences\":{\"currency\":\"e!r\"}}|value_error|body,preferences,currency"
                        + "|Value error, unknown currency; give three letters of ISO 4217 for one that is in use, such as EUR",
                "{\"preferences\":{\"currency\":\"\u0131dr\"}}|value_error|body,preferences,currency"
                        + "|Value error, unknown currency; give three letters of ISO 4217 for one that is in use, such as EUR",
                "{\"preferences\":{\"currency\":\"DEM\"}}|value_error|body,preferences,currency"
                        + "|Value error, unknown currency; give three letters of ISO 4217 for one that is in use, such as EUR",
                "{\"preferences\":{\"quiet_hours_start\":24}}|less_than_equal|body,preferences,quiet_hours_start"
                        + "|Input should be less than or equal to 23",
                "{\"preferences\":{\"quiet_hours_end\":-1}}|greater_than_equal|body,preferences,quiet_hours_end"
                        + "|Input should be greater than or equal to 0",
                "{\"preferences\":{\"notifications_push\":\"maybe\"}}|bool_parsing|body,preferences,notifications_push"
                        + "|Input should be a valid boolean, unable to interpret input",
                "{\"preferences\":{\"delivery_frequency\":\"weekly\"}}|literal_error"
                        + "|body,preferences,delivery_frequency|Input should be 'instant', 'hourly' or 'daily'",
            })
    void refuses_what_cannot_be_a_profile(String body, String type, String loc, String message) {
        User ann = gateway.user();
        JsonObject before = ann.get("/api/me").json();
        Reply refused = ann.patch("/api/me", new JsonObject(body));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.violation().getString("type")).isEqualTo(type);
        assertThat(refused.violation().getJsonArray("loc")).isEqualTo(new JsonArray(List.of(loc.split(","))));
        assertThat(refused.violation().getString("msg")).isEqualTo(message);
        assertThat(ann.get("/api/me").json()).isEqualTo(before);
    }

    @Test
    void a_new_currency_is_no_news_for_the_rules_whose_money_has_one_from_birth() {
        User ann = gateway.user();
        UUID rule = UUID.fromString(ann.post("/api/watch-rules", rule("neu")).id());
        gateway.allNumbered();
        gateway.sql("DELETE FROM first_looks WHERE subject_id = $1", rule);

        assertThat(ann.patch("/api/me", preferences("{\"currency\":\"GBP\"}")).status())
                .isEqualTo(200);

        gateway.allNumbered();
        assertThat(gateway.count("SELECT count(*) FROM first_looks WHERE subject_id = $1", rule))
                .isZero();
        assertThat(gateway.count("SELECT count(*) FROM watch_changes WHERE subject_id = $1", rule))
                .isEqualTo(1);
    }

    @Test
    void deactivating_lays_every_watch_to_rest_and_cancels_what_is_not_yet_sent() {
        User ann = gateway.user();
        User bob = gateway.user();
        UUID rule = UUID.fromString(ann.post("/api/watch-rules", rule("amon")).id());
        ann.post("/api/watch-rules", rule("shared"));
        bob.post("/api/watch-rules", rule("shared"));
        UUID release =
                UUID.fromString(ann.post("/api/watch-releases", release(4711)).id());
        gateway.allNumbered();
        long bobs = gateway.count("SELECT count(*) FROM notification_deliveries");
        var changes = new CopyOnWriteArrayList<WatchesChanged>();
        TestNode.await(gateway.node().bus().listen(Topics.WATCHES_CHANGED, changes::add));

        Reply ended = ann.delete("/api/me");

        assertThat(ended.status()).isEqualTo(200);
        assertThat(ended.json().getBoolean("success")).isTrue();
        assertThat(ended.json().getString("deactivated_at"))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{6})?Z");
        assertThat(gateway.count(
                        "SELECT (SELECT count(*) FROM watch_search_rules WHERE user_id = $1 AND is_active)"
                                + " + (SELECT count(*) FROM watch_releases WHERE user_id = $1 AND is_active)",
                        ann.id))
                .isZero();
        assertThat(gateway.count(
                        "SELECT count(*) FROM polls WHERE canonical_key LIKE '%|amon' OR canonical_key LIKE '4711|%'"))
                .isZero();
        assertThat(gateway.count("SELECT count(*) FROM polls p JOIN poll_rules r ON r.poll_id = p.id"
                        + " WHERE canonical_key LIKE '%|shared'"))
                .isEqualTo(1);
        for (UUID watch : List.of(rule, release)) {
            long revision = gateway.count("SELECT max(revision) FROM watch_changes WHERE subject_id = $1", watch);
            assertThat(gateway.count("SELECT count(*) FROM watch_changes WHERE subject_id = $1", watch))
                    .isEqualTo(2);
            TestNode.eventually(
                    "told on the bus", 5000, () -> changes.stream().anyMatch(news -> news.revision() >= revision));
        }
        assertThat(gateway.count(
                        "SELECT count(*) FROM notifications WHERE user_id = $1 AND status <> 'failed'", ann.id))
                .isZero();
        assertThat(gateway.count("SELECT count(*) FROM notifications WHERE user_id = $1", ann.id))
                .isEqualTo(6);
        assertThat(gateway.count("SELECT count(*) FROM notification_deliveries"))
                .isEqualTo(bobs - 6);

        assertThat(ann.delete("/api/me").message()).isEqualTo("User account is inactive");
        assertThat(ann.get("/api/me").status()).isEqualTo(403);
        assertThat(bob.get("/api/me").status()).isEqualTo(200);
    }

    @Test
    void of_two_deactivations_at_once_one_succeeds() {
        User ann = gateway.user();
        ann.post("/api/watch-rules", rule("faust"));
        there(ann).get("/api/me");
        List<Integer> statuses = both(
                ann.sending(HttpMethod.DELETE, "/api/me", null),
                there(ann).sending(HttpMethod.DELETE, "/api/me", null));
        assertThat(statuses).containsExactlyInAnyOrder(200, 403);
    }

    @Test
    void a_gateway_that_has_not_heard_of_the_deactivation_can_still_not_wake_a_watch() {
        User ann = gateway.user();
        String path = "/api/watch-rules/"
                + ann.post("/api/watch-rules", rule("cluster")).id();
        assertThat(there(ann).get("/api/me").status()).isEqualTo(200);
        ann.delete("/api/me");
        Reply woken = there(ann).patch(path, new JsonObject().put("is_active", true));
        assertThat(woken.status()).isEqualTo(403);
        assertThat(woken.message()).isEqualTo("User account is inactive");
        assertThat(there(ann).post("/api/watch-releases", release(1)).status()).isEqualTo(403);
        assertThat(gateway.count("SELECT count(*) FROM watch_search_rules WHERE user_id = $1 AND is_active", ann.id))
                .isZero();
    }

    @Test
    void a_hard_delete_takes_everything_owned_and_nothing_else() {
        User ann = gateway.user();
        User bob = gateway.user();
        for (User user : List.of(ann, bob)) {
            ownEverything(user);
        }
        ann.delete("/api/me");

        Reply deleted = ann.delete("/api/me/hard-delete");

        assertThat(deleted.status()).isEqualTo(200);
        assertThat(deleted.json().getMap().keySet()).containsExactly("success", "deleted_at");
        for (String table : OWNED) {
            assertThat(gateway.count("SELECT count(*) FROM " + table + " WHERE user_id = $1", ann.id))
                    .as(table)
                    .isZero();
            assertThat(gateway.count("SELECT count(*) FROM " + table + " WHERE user_id = $1", bob.id))
                    .as(table)
                    .isPositive();
        }
        assertThat(gateway.count("SELECT count(*) FROM users WHERE id = $1", ann.id))
                .isZero();
        assertThat(gateway.count("SELECT count(*) FROM listings")).isPositive();

        // The old token does not bring the account back; a new one begins anew.
        for (User user : List.of(ann, there(ann))) {
            Reply again = user.delete("/api/me/hard-delete");
            assertThat(again.status()).isEqualTo(404);
            assertThat(again.message()).isEqualTo("User profile not found");
        }
        assertThat(ann.get("/api/me").status()).isEqualTo(404);
        assertThat(ann.get("/api/watch-rules").list()).isEmpty();
        assertThat(ann.post("/api/watch-rules", rule("x")).message()).isEqualTo("Unknown user");
        assertThat(fresh(ann).get("/api/me").json().getString("id")).isEqualTo(ann.id.toString());
    }

    private static final List<String> OWNED = List.of(
            "watch_search_rules",
            "watch_releases",
            "events",
            "notifications",
            "user_streams",
            "user_notification_preferences",
            "external_account_links",
            "import_jobs",
            "provider_requests",
            "outbound_clicks");

    private static void ownEverything(User user) {
        user.post("/api/watch-rules", rule("sun ra"));
        user.post("/api/watch-releases", release(99));
        user.patch("/api/me", preferences("{\"quiet_hours_start\":1}"));
        Stream.of(
                        "INSERT INTO external_account_links (id, user_id, provider, external_user_id, connected_at, created_at,"
                                + " updated_at) VALUES (gen_random_uuid(), $1, 'discogs', 'x', now(), now(), now())",
                        "INSERT INTO import_jobs (id, user_id, provider, import_scope, status, page, processed_count,"
                                + " imported_count, created_count, updated_count, error_count, created_at, updated_at)"
                                + " VALUES (gen_random_uuid(), $1, 'discogs', 'both', 'completed', 1, 0, 0, 0, 0, 0, now(),"
                                + " now())",
                        "INSERT INTO provider_requests (id, user_id, provider, endpoint, method, created_at)"
                                + " VALUES (gen_random_uuid(), $1, 'ebay', '/x', 'GET', now())",
                        "WITH l AS (INSERT INTO listings (id, provider, external_id, url, title, price, currency, status,"
                                + " first_seen_at, last_seen_at) VALUES (gen_random_uuid(), 'ebay', gen_random_uuid()::text,"
                                + " 'https://e', 't', 1, 'USD', 'active', now(), now()) RETURNING id)"
                                + " INSERT INTO outbound_clicks (id, user_id, listing_id, provider, created_at)"
                                + " SELECT gen_random_uuid(), $1, id, 'ebay', now() FROM l")
                .forEach(sql -> gateway.sql(sql, user.id));
    }

    @Test
    void an_active_account_can_be_deleted_at_once_and_only_once() {
        User ann = gateway.user();
        UUID rule = UUID.fromString(ann.post("/api/watch-rules", rule("embryo")).id());
        there(ann).get("/api/me");
        List<Integer> statuses = both(
                ann.sending(HttpMethod.DELETE, "/api/me/hard-delete", null),
                there(ann).sending(HttpMethod.DELETE, "/api/me/hard-delete", null));
        assertThat(statuses).containsExactlyInAnyOrder(200, 404);
        gateway.allNumbered();
        assertThat(gateway.count("SELECT count(*) FROM watch_changes WHERE subject_id = $1", rule))
                .isEqualTo(2);
        assertThat(gateway.count("SELECT count(*) FROM polls WHERE canonical_key LIKE '%|embryo'"))
                .isZero();
    }

    @Test
    void nobody_deletes_the_account_that_stands_for_the_system() {
        User system = gateway.user(UUID.fromString("00000000-0000-0000-0000-000000000001"));
        assertThat(system.delete("/api/me/hard-delete").status()).isEqualTo(404);
        assertThat(gateway.count("SELECT count(*) FROM users WHERE id = $1", system.id))
                .isEqualTo(1);
    }

    @Test
    void a_logout_ends_the_tokens_issued_before_it_at_every_gateway() {
        User ann = gateway.user();
        there(ann).get("/api/me");
        SseClient stream = SseClient.open(gateway.node().vertx(), gateway.port(), ann.token, null);
        stream.awaitConnected();

        JsonObject out = ann.post("/api/me/logout", null).json();

        assertThat(out.getBoolean("success")).isTrue();
        JsonObject marker = out.getJsonObject("marker");
        assertThat(marker.getMap().keySet()).containsExactly("user_id", "logged_out_at", "invalidate_before");
        assertThat(marker.getString("user_id")).isEqualTo(ann.id.toString());
        assertThat(marker.getString("invalidate_before")).endsWith("+00:00");
        Reply refused = ann.get("/api/me");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.message()).isEqualTo("invalid bearer token");
        TestNode.eventually(
                "refused by the other", 15_000, () -> there(ann).get("/api/me").status() == 401);
        TestNode.eventually("the stream ends", 15_000, stream::ended);
        stream.close();
        assertThat(fresh(ann).get("/api/me").status()).isEqualTo(200);
        assertThat(gateway.user().get("/api/me").status()).isEqualTo(200);
    }

    @Test
    void who_has_no_row_can_sign_out_but_has_no_profile() {
        try (TestGateway strict = TestGateway.beside(gateway, DATABASE, Map.of("DEV_AUTO_CREATE_USERS", "false"))) {
            User stranger = strict.user();
            for (Reply none : List.of(
                    stranger.get("/api/me"),
                    stranger.patch("/api/me", new JsonObject()),
                    stranger.delete("/api/me"),
                    stranger.delete("/api/me/hard-delete"))) {
                assertThat(none.status()).isEqualTo(404);
                assertThat(none.message()).isEqualTo("User profile not found");
            }
            assertThat(stranger.post("/api/me/logout", null).status()).isEqualTo(200);
            assertThat(stranger.get("/api/me").status()).isEqualTo(401);
        }
    }

    /** The same user with a token issued a little later. */
    private static User fresh(User user) {
        var claims = gateway.issuer().claims(user.id).issueTime(TestIssuer.in(Duration.ofSeconds(3)));
        return gateway.new User(user.id, TestIssuer.sign(claims.build()));
    }

    private static List<Integer> both(Future<Reply> one, Future<Reply> two) {
        return TestNode.await(Future.all(one, two)
                .map(both -> List.of(
                        both.<Reply>resultAt(0).status(),
                        both.<Reply>resultAt(1).status())));
    }
}

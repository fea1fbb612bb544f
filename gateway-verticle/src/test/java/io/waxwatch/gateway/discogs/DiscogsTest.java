package io.waxwatch.gateway.discogs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.bus.BusMessage;
import io.waxwatch.common.bus.BusMessage.DiscogsConnect;
import io.waxwatch.common.bus.BusMessage.DiscogsDisconnect;
import io.waxwatch.common.bus.BusMessage.DiscogsDisconnected;
import io.waxwatch.common.bus.BusMessage.DiscogsImport;
import io.waxwatch.common.bus.BusMessage.DiscogsImportStarted;
import io.waxwatch.common.bus.BusMessage.DiscogsLinkFinish;
import io.waxwatch.common.bus.BusMessage.DiscogsLinkStart;
import io.waxwatch.common.bus.BusMessage.DiscogsLinkStarted;
import io.waxwatch.common.bus.BusMessage.DiscogsLinked;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import io.waxwatch.gateway.testing.TestGateway.User;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The routes of a Discogs account; what the provider would answer is scripted on the bus. */
class DiscogsTest {

    private static final String BASE = "/api/integrations/discogs";
    private static final String STATE = "0123456789abcdef0123456789abcdef";

    private static TestGateway gateway;
    /** What was asked last, and what is answered: a message, or a failure. */
    private static final AtomicReference<BusMessage> ASKED = new AtomicReference<>();

    private static final Map<String, Function<BusMessage, Future<BusMessage>>> ANSWERS = new HashMap<>();

    private User ann;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of("DISCOGS_OAUTH_REDIRECT_URI", "https://app.example/discogs"));
        Bus bus = gateway.node().bus();
        TestNode.await(Future.all(
                bus.serve(Topics.DISCOGS_LINK_START, (DiscogsLinkStart asked) -> answer(asked)),
                bus.serve(Topics.DISCOGS_LINK_FINISH, (DiscogsLinkFinish asked) -> answer(asked)),
                bus.serve(Topics.DISCOGS_LINK_CONNECT, (DiscogsConnect asked) -> answer(asked)),
                bus.serve(Topics.DISCOGS_LINK_DISCONNECT, (DiscogsDisconnect asked) -> answer(asked)),
                bus.serve(Topics.DISCOGS_IMPORT_START, (DiscogsImport asked) -> answer(asked))));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void arrive() {
        ann = gateway.user();
        ANSWERS.clear();
        ASKED.set(null);
    }

    @SuppressWarnings("unchecked")
    private static <A extends BusMessage> Future<A> answer(BusMessage asked) {
        ASKED.set(asked);
        return (Future<A>) ANSWERS.get(asked.getClass().getSimpleName()).apply(asked);
    }

    private static void answering(Class<? extends BusMessage> question, BusMessage answer) {
        ANSWERS.put(question.getSimpleName(), asked -> Future.succeededFuture(answer));
    }

    private static void failing(Failure failure) {
        for (Class<?> question : List.of(
                DiscogsLinkStart.class,
                DiscogsLinkFinish.class,
                DiscogsConnect.class,
                DiscogsDisconnect.class,
                DiscogsImport.class)) {
            ANSWERS.put(question.getSimpleName(), asked -> Future.failedFuture(failure));
        }
    }

    @Test
    void linking_begins_with_a_page_to_open() {
        answering(
                DiscogsLinkStart.class,
                new DiscogsLinkStarted(
                        "https://www.discogs.com/oauth/authorize?oauth_token=t",
                        STATE,
                        List.of("identity"),
                        "2026-11-21T12:00:00.5Z"));
        Reply reply = ann.post(BASE + "/oauth/start", new JsonObject().put("scopes", new JsonArray().add("identity")));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().encode())
                .isEqualTo(
                        "{\"provider\":\"discogs\",\"authorize_url\":\"https://www.discogs.com/oauth/authorize?oauth_token=t\","
                                + "\"state\":\"" + STATE
                                + "\",\"scopes\":[\"identity\"],\"expires_at\":\"2026-11-21T12:00:00.500000Z\"}");
        assertThat(ASKED.get()).isEqualTo(new DiscogsLinkStart(ann.id, List.of("identity")));
        ann.post(BASE + "/oauth/start", new JsonObject());
        assertThat(ASKED.get()).isEqualTo(new DiscogsLinkStart(ann.id, List.of()));
    }

    @Test
    void linking_ends_with_the_accounts_name() {
        answering(DiscogsLinkFinish.class, new DiscogsLinked("digger", "2026-11-21T12:00Z"));
        Reply reply = ann.post(
                BASE + "/oauth/callback", new JsonObject().put("state", STATE).put("code", "v"));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().encode())
                .isEqualTo("{\"provider\":\"discogs\",\"external_user_id\":\"digger\",\"connected\":true,"
                        + "\"connected_at\":\"2026-11-21T12:00:00Z\"}");
        assertThat(ASKED.get()).isEqualTo(new DiscogsLinkFinish(ann.id, STATE, "v"));
    }

    @Test
    void a_personal_token_is_handed_to_the_provider_and_to_nobody_else() {
        answering(DiscogsConnect.class, new DiscogsLinked("digger", "2026-11-21T12:00Z"));
        Reply reply = ann.post(
                BASE + "/connect",
                new JsonObject()
                        .put("external_user_id", "digger")
                        .put("access_token", "hush")
                        .put("token_metadata", new JsonObject().put("a", 1)));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.http().bodyAsString()).doesNotContain("hush");
        assertThat(ASKED.get()).isEqualTo(new DiscogsConnect(ann.id, "digger", "hush", "{\"a\":1}"));
        ann.post(
                BASE + "/connect",
                new JsonObject()
                        .put("external_user_id", "digger")
                        .putNull("access_token")
                        .putNull("token_metadata"));
        assertThat(ASKED.get()).isEqualTo(new DiscogsConnect(ann.id, "digger", null, null));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void disconnecting_tells_whether_there_was_a_link(boolean was) {
        answering(DiscogsDisconnect.class, new DiscogsDisconnected(was));
        Reply reply = ann.post(BASE + "/disconnect", new JsonObject());
        assertThat(reply.json().encode()).isEqualTo("{\"provider\":\"discogs\",\"disconnected\":" + was + "}");
        assertThat(ASKED.get()).isEqualTo(new DiscogsDisconnect(ann.id));
    }

    @ParameterizedTest
    @CsvSource({
        "oauth/callback, UNMET, 400, OAuth session not started",
        "oauth/callback, UNMET, 400, Invalid OAuth state",
        "oauth/callback, UNMET, 400, OAuth state expired",
        "oauth/callback, UPSTREAM, 502, Discogs token exchange failed",
        "oauth/callback, UPSTREAM, 502, Discogs token exchange missing access_token",
        "oauth/callback, UPSTREAM, 502, Discogs identity lookup failed",
        "oauth/callback, UPSTREAM, 502, Discogs identity missing username",
        "oauth/start, UPSTREAM, 502, Discogs request token failed",
        "oauth/start, UNAVAILABLE, 503, Discogs account linking is disabled: missing required config: token_crypto_local_key",
        "connect, CALLER, 422, access_token is not a token of this Discogs account",
        "connect, UPSTREAM, 502, Discogs identity lookup failed",
        "disconnect, INTERNAL, 500, db error",
        "import, UNMET, 400, Discogs is not connected",
        "import, UNMET, 400, Discogs OAuth callback not completed",
        "import, CONFLICT, 409, Concurrent import job creation conflict",
        "import, UNAVAILABLE, 503, Discogs account linking is disabled: missing required config: token_crypto_local_key",
    })
    void what_the_provider_refuses_is_answered_in_its_words(
            String route, FailureKind kind, int status, String message) {
        failing(new Failure(kind, message));
        Reply reply = ann.post(
                BASE + "/" + route,
                new JsonObject().put("state", STATE).put("code", "v").put("external_user_id", "digger"));
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.message()).isEqualTo(message);
        assertThat(reply.error().getString("code")).isEqualTo("http_error");
    }

    @Test
    void an_import_that_nobody_takes_is_to_be_tried_again() {
        try (var alone = TestGateway.start(Map.of())) {
            Reply reply = alone.user().post(BASE + "/import", new JsonObject());
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.message()).isEqualTo("Discogs import could not be queued. Please retry shortly.");
            assertThat(reply.header("retry-after")).isEqualTo("5");
            assertThat(alone.user()
                            .post(BASE + "/oauth/start", new JsonObject())
                            .status())
                    .isEqualTo(503);
            Reply back = alone.anonymous(HttpMethod.GET, BASE + "/oauth/return?state=x&oauth_verifier=y");
            assertThat(back.status()).as("no page to return to").isEqualTo(404);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "oauth/start;    {\"scopes\":[]};             too_short; List should have at least 1 item after validation, not 0",
                "oauth/start;    {\"scopes\":\"identity\"};   list_type; Input should be a valid list",
                "oauth/start;    {\"scopes\":[7]};            string_type; Input should be a valid string",
                "oauth/callback; {\"code\":\"v\"};            missing; Field required",
                "oauth/callback; {\"state\":\"12345678\"};    missing; Field required",
                "oauth/callback; {\"state\":\"1234567\",\"code\":\"v\"}; string_too_short; String should have at least 8 characters",
                "oauth/callback; {\"state\":\"12345678\",\"code\":\"\"}; string_too_short; String should have at least 1 character",
                "connect;        {};                          missing; Field required",
                "connect;        {\"external_user_id\":\"\"}; string_too_short; String should have at least 1 character",
                "connect; {\"external_user_id\":\"d\",\"access_token\":\"\"}; string_too_short; String should have at least 1 character",
                "connect; {\"external_user_id\":\"d\",\"token_metadata\":[]}; dict_type; Input should be a valid dictionary",
                "disconnect;     {\"revoke\":\"perhaps\"};    bool_parsing; Input should be a valid boolean, unable to interpret input",
                "import;         {\"source\":\"inventory\"};  literal_error; Input should be 'wantlist', 'collection' or 'both'",
            })
    void refuses_bad_bodies_in_the_contracts_words(String route, String body, String type, String message) {
        Reply reply = ann.post(BASE + "/" + route, new JsonObject(body));
        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.violation().getString("type")).isEqualTo(type);
        assertThat(reply.violation().getString("msg")).isEqualTo(message);
        assertThat(ASKED.get()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "connect;        {\"access_token\":\"hunter2\"}",
                "connect;        {\"external_user_id\":\"d\",\"access_token\":{\"a\":\"hunter2\"}}",
                "oauth/callback; {\"code\":\"hunter2\"}"
            })
    void repeats_no_secret_of_what_it_refuses(String route, String body) {
        Reply reply = ann.post(BASE + "/" + route, new JsonObject(body));
        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.http().bodyAsString()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource({
        "'', missing",
        "?source=both, literal_error",
        "?source=wantlist&limit=0, greater_than_equal",
        "?source=wantlist&limit=101, less_than_equal",
        "?source=wantlist&offset=-1, greater_than_equal",
        "?source=wantlist&offset=99999999999999999999, less_than_equal",
        "?source=wantlist&limit=x, int_parsing"
    })
    void refuses_bad_queries(String query, String type) {
        Reply reply = ann.get(BASE + "/imported-items" + query);
        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.violation().getString("type")).isEqualTo(type);
    }

    @Test
    void the_status_tells_of_a_link_and_shows_no_token() {
        assertThat(ann.get(BASE + "/status").json().encode())
                .isEqualTo(
                        "{\"connected\":false,\"provider\":\"discogs\",\"external_user_id\":null,\"connected_at\":null,"
                                + "\"has_access_token\":false,\"waiting_reason\":null}");
        link(ann, "pending", null);
        assertThat(ann.get(BASE + "/status").json().getBoolean("connected")).isFalse();
        gateway.sql(
                "UPDATE external_account_links SET external_user_id = 'digger', access_token = 'enc:v2:hush' WHERE user_id = $1",
                ann.id);
        Reply status = ann.get(BASE + "/status");
        assertThat(status.json().encode())
                .isEqualTo(
                        "{\"connected\":true,\"provider\":\"discogs\",\"external_user_id\":\"digger\","
                                + "\"connected_at\":\"2026-11-20T10:00:00Z\",\"has_access_token\":true,\"waiting_reason\":null}");
        assertThat(gateway.user().get(BASE + "/status").json().getBoolean("connected"))
                .isFalse();
    }

    @Test
    void an_import_that_has_to_wait_says_why_and_so_does_the_link() {
        link(ann, "digger", "enc:v3:hush");
        UUID id = job(ann);
        gateway.sql("UPDATE import_jobs SET waiting_reason = 'the key service is away' WHERE id = $1", id);
        assertThat(ann.get(BASE + "/import/" + id).json().getString("waiting_reason"))
                .isEqualTo("the key service is away");
        assertThat(ann.get(BASE + "/status").json().getString("waiting_reason")).isEqualTo("the key service is away");
        gateway.sql("UPDATE import_jobs SET status = 'completed' WHERE id = $1", id);
        assertThat(ann.get(BASE + "/status").json().getString("waiting_reason")).isNull();
    }

    private static void link(User user, String name, String token) {
        user.get("/api/events");
        gateway.sql("""
                INSERT INTO external_account_links (id, user_id, provider, external_user_id, access_token, connected_at, created_at,
                                                    updated_at)
                VALUES (gen_random_uuid(), $1, 'discogs', $2, $3, '2026-11-20T10:00:00Z', now(), now())
                """, user.id, name, token);
    }

    private static UUID job(User user) {
        user.get("/api/events");
        return gateway.sql("""
                INSERT INTO import_jobs (id, user_id, provider, import_scope, status, cursor, page, processed_count, imported_count,
                    created_count, updated_count, error_count, errors, started_at, created_at, updated_at)
                VALUES (gen_random_uuid(), $1, 'discogs', 'both', 'running', 'wantlist:1/3', 1, 100, 99, 90, 9, 1,
                        '[{"error": "late"}]', '2026-11-20T10:00:00Z', '2026-11-20T10:00:00Z', '2026-11-20T10:00:01.25Z')
                RETURNING id
                """, user.id).iterator().next().getUUID(0);
    }

    @Test
    void an_import_is_answered_as_it_stands_and_to_its_owner_only() {
        UUID id = job(ann);
        answering(DiscogsImport.class, new DiscogsImportStarted(id, false));
        Reply started = ann.post(BASE + "/import", new JsonObject().put("source", "wantlist"));
        assertThat(ASKED.get()).isEqualTo(new DiscogsImport(ann.id, "wantlist"));
        assertThat(started.status()).isEqualTo(200);
        assertThat(started.json().encode())
                .isEqualTo("{\"id\":\"" + id + "\",\"user_id\":\"" + ann.id
                        + "\",\"provider\":\"discogs\",\"import_scope\":\"both\",\"status\":\"running\",\"cursor\":\"wantlist:1/3\","
                        + "\"page\":1,\"processed_count\":100,\"imported_count\":99,\"created_count\":90,\"updated_count\":9,"
                        + "\"error_count\":1,\"errors\":[{\"error\":\"late\"}],\"started_at\":\"2026-11-20T10:00:00Z\","
                        + "\"completed_at\":null,\"created_at\":\"2026-11-20T10:00:00Z\","
                        + "\"updated_at\":\"2026-11-20T10:00:01.250000Z\",\"waiting_reason\":null}");
        assertThat(ann.get(BASE + "/import/" + id).json()).isEqualTo(started.json());
        ann.post(BASE + "/import", new JsonObject());
        assertThat(ASKED.get()).isEqualTo(new DiscogsImport(ann.id, "both"));
        for (Reply reply :
                List.of(gateway.user().get(BASE + "/import/" + id), ann.get(BASE + "/import/" + UUID.randomUUID()))) {
            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.message()).isEqualTo("Import job not found");
        }
        assertThat(ann.get(BASE + "/import/seven").status()).isEqualTo(422);
    }

    @Test
    void an_import_that_is_asked_for_again_with_its_key_is_answered_as_the_first_time() {
        UUID first = job(ann);
        answering(DiscogsImport.class, new DiscogsImportStarted(first, true));
        Reply started = importing("k", "{\"source\":\"both\"}");
        assertThat(started.id()).isEqualTo(first.toString());
        assertThat(started.header("idempotency-replayed")).isNull();
        gateway.sql("UPDATE import_jobs SET status = 'completed' WHERE id = $1", first);
        answering(DiscogsImport.class, new DiscogsImportStarted(job(ann), true));
        ASKED.set(null);

        Reply again = importing("k", "{\"source\":\"both\"}");

        assertThat(again.header("idempotency-replayed")).isEqualTo("true");
        assertThat(again.http().body()).isEqualTo(started.http().body());
        assertThat(ASKED.get()).isNull();
        Reply another = importing("k", "{\"source\":\"wantlist\"}");
        assertThat(another.status()).isEqualTo(409);
        assertThat(another.message()).isEqualTo("this Idempotency-Key was used with another body");
        assertThat(importing("other", "{\"source\":\"both\"}").id()).isNotEqualTo(first.toString());
    }

    @Test
    void an_import_that_was_refused_is_not_remembered() {
        failing(new Failure(FailureKind.UNMET, "Discogs is not connected"));
        assertThat(importing("k", "{}").status()).isEqualTo(400);
        answering(DiscogsImport.class, new DiscogsImportStarted(job(ann), true));
        assertThat(importing("k", "{}").status()).isEqualTo(200);
    }

    private Reply importing(String key, String body) {
        return new Reply(TestNode.await(gateway.request(HttpMethod.POST, BASE + "/import")
                .putHeader("authorization", "Bearer " + ann.token)
                .putHeader("content-type", "application/json")
                .putHeader("idempotency-key", key)
                .sendBuffer(Buffer.buffer(body))));
    }

    private static UUID release(User user, long id, boolean wanted, boolean owned, boolean active) {
        return gateway.sql("""
                        INSERT INTO watch_releases (id, user_id, discogs_release_id, match_mode, title, artist, currency, is_active,
                            imported_from_wantlist, imported_from_collection, created_at, updated_at)
                        VALUES (gen_random_uuid(), $1, $2, 'exact_release', 'T', 'A', 'USD', $3, $4, $5, now(),
                                '2026-11-20T10:00:00Z'::timestamptz + $2 * interval '1 second')
                        RETURNING id
                        """, user.id, id, active, wanted, owned)
                .iterator()
                .next()
                .getUUID(0);
    }

    @Test
    void imported_items_are_listed_by_source_last_changed_first() {
        ann.get("/api/events");
        User ben = gateway.user();
        ben.get("/api/events");
        UUID wanted = release(ann, 3_000_000_001L, true, false, true);
        UUID both = release(ann, 3_000_000_002L, true, true, true);
        UUID owned = release(ann, 3_000_000_003L, false, true, true);
        UUID resting = release(ann, 3_000_000_004L, true, true, false);
        release(ann, 3_000_000_005L, false, false, true);
        UUID bens = release(ben, 3_000_000_006L, true, true, true);

        JsonObject wantlist = ann.get(BASE + "/imported-items?source=wantlist").json();
        assertThat(wantlist.getJsonArray("items").getJsonObject(0).encode())
                .isEqualTo("{\"watch_release_id\":\"" + both
                        + "\",\"discogs_release_id\":3000000002,\"discogs_master_id\":null,\"title\":\"T\",\"artist\":\"A\","
                        + "\"year\":null,\"source\":\"wantlist\","
                        + "\"open_in_discogs_url\":\"https://www.discogs.com/release/3000000002\"}");
        assertThat(ids(wantlist)).containsExactly(both.toString(), wanted.toString());
        assertThat(wantlist.copy().put("items", new JsonArray()).encode())
                .isEqualTo("{\"source\":\"wantlist\",\"limit\":25,\"offset\":0,\"count\":2,\"items\":[]}");
        assertThat(ids(ann.get(BASE + "/imported-items?source=collection").json()))
                .containsExactly(owned.toString(), both.toString());
        JsonObject second = ann.get(BASE + "/imported-items?source=collection&limit=1&offset=1")
                .json();
        assertThat(ids(second)).containsExactly(both.toString());

        Reply open = ann.get(BASE + "/imported-items/" + wanted + "/open-in-discogs?source=wantlist");
        assertThat(open.json().encode())
                .isEqualTo(
                        "{\"watch_release_id\":\"" + wanted
                                + "\",\"source\":\"wantlist\",\"open_in_discogs_url\":\"https://www.discogs.com/release/3000000001\"}");
        for (String missing : List.of(
                wanted + "/open-in-discogs?source=collection",
                resting + "/open-in-discogs?source=wantlist",
                bens + "/open-in-discogs?source=wantlist",
                UUID.randomUUID() + "/open-in-discogs?source=wantlist")) {
            Reply reply = ann.get(BASE + "/imported-items/" + missing);
            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.message()).isEqualTo("Imported Discogs item not found for source");
        }
        assertThat(ann.get(BASE + "/imported-items/x/open-in-discogs").error().getJsonArray("details"))
                .hasSize(2);
    }

    private static List<String> ids(JsonObject list) {
        return list.getJsonArray("items").stream()
                .map(item -> ((JsonObject) item).getString("watch_release_id"))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "?state=abc&oauth_token=t&oauth_verifier=v-1, ?code=v-1&state=abc",
        "?state=abc&denied=t, ?error=access_denied&state=abc",
        "?state=abc, ?error=access_denied&state=abc",
        "?oauth_verifier=%0d%0aSet-Cookie:x&state=a%26b, ?error=access_denied"
    })
    void who_comes_back_from_discogs_is_sent_to_the_clients_page(String brought, String taken) {
        Reply reply = gateway.anonymous(HttpMethod.GET, BASE + "/oauth/return" + brought);
        assertThat(reply.status()).isEqualTo(302);
        assertThat(reply.header("location")).isEqualTo("https://app.example/discogs" + taken);
        assertThat(reply.header("cache-control")).isEqualTo("no-store");
    }

    @Test
    void the_two_oauth_routes_have_a_budget_of_their_own_beside_that_of_all() {
        try (var strict = TestGateway.start(Map.of(
                "RATE_LIMIT_ENABLED", "true",
                "RATE_LIMIT_AUTH_ENDPOINT_RPM", "1",
                "RATE_LIMIT_AUTH_ENDPOINT_BURST", "1",
                "RATE_LIMIT_DISCOGS_RPM", "1",
                "RATE_LIMIT_DISCOGS_BURST", "4"))) {
            User carl = strict.user();
            String start = BASE + "/oauth/start";
            assertThat(carl.post(start, new JsonObject()).status()).isEqualTo(503);
            assertThat(carl.post(start, new JsonObject()).status()).isEqualTo(503);
            assertThat(scope(carl.post(start, new JsonObject()))).isEqualTo("auth_endpoints");
            for (int i = 0; i < 3; i++) {
                assertThat(carl.get(BASE + "/status").status()).isEqualTo(200);
            }
            assertThat(scope(carl.get(BASE + "/status"))).isEqualTo("discogs");
        }
    }

    private static String scope(Reply refused) {
        assertThat(refused.status()).isEqualTo(429);
        return refused.error().getJsonObject("details").getString("scope");
    }

    @Test
    void strangers_are_not_stored() {
        try (var closed = TestGateway.start(Map.of("DEV_AUTO_CREATE_USERS", "false"))) {
            User stranger = closed.user();
            for (String route : List.of("/oauth/start", "/connect")) {
                Reply reply = stranger.post(BASE + route, new JsonObject().put("external_user_id", "x"));
                assertThat(reply.status()).isEqualTo(401);
                assertThat(reply.message()).isEqualTo("Unknown user");
            }
            assertThat(stranger.get(BASE + "/imported-items?source=wantlist").status())
                    .isEqualTo(401);
            assertThat(stranger.get(BASE + "/status").status()).isEqualTo(200);
        }
    }
}

package io.waxwatch.gateway.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.waxwatch.common.testing.TestDatabase;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.testing.AuthLog;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import io.waxwatch.gateway.testing.TestIssuer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("postgresql")
class SessionTest {

    private static final String LOGIN = "/api/auth/login";
    private static final String RULES = "/api/watch-rules";

    private TestGateway gateway;
    private UUID ann;

    @BeforeEach
    void start() {
        gateway = TestGateway.start(Map.of());
        ann = gateway.issuer().account("ann@example.com", "blue train");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private static JsonObject credentials(String password) {
        return new JsonObject().put("email", "Ann@example.com").put("password", password);
    }

    private static Reply login(TestGateway at, JsonObject body) {
        return new Reply(TestNode.await(at.request(HttpMethod.POST, LOGIN).sendBuffer(body.toBuffer())));
    }

    /** Signs in; the value of the Cookie header. */
    private String signedIn() {
        Reply reply = login(gateway, credentials("blue train"));
        assertThat(reply.status()).as(reply.http().bodyAsString()).isEqualTo(200);
        return cookie(reply);
    }

    private static String cookie(Reply reply) {
        return reply.header("set-cookie").replaceFirst(";.*", "");
    }

    private HttpRequest<Buffer> with(String cookie, HttpMethod method, String path) {
        return gateway.request(method, path).putHeader("cookie", cookie);
    }

    private int status(String cookie) {
        return TestNode.await(with(cookie, HttpMethod.GET, RULES).send()).statusCode();
    }

    @Test
    void a_password_becomes_a_session_that_only_the_browser_can_open() {
        Reply reply = login(gateway, credentials("blue train").put("return_to", "/rules?page=2"));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json()).isEqualTo(new JsonObject().put("success", true).put("redirect_to", "/rules?page=2"));
        assertThat(reply.header("set-cookie"))
                .matches(
                        "waxwatch_session=[\\w-]{43}; Max-Age=2592000; (?:Expires=[^;]*; )?Path=/; HTTPOnly; SameSite=Lax");
        assertThat(reply.header("cache-control")).isEqualTo("no-store");
        assertThat(status(cookie(reply))).isEqualTo(200);
        assertThat(gateway.sql("SELECT id FROM users WHERE id = $1", ann).size())
                .isEqualTo(1);

        String secret = cookie(reply).substring("waxwatch_session=".length());
        String stored =
                gateway.sql("SELECT * FROM browser_sessions").iterator().next().toString();
        assertThat(stored).doesNotContain(secret).doesNotContain("eyJ");
    }

    @Test
    void who_first_arrives_by_signing_in_is_stored_with_the_address_that_the_issuer_knows() {
        signedIn();
        assertThat(gateway.sql("SELECT email FROM users WHERE id = $1", ann)
                        .iterator()
                        .next()
                        .getString(0))
                .isEqualTo("ann@example.com");
    }

    @Test
    void a_wrong_password_is_401_and_no_session() {
        for (JsonObject wrong : List.of(
                credentials("wrong"),
                new JsonObject().put("email", "bob@example.com").put("password", "blue train"))) {
            Reply reply = login(gateway, wrong);
            assertThat(reply.status()).isEqualTo(401);
            assertThat(reply.message()).isEqualTo("invalid email or password");
            assertThat(reply.header("set-cookie")).isNull();
        }
        assertThat(gateway.count("SELECT count(*) FROM browser_sessions")).isZero();
    }

    @Test
    void an_issuer_that_is_away_is_503() {
        gateway.issuer().mood(TestIssuer.Mood.FAILING);
        Reply away = login(gateway, credentials("blue train"));
        assertThat(away.status()).isEqualTo(503);
        assertThat(away.message()).isEqualTo("unable to reach the identity provider");
        assertThat(away.header("retry-after")).isEqualTo("5");
    }

    /** What can be wrong between the issuer and us while the password is right, and what the log has to say. */
    private enum Trouble {
        AUDIENCE("cause=audience", "expected=authenticated", "seen=[account]"),
        ISSUER("cause=issuer", "expected=http://127.0.0.1:", "seen=https://other.example"),
        SUBJECT("cause=subject", "expected=a UUID", "seen=auth0|7"),
        CLOCK("cause=time", "expected=nbf not ahead of now"),
        KEY("cause=key_unknown", "expected=[first]", "seen=second");

        private final String[] said;

        Trouble(String... said) {
            this.said = said;
        }

        void at(TestIssuer issuer) {
            switch (this) {
                case AUDIENCE -> issuer.grantWith(claims -> claims.audience("account"));
                case ISSUER -> issuer.grantWith(claims -> claims.issuer("https://other.example"));
                case SUBJECT -> issuer.grantWith(claims -> claims.subject("auth0|7"));
                case CLOCK -> issuer.grantWith(claims -> claims.notBeforeTime(TestIssuer.in(Duration.ofHours(2))));
                case KEY -> issuer.signTokensWith(TestIssuer.SECOND);
            }
        }

        static void over(TestIssuer issuer) {
            issuer.grantWith(claims -> claims);
            issuer.signTokensWith(TestIssuer.FIRST);
        }
    }

    private static void assertUnverifiable(Reply reply) {
        assertThat(reply.status()).as(reply.http().bodyAsString()).isEqualTo(503);
        assertThat(reply.message()).isEqualTo("unable to verify the identity provider's token");
        assertThat(reply.header("retry-after")).isEqualTo("5");
        assertThat(reply.header("set-cookie")).isNull();
    }

    @ParameterizedTest
    @EnumSource(Trouble.class)
    void a_right_password_whose_token_we_cannot_verify_is_503_and_the_log_says_what_to_mend(Trouble trouble) {
        trouble.at(gateway.issuer());
        try (var log = new AuthLog()) {
            assertUnverifiable(login(gateway, credentials("blue train")));
            assertThat(log.of("auth.token.refused")).singleElement().asString().contains(trouble.said);
        }
        Trouble.over(gateway.issuer());
        assertThat(login(gateway, credentials("blue train")).status()).isEqualTo(200);
    }

    /** Time passes when a test says so. */
    private static final class Passing extends Clock {
        private volatile Duration passed = Duration.ZERO;

        void pass(Duration more) {
            passed = passed.plus(more);
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(passed);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private static Reply visit(TestGateway at, String cookie) {
        return new Reply(TestNode.await(
                at.request(HttpMethod.GET, RULES).putHeader("cookie", cookie).send()));
    }

    @ParameterizedTest
    @EnumSource(Trouble.class)
    void a_renewal_whose_token_we_cannot_verify_ends_nothing_and_spends_no_refresh_token_twice(Trouble trouble) {
        var clock = new Passing();
        try (var passing = TestGateway.start(Map.of(), clock)) {
            TestIssuer issuer = passing.issuer();
            issuer.account("ann@example.com", "blue train");
            issuer.tokenLifetime(Duration.ofSeconds(-20));
            String cookie = cookie(login(passing, credentials("blue train")));
            issuer.tokenLifetime(Duration.ofHours(1));
            trouble.at(issuer);
            assertUnverifiable(visit(passing, cookie));
            assertThat(issuer.refreshes()).isEqualTo(1);

            for (int pause = 0; pause < 3; pause++) {
                clock.pass(Duration.ofSeconds(6));
                assertUnverifiable(visit(passing, cookie));
            }
            assertThat(issuer.refreshes())
                    .as("what it gave may be good later, so it is not asked for more at once")
                    .isEqualTo(1);
            assertThat(passing.count("SELECT count(*) FROM browser_sessions")).isEqualTo(1);

            Trouble.over(issuer);
            clock.pass(Duration.ofSeconds(61));
            assertThat(visit(passing, cookie).status()).isEqualTo(200);
            assertThat(issuer.refreshes())
                    .as("with the refresh token that came along with what we could not verify")
                    .isEqualTo(2);
            assertThat(visit(passing, cookie).status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TestIssuer.Mood.class,
            names = {"WELL", "NOT_FOUND", "RUBBISH", "EMPTY"})
    void the_next_good_key_set_heals_a_session_and_the_issuer_is_asked_once(TestIssuer.Mood keys) {
        var clock = new Passing();
        try (var passing = TestGateway.start(Map.of(), clock)) {
            TestIssuer issuer = passing.issuer();
            issuer.account("ann@example.com", "blue train");
            issuer.tokenLifetime(Duration.ofSeconds(-20));
            String cookie = cookie(login(passing, credentials("blue train")));
            issuer.tokenLifetime(Duration.ofHours(1));
            issuer.signTokensWith(TestIssuer.SECOND);
            issuer.keysMood(keys);
            assertUnverifiable(visit(passing, cookie));

            issuer.publish(TestIssuer.FIRST, TestIssuer.SECOND);
            issuer.keysMood(null);
            clock.pass(Duration.ofSeconds(6));
            TestNode.eventually("healed", 30_000, () -> {
                int status = visit(passing, cookie).status();
                assertThat(status).isIn(200, 503);
                return status == 200;
            });
            assertThat(issuer.refreshes()).isEqualTo(1);
        }
    }

    @Test
    void a_session_outlives_the_key_that_signed_its_token() {
        var clock = new Passing();
        try (var passing = TestGateway.start(Map.of("AUTH_JWKS_CACHE_TTL_SECONDS", "1"), clock)) {
            TestIssuer issuer = passing.issuer();
            issuer.account("ann@example.com", "blue train");
            String cookie = cookie(login(passing, credentials("blue train")));
            assertThat(visit(passing, cookie).status()).isEqualTo(200);

            issuer.signTokensWith(TestIssuer.SECOND);
            issuer.publish(TestIssuer.SECOND);
            TestNode.eventually("renewed ahead of time", 30_000, () -> {
                assertThat(visit(passing, cookie).status()).isEqualTo(200);
                return issuer.refreshes() == 1;
            });
            assertThat(visit(passing, cookie).status()).isEqualTo(200);
            assertThat(issuer.refreshes()).isEqualTo(1);

            // Where the issuer's next token is no good either, it is asked now and then, and nobody is signed out.
            issuer.publish(TestIssuer.FIRST);
            TestNode.eventually(
                    "the key has gone", 30_000, () -> visit(passing, cookie).status() == 503);
            for (int i = 0; i < 5; i++) {
                assertUnverifiable(visit(passing, cookie));
            }
            assertThat(issuer.refreshes()).isEqualTo(2);
            assertThat(passing.count("SELECT count(*) FROM browser_sessions")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//evil.example",
                "/\\evil.example",
                "\\\\evil.example",
                "https://evil.example/",
                "javascript:alert(1)",
                "evil",
                "/\t/evil.example",
                "/\n/evil.example",
                "///evil.example",
                "/a\\b",
                " /a"
            })
    void leads_nowhere_but_to_paths_of_our_own(String returnTo) {
        Reply reply = login(gateway, credentials("blue train").put("return_to", returnTo));
        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.violation().getJsonArray("loc").getString(1)).isEqualTo("return_to");
        assertThat(reply.header("set-cookie")).isNull();
    }

    @Test
    void gives_back_what_a_waiting_application_gave_along_unless_it_waited_too_long() {
        JsonObject asked = credentials("blue train")
                .put("return_to", "/handoff?x=1#top")
                .put("handoff", "desk&top")
                .put("state", "s/1")
                .put("nonce", "n")
                .put("expires_at", "2999-01-01T00:00:00Z");
        assertThat(login(gateway, asked).json().getString("redirect_to"))
                .isEqualTo(
                        "/handoff?x=1&expires_at=2999-01-01T00%3A00%3A00Z&handoff=desk%26top&nonce=n&state=s%2F1#top");
        for (String past : List.of("1999-01-01T00:00:00Z", "915148800", "soon")) {
            Reply late = login(gateway, asked.copy().put("expires_at", past));
            assertThat(late.status()).isEqualTo(422);
            assertThat(late.violation().getString("msg"))
                    .isEqualTo("Value error, the request to sign in has expired; start again");
        }
    }

    @Test
    void refuses_input_without_repeating_the_password() {
        Reply noEmail = login(gateway, new JsonObject().put("password", "hunter2"));
        assertThat(noEmail.status()).isEqualTo(422);
        assertThat(noEmail.http().bodyAsString()).doesNotContain("hunter2");
        Reply wrongType = login(
                gateway, new JsonObject().put("email", "x").put("password", new JsonObject().put("a", "hunter2")));
        assertThat(wrongType.status()).isEqualTo(422);
        assertThat(wrongType.error().getJsonArray("details")).hasSize(2);
        assertThat(wrongType.http().bodyAsString()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource(nullValues = "none", textBlock = """
            same-origin, none,                  201
            same-origin, https://evil.example,  201
            none,        http://OWN,            201
            none,        http://localhost:8000, 201
            none,        none,                  400
            none,        null,                  400
            none,        https://evil.example,  400
            same-site,   http://OWN,            400
            cross-site,  http://OWN,            400
            """)
    void what_changes_something_must_come_from_a_page_of_ours(String site, String origin, int status) {
        var request = with(signedIn(), HttpMethod.POST, RULES);
        if (site != null) {
            request.putHeader("sec-fetch-site", site);
        }
        if (origin != null) {
            request.putHeader("origin", origin.replace("OWN", "127.0.0.1:" + gateway.port()));
        }
        Reply reply = new Reply(TestNode.await(request.sendBuffer(Buffer.buffer("{\"name\": \"x\"}"))));
        assertThat(reply.status()).as(reply.http().bodyAsString()).isEqualTo(status);
        if (status == 400) {
            assertThat(reply.message()).isEqualTo("a page of another origin cannot use this session");
        }
    }

    @Test
    void a_page_of_another_origin_cannot_sign_anybody_in() {
        Reply reply = new Reply(TestNode.await(gateway.request(HttpMethod.POST, LOGIN)
                .putHeader("origin", "https://evil.example")
                .sendBuffer(credentials("blue train").toBuffer())));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.header("set-cookie")).isNull();
    }

    @Test
    void a_bearer_token_wins_over_the_cookie() {
        String cookie = signedIn();
        UUID bob = UUID.randomUUID();
        Reply rule = new Reply(TestNode.await(with(cookie, HttpMethod.POST, RULES)
                .putHeader("authorization", "Bearer " + gateway.issuer().token(bob))
                .sendBuffer(Buffer.buffer("{\"name\": \"x\"}"))));
        assertThat(rule.json().getString("user_id")).isEqualTo(bob.toString());
        assertThat(TestNode.await(with(cookie, HttpMethod.GET, RULES)
                                .putHeader("authorization", "Bearer bogus")
                                .send())
                        .statusCode())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "../../../etc/passwd"})
    void a_made_up_cookie_opens_nothing(String value) {
        Reply reply = new Reply(TestNode.await(
                with("waxwatch_session=" + value, HttpMethod.GET, RULES).send()));
        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.message()).isEqualTo("the session has ended; sign in again");
    }

    @Test
    void a_session_renews_its_token_once_for_all_who_ask() {
        gateway.issuer().tokenLifetime(Duration.ofSeconds(-20));
        String cookie = signedIn();
        gateway.issuer().tokenLifetime(Duration.ofHours(1));
        List<Future<Integer>> asked = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            asked.add(with(cookie, HttpMethod.GET, RULES).send().map(answer -> answer.statusCode()));
        }
        TestNode.await(Future.all(asked));
        assertThat(asked).allSatisfy(one -> assertThat(one.result()).isEqualTo(200));
        assertThat(gateway.issuer().refreshes()).isEqualTo(1);
        assertThat(gateway.count("SELECT version FROM browser_sessions")).isEqualTo(2);
    }

    @Test
    void two_gateways_renew_one_session_once() {
        var address = TestDatabase.fresh();
        try (var one = TestGateway.on(address, Map.of());
                var two = TestGateway.beside(one, address, Map.of())) {
            one.issuer().account("ann@example.com", "blue train");
            one.issuer().tokenLifetime(Duration.ofSeconds(-20));
            String cookie = cookie(login(one, credentials("blue train")));
            one.issuer().tokenLifetime(Duration.ofHours(1));
            List<Future<Integer>> asked = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                for (TestGateway each : List.of(one, two)) {
                    asked.add(each.request(HttpMethod.GET, RULES)
                            .putHeader("cookie", cookie)
                            .send()
                            .map(answer -> answer.statusCode()));
                }
            }
            TestNode.await(Future.all(asked));
            assertThat(asked).allSatisfy(answer -> assertThat(answer.result()).isEqualTo(200));
            assertThat(one.issuer().refreshes()).isEqualTo(1);
        }
    }

    @Test
    void a_session_ends_when_the_issuer_ends_it_and_outlives_an_issuer_that_is_away() {
        gateway.issuer().tokenLifetime(Duration.ofSeconds(30));
        String cookie = signedIn();
        gateway.sql("UPDATE browser_sessions SET refresh_at = now() - interval '1 second'");
        gateway.issuer().mood(TestIssuer.Mood.FAILING);
        assertThat(status(cookie)).as("the token at hand is still good").isEqualTo(200);

        gateway.issuer().mood(TestIssuer.Mood.WELL);
        gateway.issuer().forgetRefreshTokens();
        TestNode.eventually("ended", 20_000, () -> status(cookie) == 401);
        assertThat(gateway.count("SELECT count(*) FROM browser_sessions")).isZero();
    }

    @Test
    void nobody_waits_for_an_issuer_that_hangs_while_the_token_is_good() {
        gateway.issuer().tokenLifetime(Duration.ofSeconds(50));
        String cookie = signedIn();
        gateway.issuer().tokenLifetime(Duration.ofHours(1));
        gateway.sql("UPDATE browser_sessions SET refresh_at = now() - interval '1 second'");
        Promise<Void> answer = Promise.promise();
        int before = gateway.issuer().tokenRequests();
        gateway.issuer().answerTokensAfter(answer.future());
        assertThat(status(cookie)).isEqualTo(200);
        TestNode.eventually("renewing", 20_000, () -> gateway.issuer().tokenRequests() > before);
        assertThat(status(cookie)).isEqualTo(200);
        answer.complete();
        TestNode.eventually(
                "the answer of the call that nobody waited for is used",
                20_000,
                () -> gateway.count(
                                "SELECT count(*) FROM browser_sessions WHERE refresh_at > now() + interval '30 minutes'")
                        == 1);
        assertThat(gateway.issuer().tokenRequests()).isEqualTo(before + 1);
    }

    @Test
    void a_renewal_that_failed_is_left_alone_for_a_while_by_all_gateways() {
        gateway.issuer().tokenLifetime(Duration.ofSeconds(-20));
        String cookie = signedIn();
        gateway.sql("UPDATE browser_sessions SET refresh_at = '2000-01-01'");
        gateway.issuer().refuseTokens(new TestIssuer.Refusal(500, "{}"));
        assertThat(status(cookie)).isEqualTo(503);
        assertThat(gateway.count("SELECT count(*) FROM browser_sessions WHERE refresh_at > '2001-01-01'"))
                .isEqualTo(1);

        gateway.issuer().tokenLifetime(Duration.ofHours(1));
        gateway.issuer().refuseTokens(null);
        TestNode.eventually("renewed after the pause", 30_000, () -> status(cookie) == 200);
    }

    @Test
    void a_token_that_has_ended_before_it_may_be_renewed_is_503_and_the_issuer_is_not_asked() {
        gateway.issuer().tokenLifetime(Duration.ofSeconds(-20));
        String cookie = signedIn();
        gateway.sql("UPDATE browser_sessions SET refresh_at = now() + interval '1 hour'");
        int before = gateway.issuer().tokenRequests();
        Reply reply =
                new Reply(TestNode.await(with(cookie, HttpMethod.GET, RULES).send()));
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.message()).isEqualTo("unable to reach the identity provider");
        assertThat(reply.header("retry-after")).isEqualTo("5");
        assertThat(gateway.issuer().tokenRequests()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            400 | {"error": "invalid_grant", "error_description": "Invalid login credentials"}         | 401
            401 | {"error": "invalid_grant"}                                                           | 401
            400 | {"code": 400, "error_code": "invalid_credentials", "msg": "Invalid credentials"}     | 401
            400 | {"code": "refresh_token_already_used", "message": "Already used"}                    | 401
            403 | {"code": 403, "error_code": "user_banned", "msg": "User is banned"}                  | 401
            401 | {"error": "invalid_client"}                                                          | 503
            400 | {"error": "unauthorized_client"}                                                     | 503
            400 | {"code": 400, "error_code": "validation_failed", "msg": "no"}                        | 503
            401 | {"message": "Invalid API key"}                                                       | 503
            403 | <html>blocked</html>                                                                 | 503
            429 | {"code": 429, "error_code": "over_request_rate_limit"}                               | 503
            500 | {"error": "invalid_grant"}                                                           | 503
            200 | null                                                                                 | 503
            200 | []                                                                                   | 503
            """)
    void only_what_the_issuer_says_of_the_user_is_held_against_the_user(int told, String body, int status) {
        gateway.issuer().tokenLifetime(Duration.ofSeconds(-20));
        String cookie = signedIn();
        gateway.issuer().refuseTokens(new TestIssuer.Refusal(told, body));
        assertThat(login(gateway, credentials("blue train")).status()).isEqualTo(status);
        assertThat(status(cookie)).isEqualTo(status);
        assertThat(gateway.count("SELECT count(*) FROM browser_sessions")).isEqualTo(status == 401 ? 0 : 1);
    }

    @Test
    void signing_out_takes_the_cookie_and_the_session_away() {
        String cookie = signedIn();
        Reply out = new Reply(TestNode.await(with(cookie, HttpMethod.POST, "/api/me/logout")
                .putHeader("sec-fetch-site", "same-origin")
                .send()));
        assertThat(out.status()).isEqualTo(200);
        assertThat(out.header("set-cookie")).startsWith("waxwatch_session=; Max-Age=0;");
        TestNode.eventually("gone", 30_000, () -> status(cookie) == 401);
        assertThat(gateway.count("SELECT count(*) FROM browser_sessions")).isZero();
    }

    /** Two gateways on one database; what two knows of Ann is fresh, and her session there is about to be renewed. */
    private void atTwoGateways(SessionAtTwo test) {
        var address = TestDatabase.fresh();
        try (var one = TestGateway.on(address, Map.of());
                var two = TestGateway.beside(one, address, Map.of())) {
            UUID user = one.issuer().account("ann@example.com", "blue train");
            one.issuer().tokenLifetime(Duration.ofSeconds(-20));
            String cookie = cookie(login(two, credentials("blue train")));
            one.issuer().tokenLifetime(Duration.ofHours(1));
            test.run(
                    one.user(user),
                    two,
                    () -> two.request(HttpMethod.GET, RULES)
                            .putHeader("cookie", cookie)
                            .send()
                            .map(Reply::new));
        }
    }

    @FunctionalInterface
    private interface SessionAtTwo {
        void run(TestGateway.User atOne, TestGateway two, Supplier<Future<Reply>> visit);
    }

    private static void assertEnded(Reply reply) {
        assertThat(reply.status()).as(reply.http().bodyAsString()).isEqualTo(401);
        assertThat(reply.message()).isEqualTo("the session has ended; sign in again");
    }

    @ParameterizedTest
    @CsvSource({"POST, /api/me/logout", "DELETE, /api/me/hard-delete"})
    void a_session_that_was_ended_at_another_gateway_is_not_renewed(String method, String path) {
        atTwoGateways((ann, two, visit) -> {
            assertThat(ann.send(HttpMethod.valueOf(method), path, null).status())
                    .isEqualTo(200);
            assertEnded(TestNode.await(visit.get()));
            assertThat(two.issuer().refreshes()).isZero();
        });
    }

    @ParameterizedTest
    @CsvSource({"POST, /api/me/logout", "DELETE, /api/me/hard-delete"})
    void a_session_that_is_ended_while_it_is_renewed_stays_ended(String method, String path) {
        atTwoGateways((ann, two, visit) -> {
            Promise<Void> answer = Promise.promise();
            two.issuer().answerTokensAfter(answer.future());
            int before = two.issuer().tokenRequests();
            Future<Reply> waiting = visit.get();
            TestNode.eventually("renewing", 20_000, () -> two.issuer().tokenRequests() > before);
            assertThat(ann.send(HttpMethod.valueOf(method), path, null).status())
                    .isEqualTo(200);
            answer.complete();
            assertEnded(TestNode.await(waiting));
            assertEnded(TestNode.await(visit.get()));
            assertThat(two.count("SELECT version FROM browser_sessions"))
                    .as("what the issuer gave is not kept")
                    .isEqualTo(1);
        });
    }

    @Test
    void a_sign_in_that_a_sign_out_overtakes_is_to_be_repeated() {
        assertThat(signedIn()).isNotBlank();
        gateway.sql("INSERT INTO token_cutoffs (user_id, signed_out_at) VALUES ($1, now() + interval '1 minute')", ann);
        Reply overtaken = login(gateway, credentials("blue train"));
        assertThat(overtaken.status()).isEqualTo(503);
        assertThat(overtaken.message()).isEqualTo("signed out a moment ago; sign in again");
        assertThat(overtaken.header("set-cookie")).isNull();
    }

    @Test
    void who_signs_in_in_the_second_of_the_sign_out_waits_for_the_next_and_older_tokens_stay_out() {
        // A clock that is late makes it certain that the first token seems older than the sign-out.
        gateway.issuer().clockIsLate(Duration.ofSeconds(2));
        TestGateway.User older = gateway.user(ann);
        String before = signedIn();
        assertThat(older.get(RULES).status()).isEqualTo(200);
        assertThat(older.post("/api/me/logout", null).status()).isEqualTo(200);
        int exchanges = gateway.issuer().passwords();

        String after = signedIn();

        assertThat(gateway.issuer().passwords()).isEqualTo(exchanges + 2);
        assertThat(status(after)).isEqualTo(200);
        assertThat(older.get(RULES).status()).isEqualTo(401);
        TestNode.eventually("the session of before has ended", 30_000, () -> status(before) == 401);
        assertThat(status(after)).isEqualTo(200);
    }

    @Test
    void who_signs_in_at_another_gateway_is_not_let_in_for_the_moment_until_it_hears_of_the_sign_out() {
        var address = TestDatabase.fresh();
        try (var one = TestGateway.on(address, Map.of());
                var two = TestGateway.beside(one, address, Map.of())) {
            UUID carl = one.issuer().account("ann@example.com", "blue train");
            one.issuer().clockIsLate(Duration.ofSeconds(1));
            TestGateway.User there = two.new User(carl, one.issuer().token(carl));
            assertThat(there.get(RULES).status()).isEqualTo(200);
            one.new User(carl, there.token).post("/api/me/logout", null);

            String cookie = cookie(login(two, credentials("blue train")));

            assertThat(one.issuer().passwords()).isEqualTo(2);
            assertThat(TestNode.await(one.request(HttpMethod.GET, RULES)
                                    .putHeader("cookie", cookie)
                                    .send())
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void an_issuer_whose_clock_is_far_behind_cannot_sign_anybody_in_again_at_once() {
        TestGateway.User older = gateway.user(ann);
        assertThat(older.post("/api/me/logout", null).status()).isEqualTo(200);
        gateway.issuer().clockIsLate(Duration.ofSeconds(60));

        Reply refused = login(gateway, credentials("blue train"));

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.message()).isEqualTo("signed out a moment ago; sign in again");
        assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(55, 62);
        assertThat(gateway.count("SELECT count(*) FROM browser_sessions")).isZero();
    }

    @Test
    void guesses_are_counted_by_account_and_by_address() {
        var limits = new HashMap<String, String>();
        limits.put("RATE_LIMIT_ENABLED", "true");
        limits.put("RATE_LIMIT_AUTH_ENDPOINT_RPM", "1");
        limits.put("RATE_LIMIT_AUTH_ENDPOINT_BURST", "4");
        limits.put("TRUSTED_PROXY_CIDRS", "127.0.0.1");
        try (var limited = TestGateway.start(limits)) {
            List<Integer> oneAccount = new ArrayList<>();
            List<Integer> oneAddress = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                oneAccount.add(guess(limited, "ann@example.com", "192.0.2." + i));
            }
            for (int i = 0; i < 7; i++) {
                oneAddress.add(guess(limited, i + "@example.com", "198.51.100.1"));
            }
            assertThat(oneAccount).containsExactly(401, 401, 401, 401, 401, 429, 429);
            assertThat(oneAddress).containsExactly(401, 401, 401, 401, 401, 429, 429);
        }
    }

    private static int guess(TestGateway at, String email, String address) {
        return TestNode.await(at.request(HttpMethod.POST, LOGIN)
                        .putHeader("x-forwarded-for", address)
                        .sendBuffer(new JsonObject()
                                .put("email", email)
                                .put("password", "guess")
                                .toBuffer()))
                .statusCode();
    }

    @Test
    void speaks_the_other_form_of_the_grant_and_keeps_the_cookie_to_tls_outside_development() {
        try (var production = TestGateway.start(Map.of(
                "ENVIRONMENT", "production",
                "AUTH_PASSWORD_GRANT", "oidc",
                "AUTH_CLIENT_ID", "waxwatch",
                "AUTH_CLIENT_SECRET", "s3cret"))) {
            production.issuer().account("ann@example.com", "blue train");
            Reply reply = login(production, credentials("blue train"));
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.header("set-cookie"))
                    .startsWith("__Host-waxwatch_session=")
                    .contains("; Secure");
            assertThat(production.issuer().lastForm())
                    .contains("grant_type=password")
                    .contains("username=Ann%40example.com")
                    .contains("scope=openid")
                    .contains("audience=authenticated")
                    .contains("client_id=waxwatch")
                    .contains("client_secret=s3cret");
        }
    }
}

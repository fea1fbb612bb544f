package io.waxwatch.gateway.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.waxwatch.common.testing.TestDatabase;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.common.testing.TestRedis;
import io.waxwatch.gateway.testing.SseClient;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import io.waxwatch.gateway.testing.TestGateway.User;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ThrottleTest {

    /** Ten at once, then one a minute: a test's own seconds add nothing. */
    private static final Map<String, String> LIMITS = Map.of(
            "RATE_LIMIT_ENABLED", "true",
            "RATE_LIMIT_WATCH_RULES_RPM", "1",
            "RATE_LIMIT_WATCH_RULES_BURST", "9",
            "RATE_LIMIT_GLOBAL_ANONYMOUS_RPM", "1",
            "RATE_LIMIT_GLOBAL_ANONYMOUS_BURST", "4");

    private static int admitted(User user, int tries) {
        int admitted = 0;
        for (int i = 0; i < tries; i++) {
            admitted += user.get("/api/watch-rules").status() == 200 ? 1 : 0;
        }
        return admitted;
    }

    private static Map<String, String> with(TestRedis redis) {
        var settings = new HashMap<>(LIMITS);
        settings.put("REDIS_URL", redis.url());
        return settings;
    }

    @Test
    void each_user_has_a_budget_and_refusals_say_when_to_come_back() {
        try (var gateway = TestGateway.start(LIMITS)) {
            User ann = gateway.user();
            assertThat(admitted(ann, 15)).isEqualTo(10);
            Reply refused = ann.get("/api/watch-rules");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.error().getString("code")).isEqualTo("rate_limited");
            assertThat(refused.error().getJsonObject("details").getString("scope"))
                    .isEqualTo("watch_rules");
            assertThat(refused.error().getJsonObject("details").getInteger("retry_after_seconds"))
                    .isBetween(55, 60);
            assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(55, 60);
            assertThat(refused.header("x-request-id")).isNotNull();
            // Behind the same address, and not in anybody's way.
            assertThat(admitted(gateway.user(), 3)).isEqualTo(3);
            assertThat(ann.get("/api/events").status()).isEqualTo(200);
        }
    }

    @Test
    void who_has_no_good_token_shares_the_budget_of_the_address_whatever_the_headers_say() {
        try (var gateway = TestGateway.start(LIMITS)) {
            User ann = gateway.user();
            assertThat(ann.get("/api/events").status()).isEqualTo(200);
            int refused = 0;
            for (int i = 0; i < 8; i++) {
                var request = gateway.request(HttpMethod.GET, "/api/events")
                        .putHeader("x-forwarded-for", "10.0.0." + i)
                        .putHeader("authorization", "Bearer bogus" + i);
                refused += TestNode.await(request.send()).statusCode() == 429 ? 1 : 0;
            }
            assertThat(refused).isEqualTo(3);
            assertThat(gateway.anonymous(HttpMethod.GET, "/healthz").status()).isEqualTo(200);
            assertThat(ann.get("/api/events").status()).isEqualTo(200);
        }
    }

    @Test
    void where_the_budget_of_the_address_is_spent_nothing_is_proven_that_was_not_before() {
        try (var gateway = TestGateway.start(LIMITS)) {
            gateway.issuer().account("ann@example.com", "blue train");
            String session = TestNode.await(gateway.request(HttpMethod.POST, "/api/auth/login")
                            .sendJsonObject(new JsonObject()
                                    .put("email", "ann@example.com")
                                    .put("password", "blue train")))
                    .getHeader("set-cookie")
                    .replaceFirst(";.*", "");
            assertThat(withCookie(gateway, session)).isEqualTo(200);
            User before = gateway.user();
            assertThat(before.get("/api/events").status()).isEqualTo(200);
            for (int i = 0; i < 5; i++) {
                gateway.anonymous(HttpMethod.GET, "/api/events");
            }
            assertThat(before.get("/api/events").status()).isEqualTo(200);
            assertThat(withCookie(gateway, session)).isEqualTo(200);
            Reply later = gateway.user().get("/api/events");
            assertThat(later.status()).isEqualTo(429);
            assertThat(later.error().getJsonObject("details").getString("scope"))
                    .isEqualTo("global_anonymous");
            assertThat(withCookie(gateway, "waxwatch_session=" + "A".repeat(43)))
                    .isEqualTo(429);
        }
    }

    private static int withCookie(TestGateway gateway, String cookie) {
        return TestNode.await(gateway.request(HttpMethod.GET, "/api/events")
                        .putHeader("cookie", cookie)
                        .send())
                .statusCode();
    }

    @Test
    void two_gateways_share_one_budget_in_redis() throws IOException {
        var address = TestDatabase.fresh();
        try (var redis = new TestRedis();
                var one = TestGateway.on(address, with(redis));
                var two = TestGateway.beside(one, address, with(redis))) {
            User ann = one.user();
            int admitted = admitted(ann, 6);
            admitted += admitted(two.new User(ann.id, ann.token), 6);
            assertThat(admitted).isEqualTo(10);
            assertThat(one.anonymous(HttpMethod.GET, "/metrics").http().bodyAsString())
                    .contains("waxwatch_throttle_decisions_total")
                    .contains("store=\"redis\"");
        }
    }

    @Test
    void goes_on_alone_when_redis_goes_and_back_when_it_comes() throws IOException {
        try (var redis = new TestRedis();
                var gateway = TestGateway.start(with(redis))) {
            User ann = gateway.user();
            assertThat(admitted(ann, 3)).isEqualTo(3);
            assertThat(redisCheck(gateway)).isEqualTo("ok");

            redis.stop();
            assertThat(ann.get("/api/watch-rules").status()).isEqualTo(200);
            assertThat(admitted(ann, 20))
                    .as("still limited, by this process alone, which knows of the three")
                    .isEqualTo(6);
            TestNode.eventually(
                    "degraded, yet ready", 5000, () -> redisCheck(gateway).equals("degraded"));
            assertThat(gateway.anonymous(HttpMethod.GET, "/readyz").status()).isEqualTo(200);
            assertThat(degraded(gateway)).isTrue();

            redis.start();
            TestNode.eventually("back in redis", 15_000, () -> {
                gateway.user().get("/api/watch-rules");
                return !degraded(gateway);
            });
            assertThat(admitted(gateway.user(), 15)).isEqualTo(10);
            TestNode.eventually(
                    "ready without remark", 5000, () -> redisCheck(gateway).equals("ok"));
        }
    }

    @Test
    void a_redis_that_answers_and_takes_no_writes_is_degraded_until_it_does() throws IOException {
        try (var redis = new TestRedis();
                var gateway = TestGateway.start(with(redis))) {
            Redis operator = Redis.createClient(gateway.node().vertx(), redis.url());
            User ann = gateway.user();
            assertThat(admitted(ann, 3)).isEqualTo(3);
            assertThat(redisCheck(gateway)).isEqualTo("ok");

            TestNode.await(operator.send(
                    Request.cmd(Command.CONFIG).arg("SET").arg("maxmemory").arg("1")));
            assertThat(admitted(ann, 20)).as("as without Redis").isEqualTo(7);
            TestNode.eventually(
                    "degraded, yet ready", 30_000, () -> redisCheck(gateway).equals("degraded"));
            assertThat(gateway.anonymous(HttpMethod.GET, "/readyz").status()).isEqualTo(200);
            assertThat(degraded(gateway)).isTrue();

            TestNode.await(operator.send(
                    Request.cmd(Command.CONFIG).arg("SET").arg("maxmemory").arg("0")));
            TestNode.eventually("well again", 60_000, () -> redisCheck(gateway).equals("ok") && !degraded(gateway));
            assertThat(admitted(gateway.user(), 15)).isEqualTo(10);
        }
    }

    @Test
    void every_counted_answer_says_what_is_left_in_structured_fields() {
        try (var gateway = TestGateway.start(LIMITS)) {
            User ann = gateway.user();
            Reply first = ann.get("/api/watch-rules");
            assertThat(first.header("ratelimit-policy"))
                    .isEqualTo("\"global_authenticated\";q=150;w=75, \"watch_rules\";q=10;w=600");
            assertThat(first.header("ratelimit"))
                    .matches("\"global_authenticated\";r=149;t=1, \"watch_rules\";r=9;t=(?:60|59|58|57|56|55)");
            admitted(ann, 9);
            Reply refused = ann.get("/api/watch-rules");
            assertThat(refused.header("ratelimit")).endsWith("\"watch_rules\";r=0;t=" + refused.header("retry-after"));

            Reply anonymous = gateway.anonymous(HttpMethod.GET, "/api/nowhere");
            assertThat(anonymous.status()).isEqualTo(404);
            assertThat(anonymous.header("ratelimit-policy")).isEqualTo("\"global_anonymous\";q=5;w=300");
            assertThat(gateway.anonymous(HttpMethod.PUT, "/api/events").header("ratelimit"))
                    .startsWith("\"global_anonymous\";r=3");
            assertThat(gateway.anonymous(HttpMethod.GET, "/healthz").header("ratelimit"))
                    .isNull();
        }
    }

    @Test
    void behind_a_proxy_of_ours_everybody_has_the_budget_of_their_own_address() {
        var settings = new HashMap<>(LIMITS);
        settings.put("TRUSTED_PROXY_CIDRS", "127.0.0.0/8");
        try (var gateway = TestGateway.start(settings)) {
            for (String client : new String[] {"192.0.2.1", "192.0.2.2"}) {
                int refused = 0;
                for (int i = 0; i < 8; i++) {
                    var request = gateway.request(HttpMethod.GET, "/api/events")
                            .putHeader("x-forwarded-for", "10.9.8." + i + ", " + client);
                    refused += TestNode.await(request.send()).statusCode() == 429 ? 1 : 0;
                }
                assertThat(refused).as(client).isEqualTo(3);
            }
        }
    }

    @Test
    void a_collector_who_leafs_through_pages_keeps_the_stream() {
        try (var gateway = TestGateway.start(Map.of("RATE_LIMIT_ENABLED", "true"))) {
            User ann = gateway.user();
            for (int page = 0; page < 40; page++) {
                try (var stream = SseClient.open(gateway.node().vertx(), gateway.port(), ann.token, null)) {
                    assertThat(stream.status()).isEqualTo(200);
                }
            }
        }
    }

    private static String redisCheck(TestGateway gateway) {
        return gateway.anonymous(HttpMethod.GET, "/readyz")
                .json()
                .getJsonObject("checks")
                .getJsonObject("redis")
                .getString("status");
    }

    private static boolean degraded(TestGateway gateway) {
        return gateway.anonymous(HttpMethod.GET, "/metrics")
                .http()
                .bodyAsString()
                .contains("waxwatch_throttle_degraded{service=\"gateway\"} 1");
    }
}

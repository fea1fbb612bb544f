package io.waxwatch.gateway.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.waxwatch.common.redis.RedisDialer;
import io.waxwatch.common.redis.RedisOutage;
import io.waxwatch.common.settings.RedisAddress;
import io.waxwatch.common.testing.TestCertificates;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.common.testing.TestRedis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Redis as operators run it: encrypted, with users of few rights, full, a replica, behind Sentinel. Each is a real server. */
class RedisServersTest {

    private static final List<Ask> ASKS =
            List.of(new Ask("waxwatch:throttle:test", RateLimitScope.SEARCH, new Limit(100, 1)));
    private static final long PATIENCE_MILLIS = 30_000;
    private static final int REQUESTS = 40;

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final RedisOutage outage = new RedisOutage("throttle");
    private final List<RedisBuckets> started = new ArrayList<>();
    private final List<AutoCloseable> servers = new ArrayList<>();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.start();
        logger().setLevel(Level.INFO);
        logger().setAdditive(false);
        logger().addAppender(lines);
    }

    @AfterEach
    void stop() throws Exception {
        logger().detachAppender(lines);
        logger().setLevel(null);
        logger().setAdditive(true);
        started.forEach(buckets -> TestNode.await(buckets.close()));
        TestNode.await(vertx.close());
        for (AutoCloseable server : servers) {
            server.close();
        }
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(RedisOutage.class);
    }

    private <T extends AutoCloseable> T running(T server) {
        servers.add(server);
        return server;
    }

    private RedisBuckets buckets(String url, Path authorities) {
        var dialer = new RedisDialer(vertx, RedisAddress.parse(url), Optional.ofNullable(authorities), "throttle");
        var buckets = new RedisBuckets(vertx, dialer, Duration.ofSeconds(10), outage);
        started.add(buckets);
        vertx.runOnContext(go -> buckets.start());
        return buckets;
    }

    private void succeeds(RedisBuckets buckets) {
        TestNode.eventually("a decision of Redis", PATIENCE_MILLIS, () -> takes(buckets));
    }

    private boolean takes(RedisBuckets buckets) {
        return TestNode.await(buckets.take(ASKS).map(Decision::isAllowed).otherwise(false));
    }

    private String told(String event) {
        return lines.list.stream()
                .filter(line -> line.getMessage().equals(event))
                .map(line -> Arrays.toString(line.getArgumentArray()))
                .reduce("", (one, other) -> one + other);
    }

    private void isAway(String... reasons) {
        TestNode.eventually(
                "told why",
                PATIENCE_MILLIS,
                () -> outage.isOn() && Arrays.stream(reasons).allMatch(told("throttle.redis.away")::contains));
    }

    private static String ask(Redis client, Command command, String... arguments) {
        Request request = Request.cmd(command);
        Arrays.stream(arguments).forEach(request::arg);
        return String.valueOf(TestNode.await(client.send(request)));
    }

    private Redis client(TestRedis server) {
        return Redis.createClient(vertx, server.url());
    }

    private static long connections(Redis client) {
        return ask(client, Command.INFO, "stats")
                .lines()
                .filter(line -> line.startsWith("total_connections_received:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    /** Redis answers everything and refuses what we need: requests go on alone, and leave it and the log in peace. */
    private void refusalsCostNothing(RedisBuckets buckets, Redis operator, String reason) {
        long before = connections(operator);
        for (int i = 0; i < REQUESTS; i++) {
            assertThat(takes(buckets)).isFalse();
        }
        isAway("reason=" + reason);
        assertThat(connections(operator) - before)
                .as("connections made anew for " + REQUESTS + " requests")
                .isLessThan(REQUESTS / 2);
        assertThat(lines.list.stream().map(ILoggingEvent::getMessage))
                .as("told once")
                .containsOnlyOnce("throttle.redis.away");
    }

    private void isBack(RedisBuckets buckets) {
        succeeds(buckets);
        TestNode.eventually("all back", PATIENCE_MILLIS, () -> !outage.isOn());
        assertThat(told("throttle.redis.back")).isNotEmpty();
    }

    @Test
    void an_encrypted_redis_with_a_certificate_of_a_private_authority_is_used() {
        var certificate = new TestCertificates(folder).loopback();
        TestRedis redis = running(TestRedis.encrypted(certificate));

        succeeds(buckets(redis.url(), certificate.authority()));

        assertThat(lines.list).isEmpty();
    }

    @Test
    void an_encrypted_redis_that_cannot_prove_its_name_is_not_used_and_the_log_says_why() {
        var certificate = new TestCertificates(folder).otherHost();
        TestRedis redis = running(TestRedis.encrypted(certificate));

        RedisBuckets buckets = buckets(redis.url(), certificate.authority());

        isAway("127.0.0.1");
        assertThat(takes(buckets)).isFalse();
    }

    @Test
    void an_encrypted_redis_of_an_unknown_authority_is_not_used_and_the_log_says_why() {
        TestRedis redis = running(TestRedis.encrypted(new TestCertificates(folder).loopback()));

        RedisBuckets buckets = buckets(redis.url(), null);

        isAway("certification path");
        assertThat(takes(buckets)).isFalse();
    }

    @Test
    void a_full_redis_is_away_until_it_has_room_again() {
        TestRedis redis = running(new TestRedis());
        Redis operator = client(redis);
        RedisBuckets buckets = buckets(redis.url(), null);
        succeeds(buckets);

        ask(operator, Command.CONFIG, "SET", "maxmemory", "1");
        refusalsCostNothing(buckets, operator, "OOM");

        ask(operator, Command.CONFIG, "SET", "maxmemory", "0");
        isBack(buckets);
    }

    @Test
    void a_replica_is_away_until_it_is_the_master() {
        TestRedis master = running(new TestRedis());
        TestRedis replica = running(TestRedis.with("replicaof 127.0.0.1 " + master.port()));
        Redis operator = client(replica);
        RedisBuckets buckets = buckets(replica.url(), null);

        refusalsCostNothing(buckets, operator, "READONLY");

        ask(operator, Command.REPLICAOF, "NO", "ONE");
        isBack(buckets);
    }

    @Test
    void a_user_without_the_right_to_run_scripts_or_to_these_keys_is_away_until_given_it() {
        TestRedis redis =
                running(TestRedis.with("user waxwatch on >p+w&%@/? ~waxwatch:* +time +hmget +hset +pexpire +select"));
        Redis operator = client(redis);
        RedisBuckets buckets = buckets("redis://waxwatch:p+w&%25@%2F%3F@127.0.0.1:" + redis.port() + "/0", null);

        refusalsCostNothing(buckets, operator, "NOPERM");
        ask(operator, Command.ACL, "SETUSER", "waxwatch", "+eval", "+evalsha");
        isBack(buckets);

        lines.list.clear();
        ask(operator, Command.ACL, "SETUSER", "waxwatch", "resetkeys", "~other:*");
        refusalsCostNothing(buckets, operator, "NOPERM");
        ask(operator, Command.ACL, "SETUSER", "waxwatch", "~waxwatch:*");
        isBack(buckets);
    }

    @Test
    void a_wrong_password_is_told_as_such_and_not_repeated() {
        TestRedis redis = running(TestRedis.with("requirepass right"));

        RedisBuckets buckets = buckets("redis://:wr0ng+word@127.0.0.1:" + redis.port(), null);

        isAway("reason=WRONGPASS");
        assertThat(takes(buckets)).isFalse();
        assertThat(told("throttle.redis.away")).doesNotContain("wr0ng");
    }

    @Test
    void behind_sentinel_the_buckets_follow_the_master() {
        TestRedis first = running(TestRedis.with("requirepass p+w", "masterauth p+w"));
        TestRedis second =
                running(TestRedis.with("requirepass p+w", "masterauth p+w", "replicaof 127.0.0.1 " + first.port()));
        var sentinel = running(new TestRedis.Sentinel("waxmaster", first, "p+w"));
        // One that is gone, and one that knows another master, are asked too, and passed over.
        var other = running(new TestRedis.Sentinel("othermaster", first, "p+w"));
        String sentinels = "127.0.0.1:1,127.0.0.1:" + other.port() + ",127.0.0.1:" + sentinel.port();
        RedisBuckets buckets = buckets("redis+sentinel://:p+w@" + sentinels + "/waxmaster/0", null);
        succeeds(buckets);
        Redis watcher = Redis.createClient(vertx, "redis://127.0.0.1:" + sentinel.port());
        Redis heir = Redis.createClient(vertx, "redis://:p%2Bw@127.0.0.1:" + second.port());
        TestNode.eventually(
                "the replica has all, and the Sentinel knows of it",
                PATIENCE_MILLIS,
                () -> ask(heir, Command.ROLE).contains("connected")
                        && ask(watcher, Command.SENTINEL, "REPLICAS", "waxmaster")
                                .contains(String.valueOf(second.port())));

        TestNode.eventually("the heir is the master", PATIENCE_MILLIS, () -> {
            // Refused while one is under way, and begun again should that one fail.
            TestNode.await(
                    watcher.send(Request.cmd(Command.SENTINEL).arg("FAILOVER").arg("waxmaster"))
                            .otherwiseEmpty());
            return ask(heir, Command.ROLE).contains("master");
        });
        first.stop();
        String counted = ASKS.get(0).key();
        ask(heir, Command.DEL, counted);
        TestNode.eventually("the heir counts", PATIENCE_MILLIS, () -> {
            takes(buckets);
            return "1".equals(ask(heir, Command.EXISTS, counted));
        });
        isBack(buckets);
    }
}

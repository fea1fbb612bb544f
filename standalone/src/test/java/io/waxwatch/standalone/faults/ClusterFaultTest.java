package io.waxwatch.standalone.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.waxwatch.standalone.faults.ClusterFixture.Footprint;
import io.waxwatch.standalone.faults.StreamClient.Frame;
import io.waxwatch.standalone.process.Ports;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The faults that WaxWatch survives, each done to real processes while the others go on. What must hold after every one:
 * each listed record has told the collector exactly once, by one match, one event, one alert and one mail.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ClusterFaultTest {

    /** Beyond the lease: a look of the scheduler, the poll itself, the mail, and a machine that is busy. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    private static final Duration FEW_SECONDS = Duration.ofSeconds(10);
    /** The breaker lets a probe through after 30 s. */
    private static final Duration BREAKER_RESET = Duration.ofSeconds(30);

    private static final String SEARCH_FAULT_SLOW = "slow";
    private static final String SEARCH_FAULT_RATE_LIMIT = "rate-limit";
    private static final String BREAKER = "waxwatch_provider_breaker_state{";

    @TempDir
    static Path folder;

    private ClusterFixture cluster;

    @BeforeAll
    void start() throws Exception {
        cluster = new ClusterFixture(folder);
        try {
            cluster.start();
        } catch (Exception | AssertionError failed) {
            cluster.close();
            throw failed;
        }
    }

    @AfterAll
    void leaves_no_process_behind() throws Exception {
        cluster.close();
        assertThat(cluster.services()).noneMatch(ServiceProcess::isAlive);
        assertThat(Ports.isFree(cluster.postgres().port()))
                .as("PostgreSQL has ended")
                .isTrue();
        assertThat(Ports.isFree(cluster.redis().port())).as("Redis has ended").isTrue();
    }

    @BeforeEach
    void restore() {
        cluster.restore();
    }

    @Test
    @Order(1)
    void a_poll_whose_provider_is_killed_is_done_again_within_one_lease() throws Exception {
        cluster.awaitAlerted(cluster.list(), ClusterFixture.CALM);
        cluster.searchSuffers(SEARCH_FAULT_SLOW, new JsonObject().put("delayMs", 60_000));
        cluster.forgetRequests();
        List<String> titles = List.of(cluster.list(), cluster.list());

        String victim = Await.value("a search is in flight", FEW_SECONDS, cluster::evidence, () -> {
            List<String> searchers = cluster.searchers();
            return searchers.isEmpty() ? null : searchers.get(0);
        });
        cluster.service(victim).kill();
        cluster.clearFaults();

        for (String title : titles) {
            cluster.awaitAlerted(title, ClusterFixture.LEASE.plus(SLACK));
        }
        assertThat(cluster.searchers()).as("somebody else did it again").contains(theOther(victim));
        assertThat(schedulerLogs()).as("the lease was taken over").contains("\"reclaimed\":true");
        assertExactlyOnce();
    }

    @Test
    @Order(2)
    void a_second_scheduler_goes_on_when_the_first_is_killed() throws Exception {
        for (String victim : List.of("scheduler-1", "scheduler-2")) {
            String heir = victim.equals("scheduler-1") ? "scheduler-2" : "scheduler-1";
            cluster.service(victim).kill();
            int before = claims(heir);
            String title = cluster.list();

            // If it died with the poll in hand, its lease must end first.
            cluster.awaitAlerted(title, ClusterFixture.LEASE.plus(SLACK));
            // The alert alone proves nothing: the last poll of the dead may have brought it.
            Await.until(
                    heir + " claims polls",
                    ClusterFixture.LEASE.plus(SLACK),
                    cluster::evidence,
                    () -> claims(heir) > before);
            cluster.restore();
        }
        assertExactlyOnce();
    }

    @Test
    @Order(3)
    void a_stream_client_misses_nothing_when_its_gateway_is_killed() throws Exception {
        List<String> titles = new ArrayList<>();
        try (StreamClient client = cluster.follow("gateway-1", "gateway-2")) {
            awaitConnected(client, "gateway-1");
            titles.add(cluster.list());
            awaitTold(client, titles);

            // On its way while the gateway dies, and while nobody listens.
            titles.add(cluster.list());
            cluster.service("gateway-1").kill();
            titles.add(cluster.list());
            awaitConnected(client, "gateway-2");
            titles.add(cluster.list());
            awaitTold(client, titles);

            assertNoGapNoRepeat(client, titles);
            assertThat(client.frames())
                    .extracting(Frame::gateway)
                    .startsWith(cluster.service("gateway-1").url())
                    .endsWith(cluster.service("gateway-2").url());
        }
        for (String title : titles) {
            cluster.awaitAlerted(title, ClusterFixture.CALM);
        }
        assertExactlyOnce();
    }

    @Test
    @Order(4)
    void a_provider_that_was_frozen_comes_back_and_takes_its_share() throws Exception {
        cluster.service("provider-2").freeze();
        try {
            cluster.awaitLoss("gateway-1");
        } finally {
            cluster.service("provider-2").thaw();
        }
        cluster.awaitOneCluster();

        cluster.service("provider-1").kill();
        // What the frozen one had in hand, and the killed one, is done again after its lease.
        cluster.awaitAlerted(cluster.list(), ClusterFixture.LEASE.plus(SLACK));
        assertExactlyOnce();
    }

    @Test
    @Order(5)
    void everything_goes_on_by_itself_after_postgresql_was_away() throws Exception {
        List<Long> pids = pids();
        try (StreamClient client = cluster.follow("gateway-1", "gateway-2")) {
            awaitConnected(client, "gateway-1");
            cluster.postgres().stop();

            String missed = cluster.list();
            for (String gateway : List.of("gateway-1", "gateway-2")) {
                for (String path : List.of("/api/watch-rules", "/api/notifications", "/api/events")) {
                    assertUnavailable(cluster.api(gateway, path));
                }
                // An answer is kept for a second, so it may still speak of the time before.
                Await.until(
                        gateway + " is not ready",
                        FEW_SECONDS,
                        cluster::evidence,
                        () -> cluster.api(gateway, "/readyz").statusCode() == 503);
            }
            // Long enough for every loop to have failed, several times.
            Await.pause(2_000);
            cluster.postgres().start();

            Await.until(
                    "the API answers again",
                    FEW_SECONDS,
                    cluster::evidence,
                    () -> cluster.api("gateway-1", "/api/watch-rules").statusCode() == 200
                            && cluster.api("gateway-2", "/api/watch-rules").statusCode() == 200);
            cluster.awaitAlerted(missed, ClusterFixture.LEASE.plus(SLACK));
            String fresh = cluster.list();
            cluster.awaitAlerted(fresh, ClusterFixture.LEASE.plus(SLACK));
            awaitTold(client, List.of(missed, fresh));
            assertNoGapNoRepeat(client, List.of(missed, fresh));
        }
        assertThat(pids()).as("the same processes").isEqualTo(pids);
        assertExactlyOnce();
    }

    @Test
    @Order(6)
    void the_api_goes_on_without_redis_and_says_so() throws Exception {
        assertThat(redisCheck("gateway-1")).isEqualTo("ok");
        cluster.redis().stop();

        Await.until(
                "/readyz calls Redis degraded",
                FEW_SECONDS,
                cluster::evidence,
                () -> redisCheck("gateway-1").equals("degraded"));
        assertThat(cluster.readiness("gateway-1").getString("status")).isEqualTo("ready");
        for (int i = 0; i < 20; i++) {
            HttpResponse<String> answer = cluster.api("gateway-" + (1 + i % 2), "/api/watch-rules");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
        cluster.awaitAlerted(cluster.list(), ClusterFixture.CALM);

        cluster.redis().start();
        Await.until(
                "Redis is back in /readyz and in the throttle",
                Duration.ofSeconds(20),
                () -> "checks: " + quietly(() -> cluster.readiness("gateway-1").encode()) + "\n" + cluster.evidence(),
                () -> cluster.api("gateway-1", "/api/watch-rules").statusCode() == 200
                        && redisCheck("gateway-1").equals("ok")
                        && cluster.metric("gateway-1", "waxwatch_throttle_degraded") == 0);
        assertExactlyOnce();
    }

    @Test
    @Order(7)
    void a_misbehaving_marketplace_delays_alerts_and_invents_nothing() throws Exception {
        // One provider with a fresh breaker, and one attempt a poll: three failures do not open it, the fifth does.
        assertThat(cluster.service("provider-2").terminate(ClusterFixture.GRACE))
                .isZero();
        restartOnlyProvider();
        cluster.awaitAlerted(cluster.list(), ClusterFixture.LEASE.plus(SLACK));

        survives(SEARCH_FAULT_RATE_LIMIT, new JsonObject().put("retryAfter", 2), "rate_limited");
        survives("half-body", new JsonObject(), "connection");
        survives("garble", new JsonObject(), "invalid_body");
        survives("silent", new JsonObject(), "timeout");
        assertThat(breaker()).as("breaker after three failures").isZero();
        breaksAndRecovers();
        assertExactlyOnce();
    }

    @Test
    @Order(8)
    void every_service_ends_with_exit_code_zero_when_asked_to() throws Exception {
        try (StreamClient client = cluster.follow("gateway-1")) {
            awaitConnected(client, "gateway-1");
            List<String> order = List.of(
                    "gateway-1", "gateway-2", "provider-1", "provider-2", "scheduler-1", "scheduler-2", "notifier-1");
            for (String name : order) {
                int code = cluster.service(name).terminate(ClusterFixture.GRACE);
                assertThat(code).as(cluster.service(name).tail()).isZero();
            }
        }
        assertThat(cluster.services()).noneMatch(ServiceProcess::isAlive);
    }

    /** The sweep fails once and is rescheduled, the stored listings stay as they are; in order again, the new listing is told. */
    private void survives(String mode, JsonObject more, String error) throws Exception {
        long before = cluster.number("SELECT count(*) FROM listings");
        cluster.searchSuffers(mode, more);
        cluster.forgetRequests();
        String title = cluster.list();

        Await.until("the sweep fails by " + mode, FEW_SECONDS, cluster::evidence, () -> cluster.sweepFailures() > 0);
        assertThat(cluster.searchers()).as("searches that suffered " + mode).isNotEmpty();
        assertThat(cluster.sweepError()).isEqualTo(error);
        assertThat(secondsToNextSweep()).as("back-off after " + mode).isBetween(20L, 60L);
        assertNothingInvented(before);
        assertThat(cluster.footprint(title)).as("nothing is told of " + mode).isEqualTo(NOTHING);

        cluster.clearFaults();
        cluster.makeSweepDue();
        cluster.awaitAlerted(title, ClusterFixture.CALM);
        assertThat(cluster.sweepFailures())
                .as("failures in a row after success")
                .isZero();
        assertNothingInvented(before + 1);
    }

    private void restartOnlyProvider() {
        assertThat(cluster.service("provider-1").terminate(ClusterFixture.GRACE))
                .isZero();
        cluster.service("provider-1").start(Map.of("EBAY_MAX_ATTEMPTS", "1"));
        cluster.awaitReady("provider-1");
    }

    private void breaksAndRecovers() throws Exception {
        long before = cluster.number("SELECT count(*) FROM listings");
        cluster.searchSuffers("status", new JsonObject().put("status", 500));
        String title = cluster.list();

        Await.until("the breaker opens", FEW_SECONDS, cluster::evidence, () -> {
            cluster.makeSweepDue();
            return breaker() == 1;
        });
        // Behind an open breaker polls still end and are rescheduled, and the marketplace is left alone.
        cluster.forgetRequests();
        long failures = cluster.sweepFailures();
        assertThat(failures).isPositive();
        Await.until("a poll ends at the open breaker", FEW_SECONDS, cluster::evidence, () -> {
            cluster.makeSweepDue();
            return cluster.sweepFailures() > failures && cluster.sweepError().equals("breaker_open");
        });
        assertThat(cluster.searchers()).as("searches behind an open breaker").isEmpty();
        assertNothingInvented(before);

        cluster.clearFaults();
        Await.until(
                "the breaker probes, closes, and the collector is told",
                BREAKER_RESET.plus(SLACK).plus(SLACK),
                cluster::evidence,
                () -> {
                    cluster.makeSweepDue();
                    return breaker() == 0 && cluster.footprint(title).equals(Footprint.ONCE);
                });
        assertNothingInvented(before + 1);
    }

    private static final Footprint NOTHING = new Footprint(0, 0, 0, 0, 0, 0);

    private double breaker() throws IOException, InterruptedException {
        return cluster.metric("provider-1", BREAKER);
    }

    private long secondsToNextSweep() throws SQLException {
        return cluster.number("""
                SELECT extract(epoch FROM s.next_due - now())::bigint
                FROM poll_schedule s JOIN polls p ON p.id = s.poll_id WHERE p.kind = 'sweep'
                """);
    }

    private void assertNothingInvented(long expected) throws SQLException {
        assertThat(cluster.number("SELECT count(*) FROM listings"))
                .as("listings")
                .isEqualTo(expected);
        assertThat(cluster.number("SELECT count(*) FROM listings WHERE status <> 'active'"))
                .as("listings that are not active")
                .isZero();
    }

    /** Nothing lost and nothing twice, of all that was ever listed, in the whole class so far. */
    private void assertExactlyOnce() throws Exception {
        for (String title : cluster.listed()) {
            assertThat(cluster.footprint(title)).as(title).isEqualTo(Footprint.ONCE);
        }
        assertNothingInvented(cluster.everListed());
        assertThat(cluster.number("SELECT count(*) FROM notification_deliveries"))
                .as("deliveries left in the outbox")
                .isZero();
    }

    private static void assertNoGapNoRepeat(StreamClient client, List<String> titles) {
        List<Frame> frames = client.frames();
        assertThat(frames).extracting(Frame::title).containsExactlyInAnyOrderElementsOf(titles);
        long first = frames.get(0).id();
        assertThat(frames)
                .extracting(Frame::id)
                .containsExactlyElementsOf(
                        LongStream.range(first, first + frames.size()).boxed().toList());
    }

    private static void assertUnavailable(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(answer.headers().firstValue("retry-after")).as("Retry-After").isPresent();
        JsonObject error = new JsonObject(answer.body()).getJsonObject("error");
        assertThat(error.getString("code")).isNotBlank();
        assertThat(error.getString("message")).isNotBlank();
        assertThat(error.getInteger("status")).isEqualTo(503);
    }

    private void awaitConnected(StreamClient client, String gateway) {
        String url = cluster.service(gateway).url();
        Await.until(
                "the stream is open at " + gateway,
                FEW_SECONDS,
                cluster::evidence,
                () -> client.connectedTo().equals(url));
    }

    private void awaitTold(StreamClient client, List<String> titles) {
        Await.until(
                "the stream tells of " + titles,
                ClusterFixture.LEASE.plus(SLACK),
                () -> "it told " + client.frames() + "\n" + cluster.evidence(),
                () -> client.frames().stream().map(Frame::title).toList().containsAll(titles));
    }

    private String redisCheck(String gateway) throws IOException, InterruptedException {
        return cluster.readiness(gateway)
                .getJsonObject("checks")
                .getJsonObject("redis")
                .getString("status");
    }

    private String schedulerLogs() {
        return cluster.service("scheduler-1").log()
                + cluster.service("scheduler-2").log();
    }

    private int claims(String scheduler) {
        return (int) cluster.service(scheduler)
                .log()
                .lines()
                .filter(line -> line.contains("\"poll.claimed\""))
                .count();
    }

    private List<Long> pids() {
        return cluster.services().stream().map(ServiceProcess::pid).toList();
    }

    private static String theOther(String provider) {
        return provider.equals("provider-1") ? "provider-2" : "provider-1";
    }

    private static String quietly(Await.Look<String> look) {
        try {
            return look.look();
        } catch (Exception unknown) {
            return unknown.toString();
        }
    }
}

package io.waxwatch.provider.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.waxwatch.common.bus.ProviderQuota;
import io.waxwatch.common.outbound.OutboundAnswer;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.telemetry.Metrics;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.common.testing.TestRedis;
import io.waxwatch.provider.http.CallLane;
import io.waxwatch.provider.http.CallPurpose;
import io.waxwatch.provider.http.ErrorType;
import io.waxwatch.provider.http.ProviderFailure;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A process with its ledger, and the Redis that it may lose. */
class QuotaLedgerTest {

    private static final CallPurpose DUE = CallPurpose.everybody(CallLane.DUE);
    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final Duration IMPATIENT = Duration.ofMillis(1);

    private final List<QuotaLedger> ledgers = new ArrayList<>();
    private final AtomicInteger counted = new AtomicInteger();
    private TestRedis redis;
    private Vertx vertx;

    @BeforeEach
    void start() {
        redis = new TestRedis();
        vertx = Vertx.vertx();
    }

    @AfterEach
    void stop() {
        ledgers.forEach(ledger -> TestNode.await(on(ledger::close)));
        TestNode.await(vertx.close());
        redis.close();
    }

    private QuotaLedger ledger(Budget budget) {
        Map<String, String> environment = new HashMap<>();
        environment.put("REDIS_URL", redis == null ? "" : redis.url());
        environment.put("DATABASE_URL", "postgresql://u:p@localhost/db");
        var ledger = new QuotaLedger(
                vertx,
                Settings.load(environment, Role.PROVIDER),
                new Metrics("test"),
                budget,
                since -> {
                    counted.incrementAndGet();
                    return Future.succeededFuture(4_990L);
                },
                answer -> answer.intHeader("X-Left") == null ? -1 : answer.intHeader("X-Left"),
                Clock.systemUTC());
        ledgers.add(ledger);
        TestNode.await(on(ledger::start));
        return ledger;
    }

    /** On one event loop, as in a verticle. */
    private <T> Future<T> on(java.util.function.Supplier<Future<T>> work) {
        var told = io.vertx.core.Promise.<T>promise();
        vertx.runOnContext(go -> work.get().onComplete(told));
        return told.future();
    }

    private Throwable refused(QuotaLedger ledger, Duration patience) {
        var told = on(() -> ledger.admit(DUE, patience).transform(done -> Future.succeededFuture(done.cause())));
        return TestNode.await(told);
    }

    @Test
    void a_call_waits_for_its_turn_and_is_sent_then() {
        QuotaLedger ledger = ledger(Budget.discogs("here", 600));
        for (int i = 0; i < 10; i++) {
            assertThat(refused(ledger, PATIENT)).isNull();
        }
        ProviderQuota state = TestNode.await(on(ledger::state));
        assertThat(state.alone()).isFalse();
        assertThat(state.lanes().get(CallLane.DUE.ordinal()).used()).isEqualTo(10);
    }

    @Test
    void who_has_no_time_is_told_when_to_come_again() {
        QuotaLedger ledger = ledger(Budget.discogs("here", 60));
        assertThat(refused(ledger, IMPATIENT)).isInstanceOfSatisfying(ProviderFailure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(ProviderFailure.Kind.RATE_LIMITED);
            assertThat(failure.errorType()).isEqualTo(ErrorType.QUOTA);
            assertThat(failure.retryAfter())
                    .get()
                    .satisfies(after -> assertThat(after).isPositive());
        });
    }

    @Test
    void a_redis_that_forgot_the_day_is_told_what_was_used_of_it() {
        QuotaLedger ledger = ledger(Budget.ebay(5_000));
        refused(ledger, IMPATIENT);
        ProviderQuota state = TestNode.await(on(ledger::state));
        assertThat(counted).hasValue(1);
        assertThat(state.used()).isEqualTo(4_991L);
        assertThat(state.left()).isEqualTo(9L);
        assertThat(state.resetAtMillis()).isGreaterThan(Clock.systemUTC().millis());
    }

    @Test
    void without_redis_a_process_gives_little_and_nothing_at_first_then_goes_back_to_the_ledger() {
        QuotaLedger ledger = ledger(Budget.discogs("here", 6_000));
        assertThat(refused(ledger, PATIENT)).isNull();
        redis.stop();
        TestNode.eventually(
                "it counts for itself",
                10_000,
                () -> TestNode.await(on(ledger::state)).alone());
        assertThat(refused(ledger, IMPATIENT)).hasMessageContaining("out of reach");
        assertThat(refused(ledger, PATIENT)).as("little, but something").isNull();
        redis.start();
        TestNode.eventually(
                "it counts in Redis again",
                20_000,
                () -> !TestNode.await(on(ledger::state)).alone());
        assertThat(refused(ledger, PATIENT)).isNull();
    }

    @Test
    void a_process_without_redis_has_a_budget_of_its_own() {
        TestRedis never = redis;
        redis = null;
        QuotaLedger ledger = ledger(Budget.discogs("here", 6_000));
        redis = never;
        assertThat(refused(ledger, IMPATIENT)).isNotNull();
        assertThat(refused(ledger, PATIENT)).isNull();
    }

    @Test
    void a_429_holds_all_processes() {
        QuotaLedger one = ledger(Budget.discogs("here", 600));
        QuotaLedger other = ledger(Budget.discogs("here", 600));
        var headers = MultiMap.caseInsensitiveMultiMap().add("Retry-After", "30");
        on(() -> {
            one.answered(new OutboundAnswer(429, headers, Buffer.buffer()));
            return Future.succeededFuture();
        });
        TestNode.eventually(
                "held", 5_000, () -> refused(other, IMPATIENT).getMessage().contains("left alone"));
        assertThat(((ProviderFailure) refused(one, IMPATIENT)).retryAfter())
                .get()
                .satisfies(after -> assertThat(after).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(30)));
    }

    @Test
    void a_collector_who_gave_up_stands_in_nobodys_way() {
        QuotaLedger ledger = ledger(Budget.discogs("here", 600));
        var gone = CallPurpose.of(CallLane.BACKGROUND, UUID.randomUUID());
        var next = CallPurpose.of(CallLane.BACKGROUND, UUID.randomUUID());
        TestNode.await(on(() -> ledger.admit(gone, IMPATIENT).otherwiseEmpty()));
        TestNode.await(on(() -> ledger.admit(next, PATIENT)));
    }
}

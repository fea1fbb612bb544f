package io.waxwatch.provider.http;

import static io.waxwatch.provider.http.ScriptedSender.failed;
import static io.waxwatch.provider.http.ScriptedSender.ok;
import static io.waxwatch.provider.http.ScriptedSender.unanswered;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.waxwatch.common.failure.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class RetryingSenderTest {

    private static final Backoff PAUSES = new Backoff(Duration.ofMillis(250), Duration.ofMillis(600));

    private final AtomicLong nanos = new AtomicLong();
    private final List<Long> bounds = new ArrayList<>();
    /** Draws no pause, and notes out of how many it might have. */
    private final RandomGenerator noting = new RandomGenerator() {
        @Override
        public long nextLong() {
            return 0;
        }

        @Override
        public long nextLong(long bound) {
            bounds.add(bound - 1);
            return 0;
        }
    };

    private Vertx vertx;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(10, SECONDS);
    }

    @Test
    void a_success_is_not_tried_again() throws Exception {
        ScriptedSender within = ScriptedSender.of(ok());

        assertThat(send(within).value()).isEqualTo("read");
        assertThat(within.attempts).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"TIMEOUT", "CONNECTION", "SERVER_ERROR"})
    void tries_again_what_may_end_differently(ErrorType type) throws Exception {
        ScriptedSender within = ScriptedSender.of(unanswered(type), ok());

        assertThat(send(within).value()).isEqualTo("read");
        assertThat(within.attempts).extracting(CallAttempt::number).containsExactly(1, 2);
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"TIMEOUT", "CONNECTION", "SERVER_ERROR"})
    void leaves_it_at_that_where_asking_again_will_not_help(ErrorType type) throws Exception {
        ScriptedSender within = ScriptedSender.of(unanswered(type), ok());

        assertThat(send(within).failure()).isPresent();
        assertThat(within.attempts).hasSize(1);
    }

    @Test
    void gives_up_after_the_last_attempt() throws Exception {
        ScriptedSender within = ScriptedSender.of(failed(503, ErrorType.SERVER_ERROR));

        assertThat(send(within).failure()).isPresent();
        assertThat(within.attempts).hasSize(4);
    }

    @Test
    void draws_its_pauses_from_nothing_to_a_doubling_bound() throws Exception {
        send(ScriptedSender.of(failed(503, ErrorType.SERVER_ERROR)));

        assertThat(bounds).containsExactly(250L, 500L, 600L);
    }

    @Test
    void all_attempts_share_one_budget_of_time() throws Exception {
        var within = new Slow(Duration.ofSeconds(12));

        assertThat(send(within).failure()).isPresent();

        assertThat(within.lefts).containsExactly(Duration.ofSeconds(30), Duration.ofSeconds(18), Duration.ofSeconds(6));
    }

    @Test
    void waits_as_long_as_the_host_asks_where_that_is_short() throws Exception {
        ScriptedSender within = ScriptedSender.of(
                CallResult.unanswered(
                        ScriptedSender.failure(ErrorType.SERVER_ERROR).withRetryAfter(Duration.ofMillis(40))),
                ok());

        assertThat(send(within).value()).isEqualTo("read");
        assertThat(within.attempts.get(1).left()).isEqualTo(Duration.ofMillis(29_960));
    }

    @Test
    void does_not_wait_where_the_host_asks_for_long() throws Exception {
        ScriptedSender within = ScriptedSender.of(
                CallResult.unanswered(
                        ScriptedSender.failure(ErrorType.SERVER_ERROR).withRetryAfter(Duration.ofMillis(601))),
                ok());

        assertThat(send(within).failure()).isPresent();
        assertThat(within.attempts).hasSize(1);
    }

    private CallResult<String> send(CallSender within) throws Exception {
        return new RetryingSender(within, vertx, 4, PAUSES, noting, nanos::get)
                .send(ScriptedSender.attempt())
                .await(5, SECONDS);
    }

    /** Fails after a while of the clock. */
    private final class Slow implements CallSender {
        private final Duration takes;
        private final List<Duration> lefts = new ArrayList<>();

        Slow(Duration takes) {
            this.takes = takes;
        }

        @Override
        public <T> Future<CallResult<T>> send(CallAttempt<T> attempt) {
            lefts.add(attempt.left());
            nanos.addAndGet(takes.toNanos());
            return Future.succeededFuture(CallResult.unanswered(ScriptedSender.failure(ErrorType.TIMEOUT)));
        }
    }
}

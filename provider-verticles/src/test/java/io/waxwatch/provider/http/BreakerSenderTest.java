package io.waxwatch.provider.http;

import static io.waxwatch.provider.http.ScriptedSender.attempt;
import static io.waxwatch.provider.http.ScriptedSender.ok;
import static io.waxwatch.provider.http.ScriptedSender.unanswered;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.waxwatch.provider.http.Outbound.Counted;
import io.waxwatch.provider.http.OutboundMetrics.BreakerState;
import io.waxwatch.provider.http.ProviderFailure.Kind;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class BreakerSenderTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final Counted counted = new Counted();
    private final SetClock clock = new SetClock(NOW);
    private Vertx vertx;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(10, SECONDS);
    }

    @ParameterizedTest
    @EnumSource(names = {"TIMEOUT", "CONNECTION", "SERVER_ERROR", "INVALID_BODY", "BODY_TOO_LARGE"})
    void opens_after_so_many_faults_of_the_host(ErrorType type) throws Exception {
        ScriptedSender within = ScriptedSender.of(unanswered(type));
        BreakerSender breaker = breaker(within, LONG);

        send(breaker);
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        send(breaker);
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
        send(breaker);

        assertThat(within.attempts).hasSize(2);
        assertThat(counted.states).containsExactly(BreakerState.CLOSED, BreakerState.OPEN);
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"TIMEOUT", "CONNECTION", "SERVER_ERROR", "INVALID_BODY", "BODY_TOO_LARGE"})
    void stays_closed_whatever_else_goes_wrong(ErrorType type) throws Exception {
        ScriptedSender within = ScriptedSender.of(unanswered(type));
        BreakerSender breaker = breaker(within, LONG);

        for (int i = 0; i < 5; i++) {
            assertThat(send(breaker).failure())
                    .hasValueSatisfying(
                            failure -> assertThat(failure.errorType()).isEqualTo(type));
        }

        assertThat(within.attempts).hasSize(5);
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void hands_on_what_the_host_said_even_when_it_counts() throws Exception {
        CallResult<String> fault = ScriptedSender.failed(503, ErrorType.SERVER_ERROR);

        assertThat(send(breaker(ScriptedSender.of(fault), LONG))).isSameAs(fault);
    }

    @Test
    void an_open_one_says_when_it_will_try_again() throws Exception {
        BreakerSender breaker = breaker(ScriptedSender.of(unanswered(ErrorType.TIMEOUT)), LONG);
        send(breaker);
        send(breaker);
        clock.set(NOW.plusSeconds(60));

        CallResult<String> refused = send(breaker);

        assertThat(refused.failure()).hasValueSatisfying(failure -> {
            assertThat(failure.kind()).isEqualTo(Kind.BREAKER_OPEN);
            assertThat(failure.retryAfter()).contains(Duration.ofMinutes(4));
            assertThat(failure.publicText()).isEqualTo("Test paused after repeated failures");
        });
        assertThat(counted.failures).containsExactly("breaker_open none");
    }

    @Test
    void lets_one_call_alone_try_and_closes_when_it_succeeds() throws Exception {
        Promise<CallResult<String>> probe = Promise.promise();
        ScriptedSender within = ScriptedSender.of(unanswered(ErrorType.TIMEOUT), unanswered(ErrorType.TIMEOUT))
                .then(probe.future())
                .then(Future.succeededFuture(ok()));
        BreakerSender breaker = breaker(within, SHORT);
        send(breaker);
        send(breaker);
        untilHalfOpen(breaker);

        var trying = breaker.send(attempt());
        CallResult<String> meanwhile = send(breaker);

        assertThat(meanwhile.failure().orElseThrow().kind()).isEqualTo(Kind.BREAKER_OPEN);
        assertThat(within.attempts).hasSize(3);
        probe.complete(ok());
        assertThat(trying.await(5, SECONDS).value()).isEqualTo("read");
        assertThat(send(breaker).value()).isEqualTo("read");
        assertThat(counted.states)
                .containsExactly(BreakerState.CLOSED, BreakerState.OPEN, BreakerState.HALF_OPEN, BreakerState.CLOSED);
    }

    @Test
    void opens_again_when_the_one_call_fails() throws Exception {
        BreakerSender breaker = breaker(ScriptedSender.of(unanswered(ErrorType.TIMEOUT)), SHORT);
        send(breaker);
        send(breaker);
        untilHalfOpen(breaker);

        send(breaker);

        assertThat(counted.states)
                .startsWith(BreakerState.CLOSED, BreakerState.OPEN, BreakerState.HALF_OPEN, BreakerState.OPEN);
    }

    private void untilHalfOpen(BreakerSender breaker) throws Exception {
        while (breaker.state() != BreakerState.HALF_OPEN) {
            vertx.timer(5, MILLISECONDS).await(5, SECONDS);
        }
    }

    private CallResult<String> send(BreakerSender breaker) throws Exception {
        return breaker.send(attempt()).await(5, SECONDS);
    }

    private BreakerSender breaker(CallSender within, Duration reset) {
        OutboundOptions options = OutboundOptions.to("test", URI.create("http://127.0.0.1"))
                .breaker(2, Duration.ofMinutes(1), reset)
                .build();
        return new BreakerSender(within, vertx, options, counted, clock);
    }
}

package io.waxwatch.provider.http;

import static io.waxwatch.common.testing.ScriptedServer.json;
import static io.waxwatch.provider.http.Outbound.failureOf;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.waxwatch.common.outbound.OutboundAnswer;
import io.waxwatch.common.testing.ScriptedServer;
import io.waxwatch.provider.http.Outbound.Asked;
import io.waxwatch.provider.http.Outbound.Counted;
import io.waxwatch.provider.http.Outbound.Recorded;
import io.waxwatch.provider.http.OutboundMetrics.BreakerState;
import io.waxwatch.provider.http.ProviderFailure.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The links together, against a server. */
class OutboundHostTest {

    private static final String PATH = "/thing";
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final Recorded recorded = new Recorded();
    private final Counted counted = new Counted();
    private final SetClock clock = new SetClock(NOW);
    private Vertx vertx;
    private ScriptedServer server;
    private OutboundHost host;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        server = new ScriptedServer(vertx);
    }

    @AfterEach
    void stop() throws Exception {
        host.close().await(5, SECONDS);
        vertx.close().await(10, SECONDS);
    }

    @Test
    void every_attempt_asks_the_quota_and_is_recorded() throws Exception {
        server.on(PATH, json(500, "{}"), json(200, "{\"ok\":true}"));
        open(options());
        var quota = new Asked();

        assertThat(get(host.under(quota)).await(5, SECONDS)).isTrue();

        assertThat(quota.purposes).hasSize(2);
        assertThat(quota.answers).extracting(OutboundAnswer::status).containsExactly(500, 200);
        assertThat(recorded.calls).extracting(ProviderCall::statusCode).containsExactly(500, 200);
        assertThat(recorded.calls)
                .extracting(call -> call.meta().get("attempt"))
                .containsExactly(1, 2);
        assertThat(counted.results).containsExactly("error 500", "success 200");
    }

    @Test
    void an_open_breaker_ends_the_retries_of_a_call_and_is_no_attempt() {
        server.on(PATH, json(500, "{}"));
        open(options().breaker(2, Duration.ofMinutes(1), Duration.ofMinutes(5)));

        ProviderFailure failure = failureOf(get(host.under(CallQuota.UNLIMITED)));

        assertThat(failure.kind()).isEqualTo(Kind.BREAKER_OPEN);
        assertThat(server.seen(PATH)).hasSize(2);
        assertThat(recorded.calls).hasSize(2);
        assertThat(host.breaker()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void a_429_is_never_retried_and_opens_no_breaker_and_holds_the_calls_of_its_quota() throws Exception {
        server.on(PATH, json(429, "{}", "Retry-After", "30"), json(200, "{\"ok\":true}"));
        open(options().breaker(1, Duration.ofMinutes(1), Duration.ofMinutes(5)));
        OutboundChain held = host.under(HeldUntil.of("Test", host.options(), clock));

        assertThat(failureOf(get(held)).retryAfter()).contains(Duration.ofSeconds(30));
        clock.set(NOW.plusSeconds(10));
        assertThat(failureOf(get(held)).retryAfter()).contains(Duration.ofSeconds(20));
        assertThat(server.seen(PATH)).as("nothing was sent meanwhile").hasSize(1);
        assertThat(recorded.calls).hasSize(1);
        assertThat(counted.failures).containsExactly("rate_limited 429", "rate_limited none");

        assertThat(get(host.under(CallQuota.UNLIMITED)).await(5, SECONDS))
                .as("of another quota")
                .isTrue();
        clock.set(NOW.plusSeconds(30));
        assertThat(get(held).await(5, SECONDS)).isTrue();
        assertThat(counted.states).containsExactly(BreakerState.CLOSED);
    }

    @Test
    void the_chains_of_one_host_share_its_breaker() {
        server.on(PATH, json(500, "{}"));
        open(options()
                .retries(1, Duration.ofMillis(1), Duration.ofMillis(1))
                .breaker(1, Duration.ofMinutes(1), Duration.ofMinutes(5)));

        failureOf(get(host.under(CallQuota.UNLIMITED)));

        assertThat(failureOf(get(host.under(CallQuota.UNLIMITED))).kind()).isEqualTo(Kind.BREAKER_OPEN);
    }

    @Test
    void says_how_long_a_call_can_take_with_all_its_attempts() {
        OutboundOptions usual = OutboundOptions.to("discogs", server.baseUri()).build();
        OutboundOptions patient = OutboundOptions.to("discogs", server.baseUri())
                .attemptTimeout(Duration.ofMinutes(2))
                .build();
        open(options());

        assertThat(usual.longestCall()).isEqualTo(Duration.ofSeconds(40));
        assertThat(patient.longestCall()).isEqualTo(Duration.ofMinutes(8));
    }

    private void open(OutboundOptions.Builder options) {
        host = new OutboundHost(vertx, options.build(), counted, clock, new SplittableRandom(1));
    }

    private Future<Boolean> get(OutboundChain chain) {
        OutboundCall call = OutboundCall.get(
                "Test", PATH, Map.of(), Map.of(), answer -> Map.of(), CallPurpose.everybody(CallLane.DUE));
        return chain.call(call, answer -> JsonView.parse(answer.body(), "Test").isTrue("ok"), recorded);
    }

    private OutboundOptions.Builder options() {
        return Outbound.fast("test", server.baseUri());
    }
}

package io.waxwatch.provider.http;

import static io.waxwatch.common.testing.ScriptedServer.answer;
import static io.waxwatch.common.testing.ScriptedServer.endless;
import static io.waxwatch.common.testing.ScriptedServer.halfBody;
import static io.waxwatch.common.testing.ScriptedServer.json;
import static io.waxwatch.common.testing.ScriptedServer.silence;
import static io.waxwatch.provider.http.Outbound.failureOf;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.waxwatch.common.outbound.OutboundAnswer;
import io.waxwatch.common.testing.ScriptedServer;
import io.waxwatch.provider.http.Outbound.Counted;
import io.waxwatch.provider.http.Outbound.Recorded;
import io.waxwatch.provider.http.OutboundMetrics.BreakerState;
import io.waxwatch.provider.http.ProviderFailure.Kind;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutboundHttpTest {

    private static final String PATH = "/thing";
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    private final Recorded recorded = new Recorded();
    private final Counted counted = new Counted();
    private Vertx vertx;
    private ScriptedServer server;
    private OutboundHttp http;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        server = new ScriptedServer(vertx);
    }

    @AfterEach
    void stop() throws Exception {
        if (http != null) {
            http.close().await(5, SECONDS);
        }
        vertx.close().await(10, SECONDS);
    }

    @Test
    void tries_again_after_a_500_and_records_both_attempts() throws Exception {
        server.on(PATH, json(500, "{}"), json(200, "{\"ok\":true}", "X-Left", "7"));

        assertThat(get(options()).await(5, SECONDS)).isTrue();

        assertThat(recorded.calls).extracting(ProviderCall::statusCode).containsExactly(500, 200);
        assertThat(recorded.calls).extracting(ProviderCall::error).containsExactly("Test error 500", null);
        ProviderCall second = recorded.calls.get(1);
        assertThat(second.meta())
                .containsEntry("attempt", 2)
                .containsEntry("attempts_total", 4)
                .containsEntry("max_attempts", 4)
                .containsEntry("left", 7);
        assertThat(second.endpoint()).isEqualTo(PATH);
        assertThat(second.method()).isEqualTo("GET");
        assertThat(second.at()).isEqualTo(NOW);
        assertThat(counted.results).containsExactly("error 500", "success 200");
        assertThat(counted.failures).containsExactly("server_error 500");
    }

    @Test
    void says_how_long_a_call_can_take_with_all_its_attempts() {
        OutboundOptions usual = OutboundOptions.to("discogs", server.baseUri()).build();
        OutboundOptions patient = OutboundOptions.to("discogs", server.baseUri())
                .attemptTimeout(Duration.ofMinutes(2))
                .build();

        assertThat(usual.longestCall()).isEqualTo(Duration.ofSeconds(40));
        assertThat(patient.longestCall()).isEqualTo(Duration.ofMinutes(8));
    }

    @Test
    void gives_up_after_the_last_attempt() {
        server.on(PATH, json(503, "upstream connect error"));

        ProviderFailure failure = failureOf(get(options()));

        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure.statusCode()).hasValue(503);
        assertThat(server.seen(PATH)).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            delimiter = ';',
            value = {
                "none; none",
                "30; PT30S",
                "2.5; PT2.5S",
                "-5; PT0S",
                "99999999; PT1H",
                "Sun, 01 Mar 2026 12:02:00 GMT; PT2M",
                "Sun, 01 Mar 2026 11:00:00 GMT; PT0S",
                "soon; none"
            })
    void never_retries_a_429_and_hands_its_pause_on(String header, Duration pause) {
        server.on(PATH, header == null ? json(429, "{}") : json(429, "{}", "Retry-After", header));

        ProviderFailure failure = failureOf(get(options()));

        assertThat(failure.kind()).isEqualTo(Kind.RATE_LIMITED);
        assertThat(failure.retryAfter().orElse(null)).isEqualTo(pause);
        assertThat(server.seen(PATH)).hasSize(1);
    }

    @Test
    void a_429_that_says_when_to_come_back_is_kept_to_and_opens_no_breaker() throws Exception {
        server.on(PATH, json(429, "{}", "Retry-After", "30"), json(200, "{\"ok\":true}"));
        var now = new AtomicReference<>(NOW);
        var touchy = options().breaker(1, Duration.ofMinutes(1), Duration.ofMinutes(5));
        http = new OutboundHttp(vertx, touchy.build(), counted, clock(now), new SplittableRandom(1));

        assertThat(failureOf(get(touchy)).retryAfter()).contains(Duration.ofSeconds(30));
        now.set(NOW.plusSeconds(10));
        ProviderFailure held = failureOf(get(touchy));
        assertThat(held.kind()).isEqualTo(Kind.RATE_LIMITED);
        assertThat(held.retryAfter()).contains(Duration.ofSeconds(20));
        assertThat(server.seen(PATH)).as("nothing was sent meanwhile").hasSize(1);

        now.set(NOW.plusSeconds(30));
        assertThat(get(touchy).await(5, SECONDS)).isTrue();
        assertThat(counted.states).containsExactly(BreakerState.CLOSED);
        assertThat(counted.failures).containsExactly("rate_limited 429", "rate_limited none");
    }

    @Test
    void a_429_that_says_nothing_counts_for_the_breaker() {
        server.on(PATH, json(429, "{}"));
        OutboundOptions.Builder touchy = options().breaker(1, Duration.ofMinutes(1), Duration.ofSeconds(30));

        assertThat(failureOf(get(touchy)).kind()).isEqualTo(Kind.RATE_LIMITED);

        assertThat(failureOf(get(touchy)).kind()).isEqualTo(Kind.BREAKER_OPEN);
        assertThat(counted.states).containsExactly(BreakerState.CLOSED, BreakerState.OPEN);
    }

    @Test
    void what_the_transport_says_is_told_and_counted_by_its_kind() {
        server.on(PATH, silence(), endless());
        OutboundOptions.Builder hasty = options()
                .attemptTimeout(Duration.ofMillis(200))
                .retries(2, Duration.ofMillis(1), Duration.ofMillis(2))
                .maxBodyBytes(64 * 1024);

        ProviderFailure failure = failureOf(get(hasty));

        assertThat(recorded.calls.get(0).statusCode()).isNull();
        assertThat(recorded.calls.get(0).error()).isEqualTo("Test network error: timeout");
        assertThat(recorded.calls.get(0).meta()).containsEntry("retryable", true);
        assertThat(failure.kind()).isEqualTo(Kind.INVALID_BODY);
        assertThat(failure.errorType()).isEqualTo(ErrorType.BODY_TOO_LARGE);
        assertThat(counted.failures).containsExactly("timeout none", "body_too_large none");
    }

    @Test
    void half_a_body_is_a_network_error_and_tried_again() throws Exception {
        server.on(PATH, halfBody("{\"ok\":"), json(200, "{\"ok\":true}"));

        assertThat(get(options()).await(5, SECONDS)).isTrue();

        assertThat(counted.failures).containsExactly("connection none");
    }

    @Test
    void garbage_is_a_failure_and_not_tried_again() {
        server.on(PATH, json(200, "{\"ok\":tru"));

        ProviderFailure failure = failureOf(get(options()));

        assertThat(failure.kind()).isEqualTo(Kind.INVALID_BODY);
        assertThat(server.seen(PATH)).hasSize(1);
        assertThat(recorded.calls.get(0).meta()).containsEntry("response_invalid", true);
        assertThat(recorded.calls.get(0).statusCode()).isEqualTo(200);
    }

    @Test
    void a_403_page_of_html_is_a_refusal_and_leaves_the_breaker_closed() {
        server.on(PATH, answer(403, "text/html", "<html>blocked</html>"));
        OutboundOptions.Builder touchy = options().breaker(1, Duration.ofMinutes(1), Duration.ofSeconds(30));

        for (int i = 0; i < 3; i++) {
            assertThat(failureOf(get(touchy)).kind()).isEqualTo(Kind.REJECTED);
        }

        assertThat(server.seen(PATH)).hasSize(3);
        assertThat(counted.states).containsExactly(BreakerState.CLOSED);
    }

    @Test
    void the_breaker_opens_lets_one_probe_through_and_closes() throws Exception {
        server.on(PATH, json(500, "{}"), json(500, "{}"), json(200, "{\"ok\":true}"));
        OutboundOptions.Builder touchy = options()
                .retries(1, Duration.ofMillis(1), Duration.ofMillis(2))
                .breaker(2, Duration.ofMinutes(1), Duration.ofMillis(400));

        failureOf(get(touchy));
        failureOf(get(touchy));
        ProviderFailure refused = failureOf(get(touchy));

        assertThat(refused.kind()).isEqualTo(Kind.BREAKER_OPEN);
        assertThat(refused.retryAfter()).isPresent();
        assertThat(server.seen(PATH)).hasSize(2);
        assertThat(recorded.calls).hasSize(2);
        assertThat(counted.failures).endsWith("breaker_open none");
        vertx.timer(500, java.util.concurrent.TimeUnit.MILLISECONDS).await(5, SECONDS);
        assertThat(counted.states).endsWith(BreakerState.HALF_OPEN);
        assertThat(get(touchy).await(5, SECONDS)).isTrue();
        assertThat(counted.states)
                .containsExactly(BreakerState.CLOSED, BreakerState.OPEN, BreakerState.HALF_OPEN, BreakerState.CLOSED);
    }

    @Test
    void an_open_breaker_also_ends_the_retries_of_a_call() {
        server.on(PATH, json(500, "{}"));

        ProviderFailure failure = failureOf(get(options().breaker(2, Duration.ofMinutes(1), Duration.ofSeconds(30))));

        assertThat(failure.kind()).isEqualTo(Kind.BREAKER_OPEN);
        assertThat(server.seen(PATH)).hasSize(2);
    }

    @Test
    void a_refused_connection_is_unavailable_and_names_no_address() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }

        ProviderFailure failure = failureOf(get(Outbound.fast("test", URI.create("http://127.0.0.1:" + free))));

        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure.publicText()).isEqualTo("Test network error: connection failed");
        assertThat(recorded.calls).hasSize(4);
    }

    @Test
    void pauses_between_attempts_are_drawn_from_zero_to_a_doubling_bound() throws Exception {
        server.on(PATH, json(500, "{}"), json(500, "{}"), json(500, "{}"), json(200, "{\"ok\":true}"));
        List<Long> bounds = new ArrayList<>();
        RandomGenerator noting = new RandomGenerator() {
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
        OutboundOptions.Builder slow = options().retries(4, Duration.ofMillis(250), Duration.ofMillis(600));
        http = new OutboundHttp(vertx, slow.build(), counted, CLOCK, noting);

        assertThat(get(slow).await(5, SECONDS)).isTrue();
        assertThat(bounds).containsExactly(250L, 500L, 600L);
    }

    @Test
    void a_recorder_that_throws_does_not_change_the_answer() throws Exception {
        server.on(PATH, json(200, "{\"ok\":true}"));
        http = new OutboundHttp(vertx, options().build(), counted, CLOCK, new SplittableRandom(1));

        Future<Boolean> answered = http.call(call(), OutboundHttpTest::read, call -> {
            throw new IllegalStateException("no room");
        });

        assertThat(answered.await(5, SECONDS)).isTrue();
    }

    private Future<Boolean> get(OutboundOptions.Builder options) {
        if (http == null) {
            http = new OutboundHttp(vertx, options.build(), counted, CLOCK, new SplittableRandom(1));
        }
        return http.call(call(), OutboundHttpTest::read, recorded);
    }

    private static Clock clock(AtomicReference<Instant> now) {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Instant instant() {
                return now.get();
            }
        };
    }

    private static Boolean read(OutboundAnswer answer) {
        return JsonView.parse(answer.body(), "Test").isTrue("ok");
    }

    private static OutboundCall call() {
        return OutboundCall.get("Test", PATH, Map.of(), Map.of(), answer -> {
            Integer left = answer.intHeader("X-Left");
            return left == null ? Map.of() : Map.of("left", left);
        });
    }

    private OutboundOptions.Builder options() {
        return Outbound.fast("test", server.baseUri());
    }
}

package io.waxwatch.provider.http;

import static io.waxwatch.common.testing.ScriptedServer.answer;
import static io.waxwatch.common.testing.ScriptedServer.endless;
import static io.waxwatch.common.testing.ScriptedServer.halfBody;
import static io.waxwatch.common.testing.ScriptedServer.json;
import static io.waxwatch.common.testing.ScriptedServer.silence;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.waxwatch.common.outbound.OutboundTransport;
import io.waxwatch.common.outbound.TransportOptions;
import io.waxwatch.common.testing.ScriptedServer;
import io.waxwatch.provider.http.ProviderFailure.Kind;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TransportSenderTest {

    private static final String PATH = "/thing";
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);
    private static final OutboundCall CALL =
            OutboundCall.get("Test", PATH, Map.of(), Map.of(), answer -> Map.of(), CallPurpose.everybody(CallLane.DUE));

    private Vertx vertx;
    private ScriptedServer server;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        server = new ScriptedServer(vertx);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(10, SECONDS);
    }

    @Test
    void reads_the_value_of_a_success() throws Exception {
        server.on(PATH, json(200, "{\"ok\":true}", "X-Left", "7"));

        CallResult<Boolean> result = send(CALL);

        assertThat(result.failure()).isEmpty();
        assertThat(result.value()).isTrue();
        assertThat(result.answer())
                .hasValueSatisfying(
                        answer -> assertThat(answer.intHeader("X-Left")).isEqualTo(7));
    }

    @ParameterizedTest
    @CsvSource({
        "302, REJECTED, CLIENT_ERROR",
        "400, REJECTED, CLIENT_ERROR",
        "401, UNAUTHORIZED, UNAUTHORIZED",
        "403, REJECTED, CLIENT_ERROR",
        "404, REJECTED, CLIENT_ERROR",
        "429, RATE_LIMITED, RATE_LIMITED",
        "500, UNAVAILABLE, SERVER_ERROR",
        "503, UNAVAILABLE, SERVER_ERROR"
    })
    void says_what_a_status_means(int status, Kind kind, ErrorType type) throws Exception {
        server.on(PATH, answer(status, "text/html", "<html>no JSON</html>"));

        ProviderFailure failure = failureOf(CALL);

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.errorType()).isEqualTo(type);
        assertThat(failure.statusCode()).hasValue(status);
        assertThat(failure.publicText()).isEqualTo("Test error " + status);
    }

    @Test
    void a_500_to_words_that_somebody_typed_may_be_about_the_words() throws Exception {
        server.on(PATH, json(500, "{}"));

        assertThat(failureOf(CALL.asDoubtful()).errorType()).isEqualTo(ErrorType.QUERY_ERROR);
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
    void hands_on_the_pause_that_the_host_asks_for(String header, Duration pause) throws Exception {
        server.on(PATH, header == null ? json(429, "{}") : json(429, "{}", "Retry-After", header));

        assertThat(failureOf(CALL).retryAfter().orElse(null)).isEqualTo(pause);
    }

    static Stream<Arguments> withoutACompleteAnswer() {
        return Stream.of(
                Arguments.of(silence(), Kind.TIMEOUT, ErrorType.TIMEOUT, "Test network error: timeout"),
                Arguments.of(endless(), Kind.INVALID_BODY, ErrorType.BODY_TOO_LARGE, "Test response too large"),
                Arguments.of(
                        halfBody("{\"ok\":"),
                        Kind.UNAVAILABLE,
                        ErrorType.CONNECTION,
                        "Test network error: connection failed"));
    }

    @ParameterizedTest
    @MethodSource("withoutACompleteAnswer")
    void says_what_became_of_an_exchange_that_did_not_end(
            Handler<HttpServerRequest> what, Kind kind, ErrorType type, String text) throws Exception {
        server.on(PATH, what);

        CallResult<Boolean> result = send(CALL);

        assertThat(result.answer()).isEmpty();
        assertThat(result.failure()).hasValueSatisfying(failure -> {
            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.errorType()).isEqualTo(type);
            assertThat(failure.publicText()).isEqualTo(text);
        });
    }

    @Test
    void names_no_address_of_a_host_that_is_away() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }

        CallResult<Boolean> result = sender(URI.create("http://127.0.0.1:" + free))
                .send(attempt(CALL))
                .await(5, SECONDS);

        assertThat(result.failure().orElseThrow().publicText()).isEqualTo("Test network error: connection failed");
    }

    @Test
    void a_body_that_is_not_what_it_should_be_is_a_failure_with_its_answer() throws Exception {
        server.on(PATH, json(200, "{\"ok\":tru"));

        CallResult<Boolean> result = send(CALL);

        assertThat(result.answer()).isPresent();
        assertThat(result.failure()).hasValueSatisfying(failure -> {
            assertThat(failure.kind()).isEqualTo(Kind.INVALID_BODY);
            assertThat(failure.statusCode()).hasValue(200);
        });
    }

    @Test
    void a_reader_that_breaks_is_an_unreadable_body() throws Exception {
        server.on(PATH, json(200, "{}"));
        AnswerReader<Boolean> broken = answer -> {
            throw new IllegalStateException("did not think of that");
        };

        CallResult<Boolean> result = sender(server.baseUri())
                .send(new CallAttempt<>(CALL, broken, CallRecorder.none(), 1, Duration.ofSeconds(1)))
                .await(5, SECONDS);

        assertThat(result.failure()).hasValueSatisfying(failure -> {
            assertThat(failure.errorType()).isEqualTo(ErrorType.INVALID_BODY);
            assertThat(failure.publicText()).isEqualTo("Test unreadable response");
        });
    }

    private ProviderFailure failureOf(OutboundCall call) throws Exception {
        return send(call).failure().orElseThrow();
    }

    private CallResult<Boolean> send(OutboundCall call) throws Exception {
        return sender(server.baseUri()).send(attempt(call)).await(5, SECONDS);
    }

    private static CallAttempt<Boolean> attempt(OutboundCall call) {
        return new CallAttempt<>(
                call,
                answer -> JsonView.parse(answer.body(), "Test").isTrue("ok"),
                CallRecorder.none(),
                1,
                Duration.ofSeconds(30));
    }

    private TransportSender sender(URI base) {
        TransportOptions options = TransportOptions.to("test", base)
                .deadline(Duration.ofMillis(300))
                .maxBodyBytes(64 * 1024)
                .build();
        return new TransportSender(new OutboundTransport(vertx, options), Duration.ofHours(1), CLOCK);
    }
}

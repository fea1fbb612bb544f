package io.waxwatch.common.outbound;

import static io.waxwatch.common.testing.ScriptedServer.endless;
import static io.waxwatch.common.testing.ScriptedServer.halfBody;
import static io.waxwatch.common.testing.ScriptedServer.json;
import static io.waxwatch.common.testing.ScriptedServer.silence;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.waxwatch.common.outbound.OutboundFailure.Reason;
import io.waxwatch.common.testing.ScriptedServer;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class OutboundTransportTest {

    private static final String PATH = "/thing";
    private static final Duration SHORT = Duration.ofMillis(200);

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
    void hands_out_any_answer_with_its_headers() throws Exception {
        server.on(PATH, json(418, "{\"tea\":true}", "X-Left", "7"));

        OutboundAnswer answer = get(transport(to -> {})).await(5, SECONDS);

        assertThat(answer.status()).isEqualTo(418);
        assertThat(answer.isSuccess()).isFalse();
        assertThat(answer.intHeader("x-left")).isEqualTo(7);
        assertThat(answer.body().toString()).isEqualTo("{\"tea\":true}");
    }

    @Test
    void an_answer_without_a_body_has_an_empty_one() throws Exception {
        server.on(PATH, request -> request.response().setStatusCode(204).end());

        assertThat(get(transport(to -> {})).await(5, SECONDS).body().length()).isZero();
    }

    @Test
    void sends_headers_and_body_as_they_are_and_no_name_of_ours() throws Exception {
        server.on(PATH, json(200, "{}"));
        var request = new OutboundRequest(
                HttpMethod.POST,
                PATH + "?filter=a%7Cb%20c",
                Map.of("Content-Type", "text/plain"),
                Buffer.buffer("a body"));

        transport(to -> {}).send(request).await(5, SECONDS);

        ScriptedServer.Seen seen = server.seen(PATH).get(0);
        assertThat(seen.uri()).isEqualTo(PATH + "?filter=a%7Cb%20c");
        assertThat(seen.body()).isEqualTo("a body");
        assertThat(seen.headers()).containsEntry("content-type", "text/plain").doesNotContainKey("user-agent");
    }

    @ParameterizedTest
    @CsvSource({
        "http://host, /a?b=c, /a?b=c",
        "http://host/, /a, /a",
        "http://host/v2, /a, /v2/a",
        "http://host/v2/, /a, /v2/a",
        "http://host, '', /",
        "http://host/token/, '', /token/",
        "http://host/token, ?a=b, /token?a=b",
        "http://host/token?x=%2F, '', /token?x=%2F",
        "http://host/token?x=y, ?a=b, /token?x=y&a=b"
    })
    void what_follows_the_base_uri_is_appended_to_it(URI base, String target, String wire) {
        assertThat(TransportOptions.to("test", base).build().wireTarget(target)).isEqualTo(wire);
    }

    @ParameterizedTest
    @CsvSource({"ftp://host", "http://me:secret@host", "http:///path", "host"})
    void refuses_what_is_no_host_of_the_web(URI base) {
        assertThatThrownBy(() -> TransportOptions.to("test", base).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }

    static Stream<Arguments> whoeverIsTooSlow() {
        Handler<HttpServerRequest> headOnly = request -> {
            request.response().setChunked(true).writeHead();
        };
        Handler<HttpServerRequest> dribble = request -> {
            request.response().setChunked(true);
            Vertx.currentContext()
                    .owner()
                    .setPeriodic(20, tick -> request.response().write(" "));
        };
        return Stream.of(
                Arguments.of("silence", silence()),
                Arguments.of("a head without a body", headOnly),
                Arguments.of("a body that dribbles", dribble));
    }

    /** With one connection the second request can only pass if the first was reset. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("whoeverIsTooSlow")
    void nothing_outlives_the_deadline_and_the_connection_is_freed(String what, Handler<HttpServerRequest> slow)
            throws Exception {
        server.on(PATH, slow, json(200, "{}"));
        OutboundTransport one = transport(to -> to.deadline(SHORT).pool(1, 1));

        assertThat(reasonOf(get(one))).isEqualTo(Reason.DEADLINE);

        assertThat(get(one).await(5, SECONDS).status()).isEqualTo(200);
    }

    @Test
    void a_request_that_was_given_up_while_it_waited_is_never_sent() throws Exception {
        server.on(PATH, silence(), json(200, "{}")).on("/second", json(200, "{}"));
        OutboundTransport one = transport(to -> to.deadline(SHORT).pool(1, 2));
        List<Future<OutboundAnswer>> calls = new ArrayList<>();
        // In one turn of the loop, so that both are late at one moment.
        Promise<Void> sent = Promise.promise();
        vertx.runOnContext(turn -> {
            calls.add(get(one));
            calls.add(one.send(new OutboundRequest(HttpMethod.GET, "/second", Map.of(), null)));
            sent.complete();
        });
        sent.future().await(5, SECONDS);

        assertThat(calls).extracting(OutboundTransportTest::reasonOf).containsOnly(Reason.DEADLINE);
        get(one).await(5, SECONDS);

        assertThat(server.seen("/second")).isEmpty();
    }

    @Test
    void an_endless_body_is_cut_at_the_bound_and_its_connection_freed() throws Exception {
        server.on(PATH, endless(), json(200, "{}"));
        OutboundTransport one = transport(to -> to.maxBodyBytes(64 * 1024).pool(1, 1));

        assertThat(reasonOf(get(one))).isEqualTo(Reason.BODY_TOO_LARGE);

        assertThat(get(one).await(5, SECONDS).status()).isEqualTo(200);
    }

    @Test
    void a_small_body_that_unpacks_to_a_large_one_is_cut_too() throws Exception {
        var zipping = vertx.createHttpServer(new HttpServerOptions().setCompressionSupported(true))
                .requestHandler(request -> request.response()
                        .putHeader("Content-Type", "application/json")
                        .end("{\"ok\":true," + " ".repeat(1_000_000) + "\"a\":1}"))
                .listen(0, "127.0.0.1")
                .await(5, SECONDS);
        URI base = URI.create("http://127.0.0.1:" + zipping.actualPort());
        var narrow = new OutboundTransport(
                vertx, TransportOptions.to("test", base).maxBodyBytes(100_000).build());
        var wide = new OutboundTransport(
                vertx, TransportOptions.to("test", base).maxBodyBytes(2_000_000).build());

        assertThat(reasonOf(get(narrow))).isEqualTo(Reason.BODY_TOO_LARGE);
        assertThat(get(wide).await(5, SECONDS).body().toJsonObject().getBoolean("ok"))
                .isTrue();
    }

    @Test
    void a_body_of_exactly_the_bound_passes() throws Exception {
        server.on(PATH, json(200, "x".repeat(1000)), json(200, "x".repeat(1001)));
        OutboundTransport bounded = transport(to -> to.maxBodyBytes(1000));

        assertThat(get(bounded).await(5, SECONDS).body().length()).isEqualTo(1000);
        assertThat(reasonOf(get(bounded))).isEqualTo(Reason.BODY_TOO_LARGE);
    }

    @Test
    void half_a_body_is_a_broken_connection() {
        server.on(PATH, halfBody("{\"ok\":"));

        assertThat(reasonOf(get(transport(to -> {})))).isEqualTo(Reason.CONNECTION);
    }

    @Test
    void a_refused_connection_is_told_as_one() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        var nobody = new OutboundTransport(
                vertx,
                TransportOptions.to("test", URI.create("http://127.0.0.1:" + free))
                        .build());

        assertThat(reasonOf(get(nobody))).isEqualTo(Reason.CONNECTION);
    }

    @Test
    void a_redirect_is_not_followed() throws Exception {
        server.on(PATH, json(302, "", "Location", server.baseUri() + "/elsewhere"));

        assertThat(get(transport(to -> {})).await(5, SECONDS).status()).isEqualTo(302);
        assertThat(server.seen("/elsewhere")).isEmpty();
    }

    @Test
    void a_full_queue_refuses_at_once_what_it_cannot_hold() throws Exception {
        Promise<Void> came = Promise.promise();
        server.on(PATH, request -> came.tryComplete());
        OutboundTransport narrow =
                transport(to -> to.deadline(Duration.ofMillis(600)).pool(1, 2));
        List<Future<OutboundAnswer>> calls = new ArrayList<>();
        calls.add(get(narrow));
        // Whoever waits for a connection to be opened is in the queue, too.
        came.future().await(5, SECONDS);
        for (int i = 0; i < 4; i++) {
            calls.add(get(narrow));
        }

        List<Reason> reasons =
                calls.stream().map(OutboundTransportTest::reasonOf).toList();

        assertThat(reasons)
                .containsExactly(
                        Reason.DEADLINE,
                        Reason.DEADLINE,
                        Reason.DEADLINE,
                        Reason.NO_FREE_CONNECTION,
                        Reason.NO_FREE_CONNECTION);
    }

    @Test
    void a_request_says_nothing_secret_of_itself() {
        var request = new OutboundRequest(
                HttpMethod.POST, "/token?key=s3cret", Map.of("apikey", "s3cret"), Buffer.buffer("s3cret"));

        assertThat(request).hasToString("POST /token");
    }

    private OutboundTransport transport(Consumer<TransportOptions.Builder> settings) {
        TransportOptions.Builder options = TransportOptions.to("test", server.baseUri());
        settings.accept(options);
        return new OutboundTransport(vertx, options.build());
    }

    private static Future<OutboundAnswer> get(OutboundTransport transport) {
        return transport.send(new OutboundRequest(HttpMethod.GET, PATH, Map.of(), null));
    }

    private static Reason reasonOf(Future<?> future) {
        Throwable thrown = catchThrowable(() -> future.await(10, SECONDS));
        assertThat(thrown).isInstanceOf(OutboundFailure.class);
        return ((OutboundFailure) thrown).reason();
    }
}

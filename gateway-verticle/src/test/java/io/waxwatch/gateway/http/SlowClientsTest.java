package io.waxwatch.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.waxwatch.common.telemetry.Metrics;
import io.waxwatch.common.testing.TestNode;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlowClientsTest {

    private final Vertx vertx = Vertx.vertx();
    private final Queue<WeakReference<RoutingContext>> seen = new ConcurrentLinkedQueue<>();
    private HttpServer server;

    @BeforeEach
    void start() {
        var requests = new RequestScope(new Metrics("test"), false);
        var slow = new SlowClients(new ErrorResponses(requests), Duration.ofHours(1), System::nanoTime);
        Router router = Router.router(vertx);
        router.route().handler(rc -> {
            seen.add(new WeakReference<>(rc));
            rc.next();
        });
        router.route().handler(slow);
        router.route().handler(BodyHandler.create(false));
        router.route().handler(rc -> rc.response().end("done"));
        server = TestNode.await(vertx.createHttpServer()
                .connectionHandler(slow::connected)
                .requestHandler(router)
                .listen(0, "127.0.0.1"));
    }

    @AfterEach
    void stop() {
        TestNode.await(vertx.close());
    }

    /** The whole body, and a part of it before the client leaves. */
    @ParameterizedTest
    @ValueSource(strings = {"0123456789", "01234"})
    void nothing_of_a_request_is_kept_once_it_has_ended(String body) throws IOException {
        try (var socket = new Socket("127.0.0.1", server.actualPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream()
                    .write(("POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 10\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
            TestNode.eventually("it has arrived", 30_000, () -> !seen.isEmpty());
            if (body.length() == 10) {
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .endsWith("done");
            }
        }
        TestNode.eventually("it is forgotten long before its time is over", 30_000, () -> {
            System.gc();
            return seen.stream().allMatch(request -> request.get() == null);
        });
    }
}

package io.waxwatch.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.User;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 without TLS: by prior knowledge, as proxies speak it, and by an upgrade. */
class Http2Test {

    /** Not the gateway's, which ends in between. */
    private final Vertx vertx = Vertx.vertx();

    private TestGateway gateway;
    private HttpClientAgent client;

    @BeforeEach
    void start() {
        gateway = TestGateway.start(Map.of("REQUEST_TIMEOUT_SECONDS", "1"));
    }

    @AfterEach
    void stop() {
        gateway.close();
        TestNode.await(vertx.close());
    }

    private HttpClientAgent client(boolean upgrade) {
        return vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(upgrade));
    }

    private HttpClientRequest request(User user, HttpMethod method, String path) {
        return TestNode.await(client.request(new RequestOptions()
                .setMethod(method)
                .setHost("127.0.0.1")
                .setPort(gateway.port())
                .setURI(path)
                .putHeader("authorization", "Bearer " + user.token)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void reads_writes_refuses_and_streams_until_the_gateway_drains(boolean upgrade) {
        client = client(upgrade);
        User ann = gateway.user();

        var read = request(ann, HttpMethod.GET, "/api/watch-rules");
        HttpClientResponse list =
                TestNode.await(read.send().compose(answer -> answer.body().map(answer)));
        assertThat(list.version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(list.statusCode()).isEqualTo(200);
        assertThat(TestNode.await(list.body())).isEqualTo(new JsonArray().toBuffer());

        var write = request(ann, HttpMethod.POST, "/api/watch-rules").putHeader("content-type", "application/json");
        assertThat(TestNode.await(write.send(Buffer.buffer("{\"name\": \"x\"}")))
                        .statusCode())
                .isEqualTo(201);

        var plain = request(ann, HttpMethod.POST, "/api/watch-rules").putHeader("content-type", "text/plain");
        assertThat(TestNode.await(plain.send("x")).statusCode()).isEqualTo(415);

        var large = request(ann, HttpMethod.POST, "/api/watch-rules").putHeader("content-type", "application/json");
        HttpClientResponse tooLarge = TestNode.await(large.send(Buffer.buffer("\"" + "x".repeat(70_000) + "\"")));
        assertThat(tooLarge.statusCode()).isEqualTo(413);

        var text = new StringBuffer();
        var ended = new AtomicBoolean();
        var stream = request(ann, HttpMethod.GET, "/api/stream/events").putHeader("accept-encoding", "gzip");
        HttpClientResponse events = TestNode.await(stream.send().map(answer -> {
            answer.handler(chunk -> text.append(chunk));
            answer.endHandler(end -> ended.set(true));
            return answer;
        }));
        assertThat(events.statusCode()).isEqualTo(200);
        TestNode.eventually("connected", 30_000, () -> text.indexOf(": connected") >= 0);
        gateway.event(ann.id, new JsonObject());
        TestNode.eventually("an alert", 10_000, () -> text.indexOf("\nevent: notification\n") >= 0);

        // A body that never comes ends its own stream and nobody else's.
        var dripping = request(ann, HttpMethod.POST, "/api/watch-rules")
                .putHeader("content-type", "application/json")
                .putHeader("content-length", "100");
        var given = new AtomicBoolean();
        dripping.response().onFailure(reset -> given.set(true));
        TestNode.await(dripping.sendHead());
        TestNode.eventually("given up", 10_000, given::get);
        assertThat(ended).isFalse();

        gateway.close();
        TestNode.eventually("drained", 10_000, ended::get);
        assertThat(text.toString()).contains(": the server is stopping\nretry: ");
    }
}

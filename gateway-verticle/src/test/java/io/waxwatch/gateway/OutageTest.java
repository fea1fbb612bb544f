package io.waxwatch.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.testing.TestDatabase;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.TestGateway.Reply;
import io.waxwatch.gateway.TestGateway.User;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutageTest {

    @Test
    void without_postgres_says_so_in_the_envelope_and_recovers_by_itself(@TempDir Path data) throws IOException {
        try (var postgres = new TestDatabase.Stoppable(data);
                var gateway = TestGateway.on(postgres.address(), Map.of())) {
            User ann = gateway.user();
            assertThat(ann.get("/api/watch-rules").status()).isEqualTo(200);
            try (var stream = SseClient.open(gateway.node().vertx(), gateway.port(), ann.token, null)) {
                stream.awaitConnected();

                postgres.stop();
                for (int i = 0; i < 5; i++) {
                    Reply away = ann.get("/api/watch-rules");
                    assertThat(away.status()).isEqualTo(503);
                    assertThat(away.error().getString("code")).isEqualTo("http_error");
                    assertThat(away.header("retry-after")).isEqualTo("2");
                    assertThat(away.message()).doesNotContain("Exception").doesNotContain("127.0.0.1");
                }
                assertThat(ann.post("/api/watch-rules", new JsonObject().put("name", "a"))
                                .status())
                        .isEqualTo(503);
                TestNode.eventually(
                        "not ready",
                        30_000,
                        () -> gateway.anonymous(HttpMethod.GET, "/readyz").status() == 503);
                Reply notReady = gateway.anonymous(HttpMethod.GET, "/readyz");
                assertThat(notReady.message()).isEqualTo("request failed");
                assertThat(notReady.error().getString("code")).isEqualTo("http_error");
                JsonObject details = notReady.error().getJsonObject("details");
                assertThat(details.getString("status")).isEqualTo("not_ready");
                assertThat(details.getString("reason")).isEqualTo("required dependency checks failed");
                assertThat(details.getJsonObject("checks").getJsonObject("db").getString("status"))
                        .isEqualTo("failed");
                assertThat(details.getJsonObject("checks").getJsonObject("db").getString("reason"))
                        .matches("db readiness probe (timed out after 1\\.0s|failed: \\w+)");
                assertThat(gateway.anonymous(HttpMethod.GET, "/healthz").status())
                        .isEqualTo(200);
                assertThat(stream.ended()).isFalse();

                postgres.start();
                TestNode.eventually(
                        "back", 10_000, () -> ann.get("/api/watch-rules").status() == 200);
                TestNode.eventually(
                        "ready",
                        30_000,
                        () -> gateway.anonymous(HttpMethod.GET, "/readyz").status() == 200);
                gateway.event(ann.id, new JsonObject().put("listing_title", "Loveless"));
                stream.awaitIds(1, 30_000);
            }
        }
    }
}

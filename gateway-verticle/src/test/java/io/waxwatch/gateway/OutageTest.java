package io.waxwatch.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.testing.TestDatabase;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.testing.SseClient;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import io.waxwatch.gateway.testing.TestGateway.User;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutageTest {

    @Test
    void a_database_that_takes_no_changes_is_not_ready_refuses_writes_in_words_and_heals_by_itself(@TempDir Path data)
            throws IOException, SQLException {
        try (var postgres = new TestDatabase.Stoppable(data);
                var gateway = TestGateway.on(postgres.address(), Map.of())) {
            User ann = gateway.user();
            assertThat(ann.get("/api/watch-rules").status()).isEqualTo(200);

            onServer(postgres, "ALTER DATABASE postgres SET default_transaction_read_only = on");
            onServer(
                    postgres,
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                            + " AND datname = 'postgres'");
            TestNode.eventually("not ready", 30_000, () -> {
                Reply readiness = gateway.anonymous(HttpMethod.GET, "/readyz");
                return readiness.status() == 503 && readiness.json().encode().contains("ReadOnlyDatabase");
            });
            TestNode.eventually("writes are refused in words", 30_000, () -> {
                Reply refused = ann.post("/api/watch-rules", blue());
                return refused.status() == 503
                        && refused.header("retry-after") != null
                        && refused.message().equals("the database takes no changes right now, please retry shortly");
            });
            TestNode.eventually(
                    "reads go on", 30_000, () -> ann.get("/api/watch-rules").status() == 200);

            onServer(postgres, "ALTER DATABASE postgres RESET default_transaction_read_only");

            TestNode.eventually(
                    "ready again",
                    60_000,
                    () -> gateway.anonymous(HttpMethod.GET, "/readyz").status() == 200);
            TestNode.eventually(
                    "writes are taken",
                    60_000,
                    () -> ann.post("/api/watch-rules", blue()).status() == 201);
        }
    }

    private static JsonObject blue() {
        return new JsonObject().put("name", "a").put("query", new JsonObject().put("q", "blue"));
    }

    private static void onServer(TestDatabase.Stoppable postgres, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(
                        postgres.address().jdbcUrl(), postgres.address().user(), "");
                var statement = connection.createStatement()) {
            statement.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE");
            statement.execute(sql);
        }
    }

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

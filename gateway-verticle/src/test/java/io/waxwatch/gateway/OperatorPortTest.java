package io.waxwatch.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClient;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.testing.RawHttp;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators see, and what strangers can do to it. */
class OperatorPortTest {

    private static final int INVENTED = 500;

    private TestGateway gateway;

    @BeforeEach
    void start() {
        gateway = TestGateway.start(Map.of());
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    /** Over both versions of HTTP, for each has its own way into the metrics. */
    @Test
    void a_thousand_invented_methods_leave_the_metrics_as_they_are() throws IOException {
        inventOverHttp1(0, 1);
        inventOverHttp2(0, 1);
        TestNode.eventually(
                "both versions are counted",
                30_000,
                () -> metrics().contains("vertx_http_server_requests_total")
                        && sum("waxwatch_request_latency_seconds_count", "method=\"other\"") == 2);
        long before = series();

        inventOverHttp1(1, INVENTED);
        inventOverHttp2(1, INVENTED);

        TestNode.eventually(
                "all are counted",
                30_000,
                () -> sum("waxwatch_request_latency_seconds_count", "method=\"other\"") == 2 * INVENTED
                        && sum("vertx_http_server_requests_total", "method=\"other\"") == 2 * INVENTED);
        assertThat(series()).isEqualTo(before);
        assertThat(metrics())
                .doesNotContain("INVENTED")
                .hasSizeLessThan(200_000)
                .contains("waxwatch_metrics_series_refused_total{service=\"gateway\"} 0.0");
    }

    private void inventOverHttp1(int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            String answer = RawHttp.exchange(gateway, "INVENTED" + i + " /api/events HTTP/1.1\r\nhost: x\r\n\r\n");
            assertThat(answer)
                    .startsWith("HTTP/1.1 501 ")
                    .contains("x-request-id: ")
                    .contains("{\"error\":{\"message\":\"Not Implemented\",\"code\":\"http_error\",\"status\":501}}");
        }
    }

    private void inventOverHttp2(int from, int to) {
        HttpClientAgent client = gateway.node()
                .vertx()
                .createHttpClient(new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false));
        for (int i = from; i < to; i++) {
            HttpMethod method = HttpMethod.valueOf("INVENTED" + i);
            var answer = client.request(method, gateway.port(), "127.0.0.1", "/api/events")
                    .compose(request -> request.send());
            assertThat(TestNode.await(answer).statusCode()).isEqualTo(501);
        }
        TestNode.await(client.close());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE /healthz", "CONNECT other.example:443", "CONNECT /healthz", "get /healthz"})
    void methods_that_no_route_has_are_refused(String line) throws IOException {
        assertThat(RawHttp.exchange(gateway, line + " HTTP/1.1\r\nhost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 501 ")
                .contains("\"code\":\"http_error\"")
                .contains("x-request-id: ");
    }

    @Test
    void every_label_of_every_meter_has_few_values() {
        var user = gateway.user();
        for (int i = 0; i < 30; i++) {
            user.get("/api/watch-rules/" + java.util.UUID.randomUUID());
            user.get("/api/nowhere/" + i);
            gateway.bearer("no-token-" + i).get("/api/events");
        }
        var values = new HashMap<String, java.util.Set<String>>();
        var label = java.util.regex.Pattern.compile("(\\w+)=\"([^\"]*)\"");
        for (String line :
                metrics().lines().filter(line -> !line.startsWith("#")).toList()) {
            String meter = line.substring(0, line.indexOf('{'));
            label.matcher(line)
                    .results()
                    .forEach(found -> values.computeIfAbsent(
                                    meter + " " + found.group(1), first -> new java.util.TreeSet<>())
                            .add(found.group(2)));
        }
        values.forEach((of, seen) -> assertThat(seen)
                .as(of)
                .hasSizeLessThan(25)
                .noneMatch(value -> value.contains("nowhere") || value.matches(".*[0-9a-f]{8}-[0-9a-f]{4}.*")));
    }

    @Test
    void outside_development_metrics_are_on_the_management_port_only() throws IOException {
        int management = freePort();
        try (var production = TestGateway.start(
                Map.of("ENVIRONMENT", "production", "MANAGEMENT_PORT", Integer.toString(management)))) {
            for (String probe : List.of("/healthz", "/readyz")) {
                assertThat(production.anonymous(HttpMethod.GET, probe).status())
                        .as(probe)
                        .isEqualTo(200);
                assertThat(at(production, management, probe).status()).as(probe).isEqualTo(200);
            }
            assertThat(at(production, management, "/metrics").http().bodyAsString())
                    .contains("waxwatch_request_latency_seconds_count");
            assertThat(at(production, management, "/api/events").status()).isEqualTo(404);
            assertThat(at(production, production.port(), "/metrics").json())
                    .isEqualTo(new JsonObject(
                            "{\"error\":{\"message\":\"Not Found\",\"code\":\"http_error\",\"status\":404}}"));
            JsonObject paths =
                    at(production, production.port(), "/openapi.json").json().getJsonObject("paths");
            assertThat(paths.fieldNames()).contains("/readyz").doesNotContain("/metrics");
        }
    }

    @Test
    void a_setting_brings_the_metrics_back_to_the_public_port() {
        try (var production =
                TestGateway.start(Map.of("ENVIRONMENT", "production", "METRICS_ON_PUBLIC_PORT", "true"))) {
            assertThat(production.anonymous(HttpMethod.GET, "/metrics").status())
                    .isEqualTo(200);
        }
        try (var development = TestGateway.start(Map.of("METRICS_ON_PUBLIC_PORT", "false"))) {
            assertThat(at(development, development.port(), "/metrics").status()).isEqualTo(404);
        }
    }

    /** Not the client that looks every answer up in the document. */
    private static Reply at(TestGateway gateway, int port, String path) {
        return new Reply(TestNode.await(WebClient.create(gateway.node().vertx())
                .get(port, "127.0.0.1", path)
                .send()));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private String metrics() {
        return at(gateway, gateway.port(), "/metrics").http().bodyAsString();
    }

    private long series() {
        return metrics().lines().filter(line -> !line.startsWith("#")).count();
    }

    private double sum(String meter, String label) {
        return metrics()
                .lines()
                .filter(line -> line.startsWith(meter + "{") && line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}

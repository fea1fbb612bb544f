package io.waxwatch.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClient;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.testing.Contract;
import io.waxwatch.gateway.testing.RawHttp;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EdgeTest {

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of("CORS_ALLOWED_ORIGINS", "https://waxwatch.example"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static Reply send(io.vertx.ext.web.client.HttpRequest<Buffer> request) {
        return new Reply(TestNode.await(request.send()));
    }

    @Test
    void every_refusal_is_in_the_envelope_with_a_request_id() {
        Reply unknown = gateway.anonymous(HttpMethod.GET, "/nowhere");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.json())
                .isEqualTo(new JsonObject(
                        "{\"error\":{\"message\":\"Not Found\",\"code\":\"http_error\",\"status\":404}}"));
        assertThat(UUID.fromString(unknown.header("x-request-id"))).isNotNull();

        Reply method = gateway.anonymous(HttpMethod.PUT, "/api/watch-rules");
        assertThat(method.status()).isEqualTo(405);
        assertThat(method.message()).isEqualTo("Method Not Allowed");
        assertThat(method.header("allow")).contains("GET").contains("POST");
        assertThat(gateway.anonymous(HttpMethod.HEAD, "/api/watch-rules").status())
                .isEqualTo(405);

        Reply large = TestNode.await(gateway.user()
                .sending(HttpMethod.POST, "/api/watch-rules", Buffer.buffer("\"" + "x".repeat(70_000) + "\"")));
        assertThat(large.status()).isEqualTo(413);
        assertThat(large.message()).isEqualTo("request body too large: more than 65536 bytes");

        Reply header = send(gateway.request(HttpMethod.GET, "/healthz").putHeader("x-large", "x".repeat(20_000)));
        assertThat(header.status()).isEqualTo(431);
        assertThat(header.error().getString("code")).isEqualTo("http_error");
        Reply line = send(gateway.request(HttpMethod.GET, "/healthz?" + "x".repeat(9_000)));
        assertThat(line.status()).isEqualTo(414);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/watch-rules/%zz",
                "/api/events?limit=%zz",
                "/api/events?cursor=%",
                "/api/provider-requests?provider=%1",
                "/api/stream/events?after=%zz",
                "/api/integrations/discogs/oauth/return?state=%u0041",
                "/nowhere%",
                "/healthz?%2"
            })
    void an_address_that_cannot_be_decoded_is_refused_and_says_why(String uri) throws IOException {
        String answer = RawHttp.exchange(
                gateway,
                "GET " + uri + " HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer "
                        + gateway.user().token + "\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("x-request-id: ");
        assertThat(new JsonObject(answer.substring(answer.indexOf('{')))
                        .getJsonObject("error")
                        .getString("message"))
                .isEqualTo("the address has a % without two hexadecimal digits behind it; a % itself is %25");
    }

    static Map<String, Set<String>> methodsByPath() {
        var methods = new TreeMap<String, Set<String>>();
        Contract.document()
                .operations()
                .forEach(operation -> methods.computeIfAbsent(operation.path(), path -> new TreeSet<>())
                        .add(operation.method().name()));
        return methods;
    }

    static Stream<Arguments> paths() {
        return methodsByPath().entrySet().stream().map(each -> Arguments.of(each.getKey(), each.getValue()));
    }

    @ParameterizedTest
    @MethodSource("paths")
    void a_method_that_a_path_does_not_have_is_405_with_those_it_has(String path, Set<String> has) {
        String actual = path.replaceAll("\\{\\w+}", UUID.randomUUID().toString());
        var user = gateway.user();
        for (String method : List.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")) {
            if (!has.contains(method)) {
                Reply reply = user.send(HttpMethod.valueOf(method), actual, null);
                assertThat(reply.status()).as("%s %s", method, path).isEqualTo(405);
                assertThat(reply.header("allow")).as("%s %s", method, path).isEqualTo(String.join(", ", has));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/watch-rules/preview/", "/api/watch-rules/%70review", "/api/./watch-rules/preview"})
    void another_spelling_of_a_path_without_parameters_is_that_path(String spelling) {
        // Not the client that looks every path up in the document.
        var request = WebClient.create(gateway.node().vertx())
                .request(HttpMethod.DELETE, gateway.port(), "127.0.0.1", spelling)
                .putHeader("authorization", "Bearer " + gateway.user().token);
        Reply reply = send(request);
        assertThat(reply.status()).as(reply.http().bodyAsString()).isEqualTo(405);
        assertThat(reply.header("allow")).isEqualTo("POST");
    }

    /** The router refuses these before any handler sees them. */
    @ParameterizedTest
    @CsvSource({
        "GET /healthz, , 400",
        "GET /healthz, 'host: a b', 400",
        "OPTIONS *, 'host: x', 404",
        "GET x, 'host: x', 404"
    })
    void what_the_router_itself_refuses_is_answered_and_counted_like_all_else(String line, String host, int status)
            throws IOException {
        long counted = counted("unmatched", status);
        String answer = RawHttp.exchange(
                gateway,
                line + " HTTP/1.1\r\n" + (host == null ? "" : host + "\r\n")
                        + "x-request-id: job-7\r\nconnection: close\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 " + status + " ")
                .contains("x-request-id: job-7")
                .contains("x-content-type-options: nosniff")
                .contains("cache-control: no-store")
                .contains("{\"error\":{\"message\":");
        TestNode.eventually("it is counted", 30_000, () -> counted("unmatched", status) > counted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/healthz", "/readyz", "/metrics", "/", "/docs", "/openapi.json"})
    void probes_and_documents_are_counted_under_their_own_names(String path) {
        long counted = counted(path, 200);
        gateway.anonymous(HttpMethod.GET, path);
        TestNode.eventually("it is counted", 30_000, () -> counted(path, 200) > counted);
    }

    private static long counted(String path, int status) {
        return Pattern.compile("waxwatch_request_latency_seconds_count\\{[^}]*path=\"" + Pattern.quote(path)
                        + "\"[^}]*status_code=\"" + status + "\"[^}]*} ([0-9]+)")
                .matcher(metrics())
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .sum();
    }

    @Test
    void keeps_a_harmless_request_id_and_replaces_any_other() {
        assertThat(send(gateway.request(HttpMethod.GET, "/healthz").putHeader("x-request-id", "job-7.a"))
                        .header("x-request-id"))
                .isEqualTo("job-7.a");
        for (String bad : new String[] {"a b", "x".repeat(129), "<script>"}) {
            assertThat(send(gateway.request(HttpMethod.GET, "/healthz").putHeader("x-request-id", bad))
                            .header("x-request-id"))
                    .hasSize(36);
        }
    }

    @Test
    void answers_probes_and_counts_by_route_template() {
        assertThat(gateway.anonymous(HttpMethod.GET, "/healthz").json().getString("status"))
                .isEqualTo("ok");
        Reply ready = gateway.anonymous(HttpMethod.GET, "/readyz");
        assertThat(ready.status()).isEqualTo(200);
        assertThat(ready.json().getJsonObject("checks").getJsonObject("db").getString("status"))
                .isEqualTo("ok");

        gateway.user().get("/api/watch-rules/" + UUID.randomUUID());
        // A request is counted when its answer has left, which the caller may know first.
        TestNode.eventually(
                "the request is counted", 30_000, () -> metrics().contains("path=\"/api/watch-rules/:rule_id\""));
        assertThat(metrics()).contains("waxwatch_request_latency_seconds_count").contains("waxwatch_event_streams");
        assertThat(gateway.anonymous(HttpMethod.GET, "/healthz").header("x-content-type-options"))
                .isEqualTo("nosniff");
    }

    private static String metrics() {
        return gateway.anonymous(HttpMethod.GET, "/metrics").http().bodyAsString();
    }

    @Test
    void lets_pages_of_allowed_origins_in_and_no_others() {
        Reply allowed = send(gateway.request(HttpMethod.OPTIONS, "/api/watch-rules")
                .putHeader("origin", "https://waxwatch.example")
                .putHeader("access-control-request-method", "PATCH")
                .putHeader("access-control-request-headers", "authorization, content-type"));
        assertThat(allowed.status()).isEqualTo(200);
        assertThat(allowed.http().bodyAsString()).isEqualTo("OK");
        assertThat(allowed.header("access-control-allow-origin")).isEqualTo("https://waxwatch.example");
        assertThat(allowed.header("access-control-allow-headers"))
                .isEqualTo("Accept, Accept-Language, Authorization, Cache-Control, Content-Language, Content-Type,"
                        + " Idempotency-Key, If-None-Match, Last-Event-ID, X-Request-ID");
        assertThat(allowed.header("access-control-allow-methods")).isEqualTo("GET, POST, PUT, PATCH, DELETE, OPTIONS");
        assertThat(allowed.header("access-control-max-age")).isEqualTo("600");

        Reply refused = send(gateway.request(HttpMethod.OPTIONS, "/api/watch-rules")
                .putHeader("origin", "https://evil.example")
                .putHeader("access-control-request-method", "PATCH"));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.message()).isEqualTo("Disallowed CORS origin");
        assertThat(refused.header("access-control-allow-origin")).isNull();

        Reply simple = send(
                gateway.request(HttpMethod.GET, "/api/watch-rules").putHeader("origin", "https://waxwatch.example"));
        assertThat(simple.status()).isEqualTo(401);
        assertThat(simple.header("access-control-allow-origin")).isEqualTo("https://waxwatch.example");
        assertThat(simple.header("vary")).isEqualTo("Origin, Accept-Encoding");
    }

    /** A fetch-based reader of the stream brings Last-Event-ID when it comes back; EventSource polyfills bring Cache-Control. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "authorization, last-event-id",
                "authorization, cache-control",
                "authorization, if-none-match",
                "authorization, content-type, idempotency-key",
                "authorization, x-request-id"
            })
    void pages_of_allowed_origins_may_send_what_clients_of_this_api_send(String headers) {
        Reply allowed = send(gateway.request(HttpMethod.OPTIONS, "/api/stream/events")
                .putHeader("origin", "https://waxwatch.example")
                .putHeader("access-control-request-method", "GET")
                .putHeader("access-control-request-headers", headers));
        assertThat(allowed.status()).isEqualTo(200);
        assertThat(allowed.header("access-control-allow-origin")).isEqualTo("https://waxwatch.example");
    }

    @Test
    void pages_of_allowed_origins_may_send_and_read_every_header_that_the_document_names() {
        Reply preflight = send(gateway.request(HttpMethod.OPTIONS, "/api/watch-rules")
                .putHeader("origin", "https://waxwatch.example")
                .putHeader("access-control-request-method", "GET"));
        // A browser sets Referer itself, and no page has eBay's signature.
        assertThat(words(preflight.header("access-control-allow-headers")))
                .containsAll(Contract.document().requestHeaders().stream()
                        .map(header -> header.toLowerCase(Locale.ROOT))
                        .filter(header -> !header.equals("referer") && !header.equals("x-ebay-signature"))
                        .toList());
        Reply simple = send(
                gateway.request(HttpMethod.GET, "/api/watch-rules").putHeader("origin", "https://waxwatch.example"));
        // A browser shows Set-Cookie to nobody.
        assertThat(words(simple.header("access-control-expose-headers")))
                .containsAll(Contract.document().answerHeaders().stream()
                        .map(header -> header.toLowerCase(Locale.ROOT))
                        .filter(header -> !header.equals("set-cookie"))
                        .toList());
    }

    private static List<String> words(String list) {
        return List.of(list.toLowerCase(Locale.ROOT).split(", "));
    }
}

package io.waxwatch.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClient;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.telemetry.Logging;
import io.waxwatch.common.testing.TestLogging;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.testing.RawHttp;
import io.waxwatch.gateway.testing.SseClient;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import io.waxwatch.gateway.testing.TestGateway.User;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HardEdgesTest {

    private static final String RULES = "/api/watch-rules";

    private static TestGateway gateway;
    private static User ann;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of("REQUEST_TIMEOUT_SECONDS", "1"));
        ann = gateway.user();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static Reply post(Buffer body) {
        return TestNode.await(ann.sending(HttpMethod.POST, RULES, body));
    }

    static Stream<Arguments> unreadableBodies() {
        return Stream.of(
                Arguments.of("{\"name\":", "json_invalid"),
                Arguments.of("{\"name\": NaN}", "json_invalid"),
                Arguments.of("{\"name\": Infinity}", "json_invalid"),
                Arguments.of("{\"name\": -Infinity}", "json_invalid"),
                Arguments.of("{\"name\": \"x\" /* a comment */}", "json_invalid"),
                Arguments.of("{\"name\": \"x\"} {}", "json_invalid"),
                Arguments.of("{'name': 'x'}", "json_invalid"),
                Arguments.of("{\"a\":" + "[".repeat(32) + "]".repeat(32) + "}", "json_invalid"),
                Arguments.of("[".repeat(30_000), "json_invalid"),
                Arguments.of("{\"a\": " + "9".repeat(101) + "}", "json_invalid"),
                Arguments.of("{\"name\": \"x\", \"query\": {\"max_price\": 1e400}}", "value_error"),
                Arguments.of("{\"name\": \"x\", \"query\": {\"max_price\": 1e999999999}}", "value_error"),
                Arguments.of("{\"name\": \"\\ud800\"}", "value_error"),
                Arguments.of("\"\\udc00\"", "value_error"),
                Arguments.of("{\"name\": \"a\\u0000b\"}", "value_error"),
                Arguments.of(
                        "{\"name\": \"x\", \"poll_interval_seconds\": " + "9".repeat(99) + "}", "less_than_equal"));
    }

    @ParameterizedTest
    @MethodSource("unreadableBodies")
    void a_body_that_is_no_plain_json_is_refused_in_the_envelope(String body, String type) {
        Reply reply = post(Buffer.buffer(body));
        assertThat(reply.status()).as(reply.http().bodyAsString()).isEqualTo(422);
        assertThat(reply.violation().getString("type")).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"name": "Ж" ?      | the body cannot be read after 13 characters: not valid JSON
            {"name": "x"} {}    | the body cannot be read after 14 characters: more than one value
            {"a": @depth@}      | the body cannot be read after 37 characters: nested deeper than 32 levels
            {"a": @number@}     | the body cannot be read after 107 characters: a number of more than 100 characters
            """)
    void the_message_says_what_keeps_a_body_from_being_read(String body, String message) {
        String whole = body.replace("@depth@", "[".repeat(32)).replace("@number@", "9".repeat(101));
        assertThat(post(Buffer.buffer(whole)).message()).isEqualTo(message);
    }

    @Test
    void a_name_of_any_length_is_read() {
        assertThat(post(Buffer.buffer("{\"name\": \"x\", \"" + "y".repeat(60_000) + "\": 1}"))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void of_thousands_of_violations_a_hundred_are_listed_and_the_others_counted() {
        String body = "{\"keywords\": [" + "1,".repeat(29_999) + "1]}";
        Reply reply = TestNode.await(ann.sending(HttpMethod.POST, "/api/search", Buffer.buffer(body)));
        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.error().getJsonArray("details")).hasSize(100);
        assertThat(reply.message()).endsWith("; and 29998 more");
    }

    @Test
    void the_deepest_and_longest_that_is_allowed_is_read_and_stored() {
        String body =
                "{\"name\": \"Ж\", \"query\": {\"extra\": " + "[".repeat(30) + "9".repeat(100) + "]".repeat(30) + "}}";
        assertThat(post(Buffer.buffer(body)).status()).isEqualTo(201);
        Reply offset = post(Buffer.buffer("{\"name\": \"Ж\" ?"));
        assertThat(offset.violation().getJsonArray("loc").getInteger(1))
                .as("counted in characters")
                .isEqualTo(13);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "ISO-8859-1"})
    void a_body_in_another_encoding_is_refused(String charset) {
        Reply reply = post(Buffer.buffer("{\"name\": \"Ä\"}".getBytes(Charset.forName(charset))));
        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.violation().getJsonObject("ctx").getString("error")).isEqualTo("not UTF-8");
        assertThat(reply.message()).matches("the body cannot be read after (0|10) characters: not UTF-8");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            application/json                  | none     | 201
            Application/JSON; charset=UTF-8   | none     | 201
            application/json;charset="utf-8"  | identity | 201
            application/merge-patch+json      | none     | 201
            none                              | none     | 201
            text/plain                        | none     | 415
            application/x-www-form-urlencoded | none     | 415
            multipart/form-data; boundary=x   | none     | 415
            application/json; charset=latin1  | none     | 415
            application/jsonp                 | none     | 415
            application/json                  | gzip     | 415
            application/json                  | br       | 415
            """)
    void a_body_is_json_in_utf_8_or_refused_before_it_is_read(String type, String encoding, int status) {
        var request = gateway.request(HttpMethod.POST, RULES).putHeader("authorization", "Bearer " + ann.token);
        if (encoding != null) {
            request.putHeader("content-encoding", encoding);
        }
        if (type != null) {
            request.putHeader("content-type", type);
        }
        Reply reply = new Reply(TestNode.await(request.sendBuffer(Buffer.buffer("{\"name\": \"x\"}"))));
        assertThat(reply.status()).as(reply.http().bodyAsString()).isEqualTo(status);
        assertThat(reply.header("x-request-id")).isNotNull();
        if (status == 415) {
            assertThat(reply.message()).startsWith("the body must ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /api/watch-rules HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n",
                "POST /api/watch-rules HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n40\r\n",
            })
    void who_drips_a_body_is_told_so_and_cut(String start) throws IOException {
        assertThat(dripped(gateway, start)).contains(" 408 ").contains("the request took too long to arrive");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: ",
                "PRI * HTTP/2.0\r\n",
                "PRI * HTTP/2.0\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0",
                "\r\n\r\nGET /healthz HTTP/1.1\r\n"
            })
    void who_never_ends_the_first_head_is_cut(String start) throws IOException {
        assertThat(keptWaiting(gateway, start)).doesNotContain("HTTP/1.1 2");
    }

    @Test
    void who_drips_a_head_is_cut_where_http_2_without_tls_is_off() throws IOException {
        try (var plain =
                TestGateway.start(Map.of("REQUEST_TIMEOUT_SECONDS", "1", "HTTP2_CLEARTEXT_ENABLED", "false"))) {
            assertThat(dripped(plain, "GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: "))
                    .isEmpty();
        }
    }

    /** Sends the start and nothing more; what is answered until the connection ends. */
    private static String keptWaiting(TestGateway at, String start) throws IOException {
        try (var socket = RawHttp.connect(at)) {
            RawHttp.write(socket, start);
            return RawHttp.readAll(socket);
        }
    }

    /** Sends the start and then byte by byte, for less than the time allowed; what is answered until the connection ends. */
    private static String dripped(TestGateway at, String start) throws IOException {
        try (var socket = new Socket("127.0.0.1", at.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(start.getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 10; i++) {
                socket.getOutputStream().write(' ');
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void a_stream_and_an_idle_connection_outlive_the_time_for_requests() {
        User bob = gateway.user();
        bob.get("/api/events");
        try (var stream = SseClient.open(gateway.node().vertx(), gateway.port(), bob.token, null)) {
            stream.awaitConnected();
            var waited = io.vertx.core.Promise.<Void>promise();
            gateway.node().vertx().setTimer(2500, later -> waited.complete());
            TestNode.await(waited.future());
            gateway.event(bob.id, new JsonObject());
            stream.awaitIds(1, 10_000);
        }
        // Over the connection that the client kept.
        assertThat(bob.get("/api/events").status()).isEqualTo(200);
    }

    @Test
    void long_answers_are_compressed_for_who_asks_and_short_ones_and_streams_are_not() throws IOException {
        User bob = gateway.user();
        for (int i = 0; i < 5; i++) {
            bob.post(RULES, new JsonObject().put("name", "x".repeat(100)));
        }
        // Not the client that reads every answer.
        var request = WebClient.create(gateway.node().vertx())
                .get(gateway.port(), "127.0.0.1", RULES)
                .putHeader("authorization", "Bearer " + bob.token)
                .putHeader("accept-encoding", "gzip");
        Reply list = new Reply(TestNode.await(request.send()));
        assertThat(list.header("content-encoding")).isEqualTo("gzip");
        assertThat(list.header("vary")).contains("Accept-Encoding");
        byte[] plain =
                new GZIPInputStream(new ByteArrayInputStream(list.http().body().getBytes())).readAllBytes();
        assertThat(Buffer.buffer(plain).toJsonArray()).hasSize(5);
        assertThat(bob.get(RULES).header("content-encoding")).isNull();

        Reply small = new Reply(TestNode.await(gateway.request(HttpMethod.GET, "/healthz")
                .putHeader("accept-encoding", "gzip")
                .send()));
        assertThat(small.header("content-encoding")).isNull();
    }

    @Test
    void every_answer_tells_browsers_to_be_careful() {
        Reply read = ann.get(RULES);
        assertThat(read.header("x-content-type-options")).isEqualTo("nosniff");
        assertThat(read.header("referrer-policy")).isEqualTo("no-referrer");
        assertThat(read.header("content-security-policy")).contains("frame-ancestors 'none'");
        assertThat(read.header("cache-control")).isEqualTo("private, no-cache");
        assertThat(read.header("strict-transport-security")).isNull();
        assertThat(post(Buffer.buffer("{\"name\": \"x\"}")).header("cache-control"))
                .isEqualTo("no-store");
    }

    @Test
    void outside_development_browsers_are_told_to_insist_on_tls() {
        try (var production = TestGateway.start(Map.of("ENVIRONMENT", "prod"))) {
            assertThat(production.anonymous(HttpMethod.GET, "/api/events").header("strict-transport-security"))
                    .isEqualTo("max-age=31536000");
        }
    }

    @Test
    void what_a_caller_writes_splits_no_header_and_no_log_line(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("gateway.log");
        Logging.configure(Settings.load(Map.of("JSON_LOGS", "true"), Role.STANDALONE), file);
        try {
            String evil = "/api/x%0d%0aset-cookie:%20a=b%0a{\"event\":\"forged\"}";
            Reply reply = new Reply(TestNode.await(gateway.request(HttpMethod.GET, evil)
                    .putHeader("x-request-id", "a\tb{}")
                    .putHeader("origin", "https://evil.example")
                    .send()));
            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.http().headers().toString()).doesNotContain("evil").doesNotContain("set-cookie");
            assertThat(reply.header("x-request-id")).hasSize(36);
            try (var socket = new Socket("127.0.0.1", gateway.port())) {
                socket.getOutputStream()
                        .write("GET /api/\u0007\u000b\u001b[31m HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .contains(" 400 ")
                        .doesNotContain("\u001b");
            }
            TestNode.eventually(
                    "logged", 10_000, () -> lines(file).stream().anyMatch(line -> line.contains("set-cookie")));
        } finally {
            TestLogging.restore();
        }
        assertThat(lines(file)).allSatisfy(line -> {
            assertThat(new JsonObject(line).getString("event")).isNotEqualTo("forged");
            assertThat(line).doesNotContain("\u001b");
        });
    }

    @Test
    void only_refused_credentials_are_logged_as_such(@TempDir Path folder) {
        Path file = folder.resolve("gateway.log");
        Logging.configure(Settings.load(Map.of("JSON_LOGS", "true"), Role.STANDALONE), file);
        var closed = TestGateway.start(Map.of("AUTH_JWKS_URL", "http://127.0.0.1:1/"));
        try {
            assertThat(gateway.bearer(null).get(RULES).status()).isEqualTo(401);
            assertThat(closed.user().get(RULES).status()).isEqualTo(503);
            TestNode.eventually(
                    "both logged",
                    30_000,
                    () -> logged(file).containsAll(List.of("http.exception.auth 401", "http.exception.server 503")));
            assertThat(logged(file)).doesNotContain("http.exception.auth 503");
        } finally {
            closed.close();
            Logging.configure(Settings.load(Map.of(), Role.STANDALONE));
        }
    }

    private static List<String> logged(Path file) {
        return lines(file).stream()
                .filter(line -> line.endsWith("}"))
                .map(JsonObject::new)
                .map(line -> line.getString("event") + " " + line.getInteger("status_code"))
                .toList();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }
}

package io.waxwatch.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.telemetry.Logging;
import io.waxwatch.common.testing.TestLogging;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.testing.RawHttp;
import io.waxwatch.gateway.testing.TestGateway;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that two programs on the way could read differently are refused, not interpreted. Each is the smallest of its kind:
 * what is tested is that this server draws the line.
 */
class FramingTest {

    private static final String POST =
            "POST /api/watch-rules HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int GOAWAY = 7;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of("REQUEST_TIMEOUT_SECONDS", "2"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                "transfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                "content-length: 2\r\ncontent-length: 2\r\n\r\n{}",
                "content-length: 2\r\ncontent-length: 3\r\n\r\n{}",
                "content-length: 2, 2\r\n\r\n{}",
                "content-length: +2\r\n\r\n{}",
                "content-length: -2\r\n\r\n{}",
                "content-length: 0x2\r\n\r\n{}",
                "content-length : 2\r\n\r\n{}",
                "transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                "transfer-encoding: chunked, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                "transfer-encoding: chunked, identity\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                "transfer-encoding: identity, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                "transfer-encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                "transfer-encoding: identity\r\ncontent-length: 2\r\n\r\n{}",
                "transfer-encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                "transfer-encoding: \u000bchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                "host: y\r\ncontent-length: 2\r\n\r\n{}",
                "host: x\r\ncontent-length: 2\r\n\r\n{}",
                "x-bare: a\nb: c\rcontent-length: 2\r\n\r\n{}"
            })
    void a_head_that_can_be_read_in_two_ways_is_refused_and_the_connection_with_it(String rest) throws IOException {
        assertThat(RawHttp.exchange(gateway, POST + rest + "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .contains("{\"error\":{\"message\":")
                .contains("x-request-id: ")
                .contains("connection: close")
                .doesNotContain("HTTP/1.1 200");
    }

    @Test
    void transfer_encoding_is_not_for_http_1_0() throws IOException {
        assertThat(
                        RawHttp.exchange(
                                gateway,
                                "POST /api/watch-rules HTTP/1.0\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"))
                .startsWith("HTTP/1.0 400 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\r\n{}\r\n0\r\n\r\n",
                "-2\r\n{}\r\n0\r\n\r\n",
                "0x2\r\n{}\r\n0\r\n\r\n",
                "2 2\r\n{}\r\n0\r\n\r\n",
                "2\r\n{}]\r\n0\r\n\r\n",
                "2;a\n0\r\n{}\r\n0\r\n\r\n",
                "2;a\u0001b\r\n{}\r\n0\r\n\r\n",
                "2;a=\rb\r\n{}\r\n0\r\n\r\n"
            })
    void a_chunk_that_is_none_is_400_and_one_warning(String chunks, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("gateway.log");
        Logging.configure(Settings.load(Map.of("JSON_LOGS", "true"), Role.STANDALONE), file);
        try {
            var user = gateway.user();
            String answer = RawHttp.exchange(
                    gateway,
                    POST + "authorization: Bearer " + user.token + "\r\ntransfer-encoding: chunked\r\n\r\n" + chunks);
            assertThat(answer)
                    .startsWith("HTTP/1.1 400 ")
                    .contains("{\"error\":{\"message\":")
                    .contains("x-request-id: ");
            TestNode.eventually("it is logged", 30_000, () -> !loud(file).isEmpty());
        } finally {
            TestLogging.restore();
        }
        assertThat(loud(file)).hasSize(1).allSatisfy(line -> {
            assertThat(line.getString("level")).isEqualTo("WARN");
            assertThat(line.getString("event")).isEqualTo("http.request.malformed");
            assertThat(line.encode()).doesNotContain("\\tat ");
        });
    }

    /** Warnings and errors. */
    private static List<JsonObject> loud(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.endsWith("}"))
                    .map(JsonObject::new)
                    .filter(line -> List.of("WARN", "ERROR").contains(line.getString("level")))
                    .toList();
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    @Test
    void a_chunk_extension_of_the_plain_kind_is_read_over() throws IOException {
        String answer = RawHttp.exchange(
                gateway,
                POST + "authorization: Bearer " + gateway.user().token
                        + "\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n"
                        + "d;name=value\r\n{\"name\": \"x\"}\r\n0\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 201 ");
    }

    private record Frame(int type, byte[] payload) {
        /** Of GOAWAY and RST_STREAM. */
        int error() {
            int at = type == GOAWAY ? 4 : 0;
            return (payload[at] & 0xff) << 24
                    | (payload[at + 1] & 0xff) << 16
                    | (payload[at + 2] & 0xff) << 8
                    | payload[at + 3] & 0xff;
        }
    }

    /** A request line in HTTP/2's fields, before those of the test. */
    private static byte[] fields(String... more) throws IOException {
        var block = new ByteArrayOutputStream();
        literal(block, ":method", "GET");
        literal(block, ":scheme", "http");
        literal(block, ":path", "/healthz");
        literal(block, ":authority", "x");
        for (int i = 0; i < more.length; i += 2) {
            literal(block, more[i], more[i + 1]);
        }
        return block.toByteArray();
    }

    /** RFC 7541, 6.2.2: a literal field without indexing, with a new name; both shorter than 127 bytes. */
    private static void literal(ByteArrayOutputStream block, String name, String value) throws IOException {
        block.write(0);
        block.write(name.length());
        block.write(name.getBytes(StandardCharsets.ISO_8859_1));
        block.write(value.length());
        block.write(value.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Socket http2() throws IOException {
        Socket socket = RawHttp.connect(gateway);
        socket.getOutputStream().write(PREFACE);
        write(socket, SETTINGS, 0, 0, new byte[0]);
        return socket;
    }

    private static void write(Socket socket, int type, int flags, int stream, byte[] payload) throws IOException {
        var frame = new ByteArrayOutputStream();
        frame.write(payload.length >> 16);
        frame.write(payload.length >> 8);
        frame.write(payload.length);
        frame.write(type);
        frame.write(flags);
        frame.write(new byte[] {0, 0, 0, (byte) stream});
        frame.write(payload);
        socket.getOutputStream().write(frame.toByteArray());
    }

    /** What is read until the first frame of one of these types, or the end. */
    private static List<Frame> readTo(Socket socket, Integer... types) throws IOException {
        var frames = new ArrayList<Frame>();
        var in = new DataInputStream(socket.getInputStream());
        try {
            do {
                int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                in.skipNBytes(5);
                frames.add(new Frame(type, in.readNBytes(length)));
            } while (!List.of(types).contains(frames.get(frames.size() - 1).type()));
        } catch (EOFException over) {
            // Then that is all there is.
        }
        return frames;
    }

    private static Frame last(List<Frame> frames) {
        return frames.get(frames.size() - 1);
    }

    @Test
    void a_plain_request_over_http_2_is_answered() throws IOException {
        try (var socket = http2()) {
            write(socket, HEADERS, END_HEADERS | END_STREAM, 1, fields("accept", "*/*", "te", "trailers"));
            // :status 200 is the eighth entry of the static table.
            assertThat(last(readTo(socket, HEADERS, RST_STREAM, GOAWAY)))
                    .satisfies(answer -> assertThat(answer.type()).isEqualTo(HEADERS))
                    .satisfies(answer -> assertThat(answer.payload()).contains((byte) 0x88));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "connection|close",
                "connection|x-other",
                "transfer-encoding|chunked",
                "keep-alive|timeout=5",
                "proxy-connection|keep-alive",
                "upgrade|websocket",
                "te|gzip",
                "x-split|a\\r\\nb: c",
                "x-split|a\\nb",
                "x-split|a\\rb",
                "x-split|a\\0b",
                "x\\r\\nb|c",
                "X-Upper|a",
                "content-length|2, 2",
                "host|y",
                ":path|/readyz",
                ":unknown|x"
            })
    void fields_that_say_another_thing_over_http_1_are_refused(String name, String value) throws IOException {
        try (var socket = http2()) {
            write(socket, HEADERS, END_HEADERS | END_STREAM, 1, fields(text(name), text(value)));
            Frame answer = last(readTo(socket, HEADERS, RST_STREAM, GOAWAY));
            assertThat(answer.type()).as("%s", answer).isIn(RST_STREAM, GOAWAY);
            assertThat(answer.error()).isEqualTo(1);
        }
    }

    private static String text(String escaped) {
        return escaped.replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0");
    }

    @Test
    void a_field_block_in_very_many_small_pieces_is_refused() throws IOException {
        try (var socket = http2()) {
            write(socket, HEADERS, END_STREAM, 1, fields());
            for (int i = 0; i < 32; i++) {
                write(socket, CONTINUATION, 0, 1, new byte[0]);
            }
            Frame answer = last(readTo(socket, HEADERS, RST_STREAM, GOAWAY));
            assertThat(answer.type()).isEqualTo(GOAWAY);
            assertThat(answer.error()).as("enhance your calm").isEqualTo(11);
        }
    }

    @Test
    void a_field_block_in_two_pieces_is_read() throws IOException {
        byte[] block = fields("accept", "*/*");
        try (var socket = http2()) {
            write(socket, HEADERS, END_STREAM, 1, java.util.Arrays.copyOf(block, 20));
            write(socket, CONTINUATION, END_HEADERS, 1, java.util.Arrays.copyOfRange(block, 20, block.length));
            assertThat(last(readTo(socket, HEADERS, RST_STREAM, GOAWAY)).type()).isEqualTo(HEADERS);
        }
    }
}

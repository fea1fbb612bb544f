package io.waxwatch.benchmarks.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.waxwatch.benchmarks.BenchmarksMain;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

/**
 * Asks for one thing over and over on 64 connections, the next time as soon as the answer is there. A process of its own, with
 * the same warm code for everybody it asks; it reads no more of an answer than its status and length, so that it takes as
 * little as possible of the processors that it shares with the server.
 */
final class LoadGenerator implements AutoCloseable {

    private static final int CONNECTIONS = 64;
    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String LENGTH = "content-length:";

    private final Process process;
    private final Writer orders;
    private final BufferedReader answers;

    /** What came of one round. */
    record Round(double requestsPerSecond, long refused) {}

    LoadGenerator() throws IOException {
        String java = ProcessHandle.current().info().command().orElse("java");
        process = new ProcessBuilder(
                        java,
                        "-XX:+UseSerialGC",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LoadGenerator.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        orders = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Loads one server for a while. Blocks. */
    Round round(int port, String path, String token, int seconds) throws IOException {
        orders.write(port + " " + path + " " + token + " " + seconds + "\n");
        orders.flush();
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the load generator has ended");
        }
        String[] words = line.split(" ");
        return new Round(Double.parseDouble(words[0]), Long.parseLong(words[1]));
    }

    @Override
    public void close() throws IOException {
        orders.close();
        process.destroy();
    }

    /** The process: takes orders from its input until that ends, as it does when the benchmark dies. */
    public static void main(String[] arguments) throws IOException, InterruptedException, TimeoutException {
        BenchmarksMain.quiet();
        Vertx vertx = Vertx.vertx();
        var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            String[] words = line.split(" ");
            Round round = load(vertx, Integer.parseInt(words[0]), words[1], words[2], Integer.parseInt(words[3]));
            System.out.println(round.requestsPerSecond() + " " + round.refused());
        }
        vertx.close().await(5, TimeUnit.SECONDS);
    }

    private static Round load(Vertx vertx, int port, String path, String token, int seconds)
            throws InterruptedException, TimeoutException {
        Buffer request = Buffer.buffer("GET " + path + " HTTP/1.1\r\nhost: 127.0.0.1:" + port
                + "\r\nauthorization: Bearer " + token + "\r\naccept: application/json\r\n\r\n");
        var good = new LongAdder();
        var refused = new LongAdder();
        NetClient client = vertx.createNetClient();
        List<Future<NetSocket>> sockets = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            sockets.add(client.connect(port, "127.0.0.1"));
        }
        Future.all(sockets).await(10, TimeUnit.SECONDS);
        for (Future<NetSocket> socket : sockets) {
            var lane = new Lane(socket.result(), request, good, refused);
            socket.result().handler(lane::received);
        }
        long began = System.nanoTime();
        sockets.forEach(socket -> socket.result().write(request));
        TimeUnit.SECONDS.sleep(seconds);
        long count = good.sum();
        double elapsed = (System.nanoTime() - began) / 1e9;
        client.close().await(5, TimeUnit.SECONDS);
        return new Round(count / elapsed, refused.sum());
    }

    /** One connection; of one event loop. */
    private static final class Lane {
        private final NetSocket socket;
        private final Buffer request;
        private final LongAdder good;
        private final LongAdder refused;
        private Buffer pending = Buffer.buffer();
        private int wanted = -1;

        Lane(NetSocket socket, Buffer request, LongAdder good, LongAdder refused) {
            this.socket = socket;
            this.request = request;
            this.good = good;
            this.refused = refused;
        }

        void received(Buffer chunk) {
            pending.appendBuffer(chunk);
            if (wanted < 0) {
                wanted = wholeLength();
            }
            if (wanted >= 0 && pending.length() >= wanted) {
                (pending.getByte(9) == '2' ? good : refused).increment();
                pending = Buffer.buffer(wanted);
                wanted = -1;
                socket.write(request);
            }
        }

        /** Of head and body together; -1 while the head is not all there. */
        private int wholeLength() {
            byte[] bytes = pending.getBytes();
            for (int i = 0; i + HEAD_END.length <= bytes.length; i++) {
                if (java.util.Arrays.equals(bytes, i, i + HEAD_END.length, HEAD_END, 0, HEAD_END.length)) {
                    String head = new String(bytes, 0, i, StandardCharsets.US_ASCII).toLowerCase(java.util.Locale.ROOT);
                    int at = head.indexOf(LENGTH) + LENGTH.length();
                    int end = head.indexOf('\r', at);
                    String length = end < 0 ? head.substring(at) : head.substring(at, end);
                    return i + HEAD_END.length + Integer.parseInt(length.strip());
                }
            }
            return -1;
        }
    }
}

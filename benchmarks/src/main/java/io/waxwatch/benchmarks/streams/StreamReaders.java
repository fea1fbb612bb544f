package io.waxwatch.benchmarks.streams;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.waxwatch.benchmarks.BenchmarksMain;
import io.waxwatch.benchmarks.processes.Worker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The clients: one open stream for each token, and for each alert that comes the time at which it came. A process of its own;
 * its clock is the machine's, as is that of whoever wrote the alert.
 */
final class StreamReaders implements AutoCloseable {

    /** Connections that are being made at once. */
    private static final int OPENING = 64;

    private static final int OPEN_PATIENCE_SECONDS = 120;
    private static final String EVENT_ID = "\"event_id\":\"";
    private static final int UUID_LENGTH = 36;

    private final Worker worker;

    StreamReaders() throws IOException {
        worker = Worker.start(StreamReaders.class, "-XX:+UseSerialGC", "-Xmx512m");
    }

    /** Opens a stream for each token in the file, one a line; answers when all of them have had their first bytes. */
    void open(int port, Path tokens) throws IOException {
        worker.ask("open", port, tokens);
    }

    /** How many are open now. */
    int stillOpen() throws IOException {
        return Integer.parseInt(worker.ask("count")[0]);
    }

    /**
     * Waits until this many alerts have come since the last call, or the time is over.
     *
     * @return when each came, in microseconds since the epoch, by event
     */
    Map<UUID, Long> arrivals(int count, int seconds, Path scratch) throws IOException {
        worker.ask("take", count, seconds, scratch);
        Map<UUID, Long> arrivals = new HashMap<>();
        for (String line : Files.readAllLines(scratch)) {
            String[] words = line.split(" ");
            arrivals.put(UUID.fromString(words[0]), Long.parseLong(words[1]));
        }
        return arrivals;
    }

    static long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    @Override
    public void close() throws IOException {
        worker.close();
    }

    /** The process. */
    public static void main(String[] arguments) throws Exception {
        BenchmarksMain.quiet();
        Vertx vertx = Vertx.vertx();
        var clients = new Clients(vertx);
        Worker.serve(words -> switch (words[0]) {
            case "open" -> clients.open(Integer.parseInt(words[1]), Files.readAllLines(Path.of(words[2])));
            case "count" -> Integer.toString(clients.open.get());
            case "take" -> clients.take(Integer.parseInt(words[1]), Integer.parseInt(words[2]), Path.of(words[3]));
            default -> throw new IllegalArgumentException(words[0]);
        });
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    private static final class Clients {
        private final Vertx vertx;
        private final NetClient net;
        private final AtomicInteger open = new AtomicInteger();
        private final ConcurrentLinkedQueue<String> arrivals = new ConcurrentLinkedQueue<>();

        Clients(Vertx vertx) {
            this.vertx = vertx;
            this.net = vertx.createNetClient();
        }

        String open(int port, List<String> tokens) throws Exception {
            Deque<String> left = new ArrayDeque<>(tokens);
            Context context = vertx.getOrCreateContext();
            Future<Void> all = Future.future(promise -> context.runOnContext(go -> {
                List<Future<Void>> lanes = new ArrayList<>();
                for (int i = 0; i < OPENING; i++) {
                    lanes.add(openNext(port, left));
                }
                Future.all(lanes).<Void>mapEmpty().onComplete(promise);
            }));
            all.await(OPEN_PATIENCE_SECONDS, TimeUnit.SECONDS);
            return "opened";
        }

        private Future<Void> openNext(int port, Deque<String> left) {
            String token = left.poll();
            return token == null
                    ? Future.succeededFuture()
                    : net.connect(port, "127.0.0.1")
                            .compose(socket -> new Reader(this, socket).ask(port, token))
                            .compose(begun -> openNext(port, left));
        }

        String take(int count, int seconds, Path file) throws IOException, InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            while (arrivals.size() < count && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            List<String> lines = new ArrayList<>();
            for (String line = arrivals.poll(); line != null; line = arrivals.poll()) {
                lines.add(line);
            }
            Files.write(file, lines);
            return Integer.toString(lines.size());
        }
    }

    /** One stream. */
    private static final class Reader {
        private final Clients clients;
        private final NetSocket socket;
        private final Promise<Void> begun = Promise.promise();
        private String rest = "";

        Reader(Clients clients, NetSocket socket) {
            this.clients = clients;
            this.socket = socket;
        }

        Future<Void> ask(int port, String token) {
            socket.handler(this::received);
            socket.closeHandler(closed -> {
                if (!begun.tryFail("closed before its first bytes")) {
                    clients.open.decrementAndGet();
                }
            });
            socket.write("GET /api/stream/events HTTP/1.1\r\nhost: 127.0.0.1:" + port + "\r\nauthorization: Bearer "
                    + token + "\r\naccept: text/event-stream\r\n\r\n");
            return begun.future();
        }

        private void received(Buffer chunk) {
            long now = nowMicros();
            String text = rest + chunk.toString(StandardCharsets.US_ASCII);
            if (!begun.future().isComplete() && text.contains(": connected")) {
                clients.open.incrementAndGet();
                begun.complete();
            }
            int from = 0;
            for (int at = text.indexOf(EVENT_ID); at >= 0; at = text.indexOf(EVENT_ID, from)) {
                int start = at + EVENT_ID.length();
                if (start + UUID_LENGTH > text.length()) {
                    break;
                }
                clients.arrivals.add(text.substring(start, start + UUID_LENGTH) + " " + now);
                from = start + UUID_LENGTH;
            }
            // What may be the beginning of an id waits for its end.
            rest = text.substring(Math.max(from, text.length() - EVENT_ID.length() - UUID_LENGTH));
        }
    }
}

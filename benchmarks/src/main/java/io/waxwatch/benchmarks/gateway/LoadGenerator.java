package io.waxwatch.benchmarks.gateway;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.waxwatch.benchmarks.BenchmarksMain;
import io.waxwatch.benchmarks.processes.Worker;
import io.waxwatch.benchmarks.report.Percentiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks for one thing over and over on 64 connections: either the next time as soon as the answer is there, or so many times a
 * second, whether the answers come or not. In the second case a latency counts from when the request was due, so that a server
 * that stalls is charged for everybody who would have waited. A process of its own, with the same warm code for
 * everybody it asks; it reads no more of an answer than its status and length, so that it takes as little as possible of the
 * processors that it shares with the server.
 */
final class LoadGenerator implements AutoCloseable {

    private static final int CONNECTIONS = 64;
    private static final long TICK_MILLIS = 1;
    /** Not counted: while others had their turn, the server's connections to the database rested, perhaps for too long. */
    private static final int LEAD_IN_SECONDS = 1;

    private static final int MAX_SAMPLES = 1_000_000;
    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String LENGTH = "content-length:";

    private final Worker worker;

    /**
     * What came of one round.
     *
     * @param refused answers that were no success
     * @param latency from when a request was due to its whole answer
     */
    record Round(double requestsPerSecond, long refused, Percentiles latency) {}

    LoadGenerator() throws IOException {
        worker = Worker.start(LoadGenerator.class, "-XX:+UseSerialGC", "-Xmx192m");
    }

    /** Loads one server for a while, as fast as it answers. Blocks. */
    Round round(int port, String path, String token, int seconds) throws IOException {
        return round(port, path, token, seconds, 0);
    }

    /**
     * The same at a pace.
     *
     * @param perSecond requests that become due each second; 0 for as fast as it answers
     */
    Round round(int port, String path, String token, int seconds, double perSecond) throws IOException {
        String[] answer = worker.ask(port, path, token, seconds, perSecond);
        return new Round(Double.parseDouble(answer[0]), Long.parseLong(answer[1]), Percentiles.parse(answer[2]));
    }

    @Override
    public void close() throws IOException {
        worker.close();
    }

    /** The process. */
    public static void main(String[] arguments) throws Exception {
        BenchmarksMain.quiet();
        Vertx vertx = Vertx.vertx();
        Worker.serve(words -> {
            Round round = load(
                    vertx,
                    Integer.parseInt(words[0]),
                    request(words),
                    Integer.parseInt(words[3]),
                    Double.parseDouble(words[4]));
            return round.requestsPerSecond() + " " + round.refused() + " " + round.latency();
        });
        vertx.close().await(5, TimeUnit.SECONDS);
    }

    private static Buffer request(String[] words) {
        return Buffer.buffer("GET " + words[1] + " HTTP/1.1\r\nhost: 127.0.0.1:" + words[0]
                + "\r\nauthorization: Bearer " + words[2] + "\r\naccept: application/json\r\n\r\n");
    }

    private static Round load(Vertx vertx, int port, Buffer request, int seconds, double perSecond)
            throws TimeoutException {
        Context context = vertx.getOrCreateContext();
        NetClient client = vertx.createNetClient();
        var load = new Load(request, perSecond);
        Future<Round> round = Future.future(promise -> context.runOnContext(go -> load.connect(client, port)
                .compose(connected -> load.run(vertx, seconds))
                .onComplete(promise)));
        Round result = round.await(seconds + 30, TimeUnit.SECONDS);
        client.close().await(5, TimeUnit.SECONDS);
        return result;
    }

    /** One round; of one event loop. */
    private static final class Load {
        private final Buffer request;
        private final double nanosBetween;
        private final Deque<Lane> idle = new ArrayDeque<>();
        private final Deque<Long> due = new ArrayDeque<>();
        private final long[] micros = new long[MAX_SAMPLES];
        private int good;
        private long refused;
        private double nextDue;
        private long began;
        private boolean over;

        Load(Buffer request, double perSecond) {
            this.request = request;
            this.nanosBetween = perSecond == 0 ? 0 : 1e9 / perSecond;
        }

        Future<Void> connect(NetClient client, int port) {
            List<Future<NetSocket>> sockets = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                sockets.add(client.connect(port, "127.0.0.1").onSuccess(socket -> {
                    var lane = new Lane(this, socket);
                    socket.handler(lane::received);
                    idle.add(lane);
                }));
            }
            return Future.all(sockets).mapEmpty();
        }

        Future<Round> run(Vertx vertx, int seconds) {
            nextDue = System.nanoTime();
            long ticks = nanosBetween == 0 ? -1 : vertx.setPeriodic(TICK_MILLIS, tick -> pace());
            send();
            return vertx.timer(LEAD_IN_SECONDS, TimeUnit.SECONDS)
                    .compose(ready -> {
                        began = System.nanoTime();
                        return vertx.timer(seconds, TimeUnit.SECONDS);
                    })
                    .map(time -> {
                        over = true;
                        vertx.cancelTimer(ticks);
                        double elapsed = (System.nanoTime() - began) / 1e9;
                        long[] counted = Arrays.copyOf(micros, Math.max(1, good));
                        return new Round(good / elapsed, refused, Percentiles.ofMicros(counted));
                    });
        }

        private void pace() {
            for (long now = System.nanoTime(); nextDue <= now; nextDue += nanosBetween) {
                due.add((long) nextDue);
            }
            send();
        }

        private void send() {
            if (nanosBetween == 0) {
                long now = System.nanoTime();
                idle.forEach(lane -> due.add(now));
            }
            while (!over && !idle.isEmpty() && !due.isEmpty()) {
                idle.poll().send(request, due.poll());
            }
        }

        void answered(Lane lane, long dueAt, boolean isGood) {
            if (!isGood) {
                refused++;
            } else if (!over && began != 0 && dueAt >= began && good < MAX_SAMPLES) {
                micros[good++] = (System.nanoTime() - dueAt) / 1000;
            }
            idle.add(lane);
            send();
        }
    }

    /** One connection. */
    private static final class Lane {
        private final Load load;
        private final NetSocket socket;
        private Buffer pending = Buffer.buffer();
        private int wanted = -1;
        private long dueAt;

        Lane(Load load, NetSocket socket) {
            this.load = load;
            this.socket = socket;
        }

        void send(Buffer request, long dueAt) {
            this.dueAt = dueAt;
            socket.write(request);
        }

        void received(Buffer chunk) {
            pending.appendBuffer(chunk);
            if (wanted < 0) {
                wanted = wholeLength();
            }
            if (wanted >= 0 && pending.length() >= wanted) {
                boolean isGood = pending.getByte(9) == '2';
                pending = Buffer.buffer(wanted);
                wanted = -1;
                load.answered(this, dueAt, isGood);
            }
        }

        /** Of head and body together; -1 while the head is not all there. */
        private int wholeLength() {
            byte[] bytes = pending.getBytes();
            for (int i = 0; i + HEAD_END.length <= bytes.length; i++) {
                if (Arrays.equals(bytes, i, i + HEAD_END.length, HEAD_END, 0, HEAD_END.length)) {
                    String head = new String(bytes, 0, i, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
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

package io.waxwatch.benchmarks.mail;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import io.waxwatch.benchmarks.BenchmarksMain;
import io.waxwatch.benchmarks.processes.Worker;
import java.io.IOException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** A mail host that takes everything and keeps nothing, after a pause over each mail if wanted. A process of its own. */
final class MailHost implements AutoCloseable {

    private final Worker worker;
    private final int port;

    MailHost() throws IOException {
        worker = Worker.start(MailHost.class, "-XX:+UseSerialGC", "-Xmx128m");
        port = Integer.parseInt(worker.ask("listen")[0]);
    }

    int port() {
        return port;
    }

    /** Forgets what came so far; from now on it takes so long over a mail. */
    void begin(int pauseMillis) throws IOException {
        worker.ask("begin", pauseMillis);
    }

    /**
     * Waits for mails.
     *
     * @return how many a second were taken between the first and the last of these two
     * @throws IllegalStateException if they do not come
     */
    double rate(int first, int last, int patienceSeconds) throws IOException {
        String rate = worker.ask("rate", first, last, patienceSeconds)[0];
        if (rate.equals("late")) {
            throw new IllegalStateException("fewer than " + last + " mails within " + patienceSeconds + " s");
        }
        return Double.parseDouble(rate);
    }

    @Override
    public void close() throws IOException {
        worker.close();
    }

    /** The process. */
    public static void main(String[] arguments) throws Exception {
        BenchmarksMain.quiet();
        Vertx vertx = Vertx.vertx();
        var host = new Host(vertx);
        Worker.serve(words -> switch (words[0]) {
            case "listen" -> Integer.toString(host.listen());
            case "begin" -> host.begin(Integer.parseInt(words[1]));
            case "rate" ->
                host.rate(Integer.parseInt(words[1]), Integer.parseInt(words[2]), Integer.parseInt(words[3]));
            default -> throw new IllegalArgumentException(words[0]);
        });
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    private static final class Host {
        private final Vertx vertx;
        private final AtomicInteger taken = new AtomicInteger();
        private final ConcurrentLinkedQueue<Long> times = new ConcurrentLinkedQueue<>();
        private volatile int pauseMillis;

        Host(Vertx vertx) {
            this.vertx = vertx;
        }

        int listen() throws TimeoutException {
            return vertx.createNetServer()
                    .connectHandler(socket -> new Dialogue(this, socket).begin())
                    .listen(0, "127.0.0.1")
                    .await(10, TimeUnit.SECONDS)
                    .actualPort();
        }

        String begin(int pause) {
            pauseMillis = pause;
            taken.set(0);
            times.clear();
            return "begun";
        }

        String rate(int first, int last, int patienceSeconds) throws InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(patienceSeconds);
            while (taken.get() < last && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            long[] at = times.stream().mapToLong(Long::longValue).sorted().toArray();
            if (at.length < last) {
                return "late";
            }
            return Double.toString((last - first) * 1e9 / (at[last - 1] - at[first - 1]));
        }

        void take() {
            times.add(System.nanoTime());
            taken.incrementAndGet();
        }
    }

    private static final class Dialogue {
        private static final Buffer READY = Buffer.buffer("220 sink ready\r\n");
        private static final Buffer HELLO =
                Buffer.buffer("250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n");
        private static final Buffer OK = Buffer.buffer("250 2.0.0 Ok\r\n");
        private static final Buffer GO_ON = Buffer.buffer("354 go on\r\n");

        private final Host host;
        private final NetSocket socket;
        private boolean inData;

        Dialogue(Host host, NetSocket socket) {
            this.host = host;
            this.socket = socket;
        }

        void begin() {
            socket.handler(RecordParser.newDelimited("\r\n", this::heard));
            socket.write(READY);
        }

        private void heard(Buffer line) {
            if (inData) {
                if (line.length() == 1 && line.getByte(0) == '.') {
                    inData = false;
                    end();
                }
                return;
            }
            switch (line.length() < 4 ? "" : line.getString(0, 4)) {
                case "EHLO" -> socket.write(HELLO);
                case "DATA" -> {
                    inData = true;
                    socket.write(GO_ON);
                }
                case "QUIT" -> socket.end(Buffer.buffer("221 2.0.0 Bye\r\n"));
                default -> socket.write(OK);
            }
        }

        private void end() {
            if (host.pauseMillis > 0) {
                host.vertx.setTimer(host.pauseMillis, over -> taken());
            } else {
                taken();
            }
        }

        private void taken() {
            host.take();
            socket.write(OK);
        }
    }
}

package io.waxwatch.standalone.redis;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.waxwatch.standalone.process.FolderLock;
import io.waxwatch.standalone.process.PartFailedException;
import io.waxwatch.standalone.process.PidFile;
import io.waxwatch.standalone.process.Ports;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.embedded.RedisExecProvider;

/**
 * A real Redis server out of a Maven artifact, listening on 127.0.0.1 only, without persistence: what it holds may be
 * lost, as the design says.
 *
 * <p>Only the binary comes from the library. The server is started as a daemon with a pid file, so that Ctrl-C in the
 * terminal reaches only the JVM (which then drains with Redis still there) and a server orphaned by a killed JVM can
 * be found and ended.
 *
 * <p>All methods block (start about 0.2 s): never call them on an event loop. They may be called from any thread, and
 * stop and start may alternate: the port stays.
 */
public final class EmbeddedRedisPart implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedRedisPart.class);

    private static final Duration START_PATIENCE = Duration.ofSeconds(10);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);
    private static final int SOCKET_TIMEOUT_MS = 500;
    private static final int MAX_MEMORY_MIB = 128;

    private final Path folder;
    private final Path binary;
    private final Path config;
    private final PidFile pidFile;
    private int port;
    private FolderLock folderLock;

    /**
     * Creates the part; nothing runs yet.
     *
     * @param folder holds the binary, the configuration, the server's log and the lock
     * @param port the port, or 0 for a free one
     */
    public EmbeddedRedisPart(Path folder, int port) {
        this.folder = folder.toAbsolutePath().normalize();
        this.binary = this.folder.resolve("redis-server-" + RedisExecProvider.redisVersion);
        this.config = this.folder.resolve("redis.conf");
        this.pidFile = new PidFile(this.folder.resolve("redis.pid"), line -> line.contains(binary.toString()));
        this.port = port;
    }

    /**
     * Starts the server, or does nothing when it runs. A server that an earlier, killed JVM left on this folder is
     * ended first.
     *
     * @throws PartFailedException with one line that says why
     */
    public synchronized void start() {
        if (folderLock != null) {
            return;
        }
        FolderLock lock = FolderLock.take(folder);
        try {
            if (pidFile.end(List.of("TERM"), STOP_PATIENCE)) {
                log.warn("redis.orphan_ended", kv("folder", folder.toString()));
            }
            port = Ports.claim(port, "Redis", "STANDALONE_REDIS_PORT");
            unpack();
            writeConfig();
            launch();
            awaitReady();
            folderLock = lock;
            log.info("redis.started", kv("port", port));
        } catch (IOException | RuntimeException e) {
            pidFile.end(List.of("TERM"), STOP_PATIENCE);
            lock.close();
            throw e instanceof PartFailedException failure
                    ? failure
                    : new PartFailedException("Redis cannot start: " + e.getMessage() + logHint(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            pidFile.end(List.of("TERM"), STOP_PATIENCE);
            lock.close();
            throw new PartFailedException("Redis cannot start: interrupted", e);
        }
    }

    /** Stops the server and forgets what it held, or does nothing when it is stopped. The port stays. */
    public synchronized void stop() {
        if (folderLock == null) {
            return;
        }
        pidFile.end(List.of("TERM"), STOP_PATIENCE);
        folderLock.close();
        folderLock = null;
        log.info("redis.stopped", kv("port", port));
    }

    @Override
    public void close() {
        stop();
    }

    /** The port it listens on; 0 before the first start when a free one was asked for. */
    public synchronized int port() {
        return port;
    }

    /** The server's address for {@code REDIS_URL}, data base 0. */
    public synchronized String url() {
        return "redis://127.0.0.1:" + port + "/0";
    }

    private void unpack() throws IOException {
        if (Files.isExecutable(binary)) {
            return;
        }
        File unpacked = RedisExecProvider.defaultProvider().get();
        Path draft = folder.resolve(binary.getFileName() + ".tmp");
        Files.copy(unpacked.toPath(), draft, StandardCopyOption.REPLACE_EXISTING);
        if (!draft.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + draft + " executable");
        }
        Files.move(draft, binary, StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(unpacked.toPath());
        Files.deleteIfExists(unpacked.toPath().getParent());
    }

    private void writeConfig() throws IOException {
        Files.deleteIfExists(folder.resolve("redis.log"));
        Files.writeString(config, """
                bind 127.0.0.1
                port %d
                daemonize yes
                pidfile "%s"
                logfile "%s"
                dir "%s"
                save ""
                appendonly no
                set-proc-title no
                maxmemory %dmb
                maxmemory-policy noeviction
                """.formatted(
                        port, folder.resolve("redis.pid"), folder.resolve("redis.log"), folder, MAX_MEMORY_MIB));
    }

    private void launch() throws IOException, InterruptedException {
        Process launcher = new ProcessBuilder(binary.toString(), config.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!launcher.waitFor(START_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            launcher.destroyForcibly();
            throw new IOException("its launcher did not end within " + START_PATIENCE);
        }
        if (launcher.exitValue() != 0) {
            throw new IOException("exit code " + launcher.exitValue());
        }
    }

    private void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        while (!answersPing()) {
            if (System.nanoTime() > deadline) {
                throw new IOException("no answer within " + START_PATIENCE.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private boolean answersPing() {
        if (pidFile.running().isEmpty()) {
            return false;
        }
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(SOCKET_TIMEOUT_MS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), SOCKET_TIMEOUT_MS);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readNBytes(5);
            return new String(answer, StandardCharsets.US_ASCII).equals("+PONG");
        } catch (IOException e) {
            return false;
        }
    }

    private String logHint() {
        return " (its log: " + folder.resolve("redis.log") + ")";
    }
}

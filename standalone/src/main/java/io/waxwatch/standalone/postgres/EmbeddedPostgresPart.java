package io.waxwatch.standalone.postgres;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.waxwatch.standalone.process.FolderLock;
import io.waxwatch.standalone.process.PartFailedException;
import io.waxwatch.standalone.process.PidFile;
import io.waxwatch.standalone.process.Ports;
import io.waxwatch.standalone.process.PrivateFile;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL server out of Maven artifacts, listening on 127.0.0.1 only, with its data kept between runs and
 * durable as in production (fsync and synchronous_commit on; the library turns both off by itself).
 *
 * <p>It runs as root too: the library then starts the server in a user namespace of its own ({@code unshare -U}). The
 * server leaves the terminal's process group, so Ctrl-C reaches only the JVM, which stops the server last.
 *
 * <p>All methods block (first start about 2.5 s, on existing data about 0.5 s): never call them on an event loop.
 * They may be called from any thread, and stop and start may alternate: port and data stay.
 */
public final class EmbeddedPostgresPart implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgresPart.class);

    private static final String DATABASE_EXISTS = "SELECT 1 FROM pg_database WHERE datname = ?";
    private static final String USER = "postgres";
    /** Long enough for crash recovery after a killed server on a slow disk. */
    private static final Duration START_PATIENCE = Duration.ofSeconds(30);

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(8);
    private static final int LOG_LINES_SHOWN = 3;

    private final Options options;
    private final Path data;
    private final Path serverLog;
    private final Path initialised;
    private final PidFile pidFile;
    private int port;
    private FolderLock folderLock;
    private EmbeddedPostgres server;

    /**
     * How to run the server.
     *
     * @param folder holds the data, the server's log and the lock; kept between runs
     * @param unpackFolder where the server's binaries are unpacked once; keep it stable and later starts are fast
     * @param port the port, or 0 for a free one
     * @param database the database to make when missing; a plain lower-case name
     * @param maxConnections at most this many connections, 3 of them for superusers only
     */
    public record Options(Path folder, Path unpackFolder, int port, String database, int maxConnections) {
        /** Checks the ranges. */
        public Options {
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("port " + port);
            }
            if (!database.matches("[a-z][a-z0-9_]{0,62}")) {
                throw new IllegalArgumentException("database name " + database);
            }
            if (maxConnections < 10) {
                throw new IllegalArgumentException("maxConnections " + maxConnections);
            }
        }

        /** The usual server: database {@code waxwatch}, 100 connections. */
        public static Options in(Path folder, Path unpackFolder, int port) {
            return new Options(folder, unpackFolder, port, "waxwatch", 100);
        }
    }

    /** Creates the part; nothing runs yet. */
    public EmbeddedPostgresPart(Options options) {
        this.options = options;
        Path folder = options.folder().toAbsolutePath().normalize();
        this.data = folder.resolve("data");
        this.serverLog = folder.resolve("postgres.log");
        this.initialised = folder.resolve("initialised");
        this.pidFile = new PidFile(
                data.resolve("postmaster.pid"), line -> line.contains("postgres") && line.contains(data.toString()));
        this.port = options.port();
    }

    /**
     * Starts the server, or does nothing when it runs. A server that an earlier, killed JVM left on this folder is
     * ended first.
     *
     * @throws PartFailedException with one line that says why
     */
    public synchronized void start() {
        if (server != null) {
            return;
        }
        FolderLock lock = FolderLock.take(data.getParent());
        try {
            reapOrphan();
            dropHalfMadeData();
            port = Ports.claim(port, "PostgreSQL", "STANDALONE_POSTGRES_PORT");
            server = launch();
            closeToOthers(options.unpackFolder());
            createDatabase();
            Files.writeString(initialised, "");
            folderLock = lock;
            log.info("postgres.started", kv("port", port), kv("data", data.toString()));
        } catch (IOException | SQLException | RuntimeException e) {
            stopServer();
            lock.close();
            throw asPartFailure(e);
        }
    }

    /**
     * Stops the server (fast: open transactions are rolled back), or does nothing when it is stopped. Data and port
     * stay.
     */
    public synchronized void stop() {
        if (folderLock == null) {
            return;
        }
        stopServer();
        folderLock.close();
        folderLock = null;
        log.info("postgres.stopped", kv("port", port));
    }

    /** Kills the server as a crash would (SIGQUIT: no checkpoint), for fault tests; {@link #start} then recovers. */
    public synchronized void crash() {
        pidFile.end(List.of("QUIT"), STOP_PATIENCE);
        stop();
    }

    @Override
    public void close() {
        stop();
    }

    /** The port it listens on; 0 before the first start when a free one was asked for. */
    public synchronized int port() {
        return port;
    }

    /** The server's address for {@code DATABASE_URL}. Connections are trusted without a password. */
    public synchronized String url() {
        return "postgresql://" + USER + "@127.0.0.1:" + port + "/" + options.database();
    }

    /** The same address for JDBC (Flyway). */
    public synchronized String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + options.database() + "?user=" + USER;
    }

    private void reapOrphan() throws IOException {
        if (pidFile.end(List.of("INT", "QUIT"), STOP_PATIENCE)) {
            log.warn("postgres.orphan_ended", kv("data", data.toString()));
        }
        // The folder is ours and no server of ours runs on it. A stale file would still stop PostgreSQL, if its pid is
        // somebody else's now.
        Files.deleteIfExists(data.resolve("postmaster.pid"));
    }

    /** A JVM killed during the very first start leaves data that no server can open, and that never held anything. */
    private void dropHalfMadeData() throws IOException {
        if (Files.exists(initialised) || !Files.exists(data)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(data)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private EmbeddedPostgres launch() throws IOException {
        Files.createDirectories(options.unpackFolder());
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setOverrideWorkingDirectory(
                        options.unpackFolder().toAbsolutePath().toFile())
                // Our own ordered close stops it; the library's hook would run at once and cut the drain short.
                .setRegisterShutdownHook(false)
                .setPort(port)
                .setPGStartupWait(START_PATIENCE)
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(freshLog()))
                // The same order and the same case folding on every machine, whatever its locale is.
                .setLocaleConfig("locale-provider", "builtin")
                .setLocaleConfig("builtin-locale", "C.UTF-8")
                .setLocaleConfig("locale", "C")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("max_connections", Integer.toString(options.maxConnections()))
                .setServerConfig("timezone", "UTC")
                .setServerConfig("log_timezone", "UTC")
                .start();
    }

    /** The library unpacks with whatever permissions the archive has, and makes its folder writable for everybody. */
    private static void closeToOthers(Path folder) throws IOException {
        try (Stream<Path> unpacked = Files.walk(folder)) {
            for (Path path :
                    unpacked.filter(path -> !Files.isSymbolicLink(path)).toList()) {
                PrivateFile.closeToOthers(path);
            }
        }
    }

    private java.io.File freshLog() throws IOException {
        // One run's log: it cannot grow over the runs.
        Files.deleteIfExists(serverLog);
        return serverLog.toFile();
    }

    private void createDatabase() throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                PreparedStatement exists = connection.prepareStatement(DATABASE_EXISTS)) {
            exists.setString(1, options.database());
            try (ResultSet found = exists.executeQuery()) {
                if (found.next()) {
                    return;
                }
            }
            try (Statement create = connection.createStatement()) {
                create.execute("CREATE DATABASE " + options.database());
            }
        }
    }

    private void stopServer() {
        if (server != null) {
            try {
                server.close();
            } catch (IOException e) {
                log.warn("postgres.stop_failed", e);
            }
            server = null;
        }
        // Whatever is left: a start that failed half way, or a stop that took too long.
        pidFile.end(List.of("INT", "QUIT"), STOP_PATIENCE);
    }

    private PartFailedException asPartFailure(Exception e) {
        if (e instanceof PartFailedException failure) {
            return failure;
        }
        return new PartFailedException(
                "PostgreSQL cannot start on " + data + ": " + e.getMessage() + lastLogLines()
                        + " (`make reset` starts from empty data)",
                e);
    }

    private String lastLogLines() {
        try {
            List<String> lines = Files.readAllLines(serverLog);
            List<String> last = lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size());
            return last.isEmpty() ? "" : "; its log ends: " + String.join(" / ", last);
        } catch (IOException e) {
            return "";
        }
    }
}

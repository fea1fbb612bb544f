package io.waxwatch.benchmarks;

import io.waxwatch.common.database.Migrations;
import io.waxwatch.common.settings.DatabaseAddress;
import io.waxwatch.standalone.postgres.EmbeddedPostgresPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * An empty PostgreSQL with our schema, durable as in production, in a folder of its own that is gone afterwards. The
 * folder is under {@code .run} and not under the system's temporary one, which may be in memory, where fsync costs nothing.
 */
public final class BenchmarkServers implements AutoCloseable {

    private final Path folder;
    private final EmbeddedPostgresPart postgres;

    private BenchmarkServers(Path folder, EmbeddedPostgresPart postgres) {
        this.folder = folder;
        this.postgres = postgres;
    }

    /** Starts and migrates. */
    public static BenchmarkServers start() throws IOException {
        Path run = Files.createDirectories(Path.of(".run").toAbsolutePath());
        Path folder = Files.createTempDirectory(run, "benchmark-");
        var postgres = new EmbeddedPostgresPart(
                EmbeddedPostgresPart.Options.in(folder.resolve("postgres"), run.resolve("postgres-binaries"), 0));
        var servers = new BenchmarkServers(folder, postgres);
        // Ctrl-C in a long run must not leave a server behind.
        Runtime.getRuntime().addShutdownHook(new Thread(servers::close, "benchmark-servers-close"));
        postgres.start();
        new Migrations(DatabaseAddress.parse(postgres.url())).migrate();
        return servers;
    }

    /** For what else the benchmark writes. */
    public Path folder() {
        return folder;
    }

    /** For {@code DATABASE_URL}. */
    public String url() {
        return postgres.url();
    }

    /** A connection of the benchmark's own, apart from the pools that are measured. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl());
    }

    /** Runs statements one by one, each committed. */
    public void run(List<String> statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Stops the server and starts it again, for settings that are read only then. */
    public void restart() {
        postgres.stop();
        postgres.start();
    }

    @Override
    public synchronized void close() {
        postgres.close();
        try (Stream<Path> files = Files.exists(folder) ? Files.walk(folder) : Stream.empty()) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException left) {
            System.err.println("Left behind: " + folder + " (" + left.getMessage() + ")");
        }
    }
}

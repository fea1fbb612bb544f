package io.waxwatch.common.testing;

import io.waxwatch.common.settings.DatabaseAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A real PgBouncer before a PostgreSQL, with its own configuration, where the program is installed. */
public final class PgBouncer implements AutoCloseable {

    private final DatabaseAddress server;
    private final int port;
    private final Process process;

    private PgBouncer(DatabaseAddress server, int port, Process process) {
        this.server = server;
        this.port = port;
        this.process = process;
    }

    /** The program, if there is one. */
    public static Optional<Path> program() {
        return Stream.concat(Stream.of(System.getenv().getOrDefault("PATH", "").split(":")), Stream.of("/usr/sbin"))
                .map(folder -> Path.of(folder, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts one.
     *
     * @param folder for its files
     * @param options of the section {@code [pgbouncer]}, beside those that say where it listens
     */
    public static PgBouncer start(Path folder, DatabaseAddress server, Map<String, String> options) {
        try {
            int port = freePort();
            var all = new TreeMap<>(Map.of(
                    "listen_addr", "127.0.0.1",
                    "listen_port", Integer.toString(port),
                    "unix_socket_dir", "",
                    "auth_type", "any"));
            all.putAll(options);
            Path file = folder.resolve("pgbouncer-" + port + ".ini");
            Files.writeString(
                    file,
                    "[databases]\n* = host=%s port=%d user=%s\n[pgbouncer]\n"
                                    .formatted(server.host(), server.port(), server.user())
                            + all.entrySet().stream()
                                    .map(option -> option.getKey() + " = " + option.getValue() + "\n")
                                    .collect(Collectors.joining()));
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            var command = new ArrayList<String>(List.of(program().orElseThrow().toString()));
            if ("root".equals(System.getProperty("user.name"))) {
                // It does not run as root.
                command.addAll(List.of("-u", "nobody"));
            }
            command.add(file.toString());
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("pgbouncer-" + port + ".log").toFile())
                    .start();
            var started = new PgBouncer(server, port, process);
            TestNode.eventually("PgBouncer listens", 30_000, started::listens);
            return started;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static int freePort() throws IOException {
        try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private boolean listens() {
        if (!process.isAlive()) {
            throw new AssertionError("PgBouncer ended with " + process.exitValue());
        }
        try (var probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** The same database, by way of this. */
    public DatabaseAddress address() {
        return DatabaseAddress.parse(
                "postgresql://%s@127.0.0.1:%d/%s?sslmode=disable".formatted(server.user(), port, server.database()));
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}

package io.waxwatch.standalone.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waxwatch.standalone.process.PartFailedException;
import io.waxwatch.standalone.process.Ports;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresPartTest {
    /** One unpacking for all tests, as one for all runs. */
    @TempDir
    static Path unpackFolder;

    @TempDir
    Path folder;

    @Test
    void is_durable_and_speaks_utf8_whatever_the_machine_speaks() throws Exception {
        try (EmbeddedPostgresPart postgres = part(0)) {
            postgres.start();

            assertThat(ask(postgres, "SHOW fsync")).isEqualTo("on");
            assertThat(ask(postgres, "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(ask(postgres, "SHOW full_page_writes")).isEqualTo("on");
            assertThat(ask(postgres, "SHOW max_connections")).isEqualTo("100");
            assertThat(ask(postgres, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(ask(postgres, "SELECT lower('ÆGÄTIS BJÖRK')")).isEqualTo("ægätis björk");
            assertThat(postgres.url()).isEqualTo("postgresql://postgres@127.0.0.1:" + postgres.port() + "/waxwatch");
        }
    }

    /** The library makes the folder of its binaries writable for everybody. */
    @Test
    void leaves_nothing_that_others_may_read_or_write() throws Exception {
        try (EmbeddedPostgresPart postgres = part(0)) {
            postgres.start();

            try (Stream<Path> unpacked = Files.walk(unpackFolder)) {
                for (Path path :
                        unpacked.filter(each -> !Files.isSymbolicLink(each)).toList()) {
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                            .as(path.toString())
                            .endsWith("------");
                }
            }
        }
    }

    @Test
    void keeps_data_and_port_over_stop_start_and_crash() throws Exception {
        try (EmbeddedPostgresPart postgres = part(0)) {
            postgres.start();
            int port = postgres.port();
            ask(postgres, "CREATE TABLE kept AS SELECT 7 AS n; SELECT 1");

            postgres.stop();
            assertThat(Ports.isFree(port)).isTrue();
            postgres.start();
            assertThat(ask(postgres, "SELECT n FROM kept")).isEqualTo("7");

            postgres.crash();
            assertThatThrownBy(() -> ask(postgres, "SELECT 1")).isInstanceOf(SQLException.class);
            postgres.start();
            assertThat(ask(postgres, "SELECT n FROM kept")).isEqualTo("7");
            assertThat(postgres.port()).isEqualTo(port);
        }
    }

    @Test
    void ends_the_orphan_of_a_killed_jvm() throws Exception {
        Process owner = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owner.class.getName(),
                        folder.toString(),
                        unpackFolder.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("owner.log").toFile())
                .start();
        Path started = folder.resolve("started");
        try {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (!Files.exists(started) && owner.isAlive() && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
            assertThat(started).exists();
        } finally {
            owner.destroyForcibly().waitFor();
        }
        ProcessHandle orphan = ProcessHandle.of(postmasterPid()).orElseThrow();
        assertThat(orphan.isAlive()).isTrue();

        try (EmbeddedPostgresPart postgres = part(Integer.parseInt(Files.readString(started)))) {
            postgres.start();

            assertThat(orphan.isAlive()).isFalse();
            assertThat(ask(postgres, "SELECT n FROM kept")).isEqualTo("7");
        }
    }

    @Test
    void leaves_a_stranger_alone_that_now_has_the_pid_in_the_file() throws Exception {
        Process stranger = new ProcessBuilder("sleep", "60").start();
        try (EmbeddedPostgresPart postgres = part(0)) {
            postgres.start();
            postgres.stop();
            Files.writeString(folder.resolve("data/postmaster.pid"), stranger.pid() + "\n");

            postgres.start();

            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly().waitFor();
        }
    }

    @Test
    void starts_afresh_after_a_first_start_that_was_killed_half_way() throws Exception {
        Files.createDirectories(folder.resolve("data/base"));
        Files.writeString(folder.resolve("data/postgresql.conf"), "# half written");

        try (EmbeddedPostgresPart postgres = part(0)) {
            postgres.start();

            assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void says_in_one_line_that_the_port_is_taken_or_the_folder_in_use() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                EmbeddedPostgresPart postgres = part(taken.getLocalPort())) {
            assertThatThrownBy(postgres::start)
                    .isInstanceOf(PartFailedException.class)
                    .hasMessageContaining("PostgreSQL cannot start: port " + taken.getLocalPort())
                    .message()
                    .doesNotContain("\n");
        }
        try (EmbeddedPostgresPart first = part(0);
                EmbeddedPostgresPart second = part(0)) {
            first.start();
            assertThatThrownBy(second::start)
                    .isInstanceOf(PartFailedException.class)
                    .hasMessageContaining("in use");
            assertThat(ask(first, "SELECT 1")).isEqualTo("1");
        }
    }

    private EmbeddedPostgresPart part(int port) {
        return new EmbeddedPostgresPart(EmbeddedPostgresPart.Options.in(folder, unpackFolder, port));
    }

    private long postmasterPid() throws Exception {
        return Long.parseLong(
                Files.readAllLines(folder.resolve("data/postmaster.pid")).get(0));
    }

    static String ask(EmbeddedPostgresPart postgres, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl());
                Statement statement = connection.createStatement()) {
            boolean rows = statement.execute(sql);
            while (!rows) {
                rows = statement.getMoreResults();
            }
            try (ResultSet result = statement.getResultSet()) {
                result.next();
                return result.getString(1);
            }
        }
    }

    /** The JVM that gets killed: starts the server on the folder given and waits. */
    static final class Owner {
        private Owner() {}

        public static void main(String[] args) throws Exception {
            Path folder = Path.of(args[0]);
            EmbeddedPostgresPart postgres =
                    new EmbeddedPostgresPart(EmbeddedPostgresPart.Options.in(folder, Path.of(args[1]), 0));
            postgres.start();
            ask(postgres, "CREATE TABLE kept AS SELECT 7 AS n; SELECT 1");
            Path draft = folder.resolve("started.tmp");
            Files.writeString(draft, Integer.toString(postgres.port()));
            Files.move(draft, folder.resolve("started"));
            TimeUnit.MINUTES.sleep(5);
        }
    }
}

package io.waxwatch.common.testing;

import io.waxwatch.common.database.Migrations;
import io.waxwatch.common.settings.DatabaseAddress;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real PostgreSQL, started once per test JVM; each test takes a fresh, migrated database of its own, copied from a
 * template in some 50 ms.
 */
public final class TestDatabase {

    private static final AtomicInteger COUNTER = new AtomicInteger();

    private TestDatabase() {}

    private static final class Shared {
        static final EmbeddedPostgres SERVER = start();

        private static EmbeddedPostgres start() {
            try {
                EmbeddedPostgres server = EmbeddedPostgres.builder()
                        .setServerConfig("max_connections", "200")
                        .start();
                execute(server, "CREATE DATABASE template_waxwatch");
                new Migrations(address(server.getPort(), "template_waxwatch")).migrate();
                return server;
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    /** A database with every migration run, and nothing in it. */
    public static DatabaseAddress fresh() {
        String name = "test_" + COUNTER.incrementAndGet();
        execute(Shared.SERVER, "CREATE DATABASE " + name + " TEMPLATE template_waxwatch");
        return address(Shared.SERVER.getPort(), name);
    }

    /** A database without any table. */
    public static DatabaseAddress empty() {
        String name = "test_" + COUNTER.incrementAndGet();
        execute(Shared.SERVER, "CREATE DATABASE " + name);
        return address(Shared.SERVER.getPort(), name);
    }

    /** Settings of a development environment on this database. */
    public static Settings settings(DatabaseAddress address, Role role, Map<String, String> more) {
        var environment = new HashMap<String, String>();
        environment.put("ENVIRONMENT", "test");
        environment.put("DATABASE_URL", url(address));
        environment.put("REDIS_URL", "");
        environment.put("JSON_LOGS", "false");
        environment.putAll(more);
        return Settings.load(environment, role);
    }

    /** The address as {@code DATABASE_URL} spells it. */
    public static String url(DatabaseAddress address) {
        return "postgresql://%s@%s:%d/%s?sslmode=%s"
                .formatted(
                        address.user(),
                        address.host(),
                        address.port(),
                        address.database(),
                        address.sslMode().text());
    }

    private static DatabaseAddress address(int port, String database) {
        return DatabaseAddress.parse("postgresql://postgres@127.0.0.1:" + port + "/" + database);
    }

    private static void execute(EmbeddedPostgres server, String sql) {
        try (var connection = server.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** A server of a test's own, to be stopped and started again on the same port and data. */
    public static final class Stoppable implements AutoCloseable {
        private final Path data;
        private EmbeddedPostgres server;
        private int port;

        /** @param data an empty folder that outlives the server */
        public Stoppable(Path data) throws IOException {
            this.data = data;
            start();
            new Migrations(address()).migrate();
        }

        /** Starts it again; the port stays the same. */
        public void start() throws IOException {
            server = EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setPort(port)
                    .start();
            port = server.getPort();
        }

        /** Stops it at once; connections break. */
        public void stop() throws IOException {
            server.close();
        }

        public DatabaseAddress address() {
            return TestDatabase.address(port, "postgres");
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}

package io.waxwatch.common.testing;

import io.waxwatch.common.database.Migrations;
import io.waxwatch.common.settings.DatabaseAddress;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real PostgreSQL, started once per test JVM; each test takes a fresh, migrated database of its own, copied from a
 * template in some 50 ms. Where {@value #SERVER} names a server, by a role that may create databases, those databases are made
 * there, and dropped when the JVM ends.
 */
public final class TestDatabase {

    /** The variable that names a server, as {@code DATABASE_URL} does. */
    public static final String SERVER = "WAXWATCH_TEST_DATABASE_URL";

    private static final AtomicInteger COUNTER = new AtomicInteger();

    private TestDatabase() {}

    private static final class Shared {
        static final DatabaseAddress MAINTENANCE = start();
        /** Several JVMs may use one server. */
        static final String PREFIX = "waxwatch_test_" + Long.toHexString(new SecureRandom().nextLong());

        static final String TEMPLATE = template();

        private static DatabaseAddress start() {
            if (isNamed()) {
                return DatabaseAddress.parse(System.getenv(SERVER));
            }
            try {
                return address(
                        EmbeddedPostgres.builder()
                                .setServerConfig("max_connections", "200")
                                .start()
                                .getPort(),
                        "postgres");
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        private static String template() {
            String name = PREFIX + "_template";
            execute(MAINTENANCE, "CREATE DATABASE " + name + " ENCODING 'UTF8' TEMPLATE template0");
            // An embedded server ends with the JVM anyway.
            if (isNamed()) {
                Runtime.getRuntime().addShutdownHook(new Thread(Shared::drop));
            }
            new Migrations(beside(MAINTENANCE, name)).migrate();
            return name;
        }

        private static void drop() {
            for (int i = 1; i <= COUNTER.get(); i++) {
                execute(MAINTENANCE, "DROP DATABASE IF EXISTS " + PREFIX + "_" + i + " WITH (FORCE)");
            }
            execute(MAINTENANCE, "DROP DATABASE " + PREFIX + "_template WITH (FORCE)");
        }
    }

    /** Whether the tests run on a server that is not the embedded one, and may be of another version. */
    private static boolean isNamed() {
        String named = System.getenv(SERVER);
        return named != null && !named.isBlank();
    }

    /** A database with every migration run, and nothing in it. */
    public static DatabaseAddress fresh() {
        return create("TEMPLATE " + Shared.TEMPLATE);
    }

    /** A database without any table. */
    public static DatabaseAddress empty() {
        return create("ENCODING 'UTF8' TEMPLATE template0");
    }

    /** A database without any table, made in another way than most. */
    public static DatabaseAddress create(String options) {
        String name = Shared.PREFIX + "_" + COUNTER.incrementAndGet();
        execute(Shared.MAINTENANCE, "CREATE DATABASE " + name + " " + options);
        return beside(Shared.MAINTENANCE, name);
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
        String password = address.password().isEmpty()
                ? ""
                : ":"
                        + URLEncoder.encode(address.password(), StandardCharsets.UTF_8)
                                .replace("+", "%20");
        return "postgresql://%s%s@%s:%d/%s?sslmode=%s"
                .formatted(
                        address.user(),
                        password,
                        address.host(),
                        address.port(),
                        address.database(),
                        address.sslMode().text());
    }

    private static DatabaseAddress address(int port, String database) {
        return DatabaseAddress.parse("postgresql://postgres@127.0.0.1:" + port + "/" + database);
    }

    private static DatabaseAddress beside(DatabaseAddress address, String database) {
        return new DatabaseAddress(
                address.host(),
                address.port(),
                database,
                address.user(),
                address.password(),
                address.sslMode(),
                address.socketDirectory());
    }

    private static void execute(DatabaseAddress address, String sql) {
        try (var connection = DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
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

package io.waxwatch.common.database;

import static io.waxwatch.common.testing.TestNode.await;
import static io.waxwatch.common.testing.TestNode.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.node.Node;
import io.waxwatch.common.settings.DatabaseAddress;
import io.waxwatch.common.settings.InvalidSettings;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.testing.TestDatabase;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A session that was opened while the database took no changes stays so, as one to a demoted primary does: what makes them writable
 * again counts for new sessions only.
 */
@Tag("postgresql")
class ReadOnlyDatabaseTest {

    private static final int SIZE = 4;
    private static final String CHANGE = "INSERT INTO token_cutoffs (user_id) VALUES (gen_random_uuid())";

    @ParameterizedTest
    @ValueSource(strings = {"queue", "null"})
    void sessions_that_take_no_changes_are_let_go_and_the_next_ones_found(String pooling) throws SQLException {
        DatabaseAddress address = TestDatabase.fresh();
        Node node = await(Node.alone(
                "test",
                TestDatabase.settings(
                        address,
                        Role.PROVIDER,
                        Map.of("DATABASE_POOL_MAX_SIZE", Integer.toString(SIZE), "DB_POOL", pooling))));
        try {
            Database database = node.openDatabase();
            await(database.probe());
            await(database.query(CHANGE, Tuple.tuple()));

            execute(address, "ALTER DATABASE " + address.database() + " SET default_transaction_read_only = on");
            endSessions(address);
            eventually("not ready", 30_000, () -> failureOf(database.probe()) instanceof ReadOnlyDatabase);
            Throwable refused = failureOf(all(database));
            assertThat(Failure.of(refused).kind()).isEqualTo(FailureKind.UNAVAILABLE);
            eventually(
                    "what only reads goes on",
                    30_000,
                    () -> failureOf(database.query("SELECT 1", Tuple.tuple())) == null);

            execute(address, "ALTER DATABASE " + address.database() + " RESET default_transaction_read_only");

            eventually("takes changes", 60_000, () -> failureOf(all(database)) == null);
            await(database.probe());
        } finally {
            await(node.close());
        }
    }

    @Test
    void a_read_only_database_is_told_in_words() throws SQLException {
        DatabaseAddress address = TestDatabase.fresh();
        execute(address, "ALTER DATABASE " + address.database() + " SET default_transaction_read_only = on");
        Node node = await(Node.alone("test", TestDatabase.settings(address, Role.PROVIDER, Map.of())));
        try {
            Throwable refused = failureOf(node.openDatabase().query(CHANGE, Tuple.tuple()));

            assertThat(Failure.of(refused).getMessage())
                    .isEqualTo("the database takes no changes right now, please retry shortly");
        } finally {
            await(node.close());
        }
    }

    @Test
    void a_database_that_is_not_utf_8_is_refused_at_the_start() {
        DatabaseAddress address =
                TestDatabase.create("ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
        Node node = await(Node.alone("test", TestDatabase.settings(address, Role.PROVIDER, Map.of())));
        try {
            Database database = node.openDatabase();

            assertThatThrownBy(() -> await(database.check()))
                    .isInstanceOf(InvalidSettings.class)
                    .hasMessageContaining("stores text as LATIN1");
        } finally {
            await(node.close());
        }
    }

    /** One change over each connection of the pool. */
    private static Future<?> all(Database database) {
        List<Future<Void>> changes = IntStream.range(0, SIZE)
                .mapToObj(one -> database.<Void>transaction(
                        connection -> connection.query(CHANGE).execute().mapEmpty()))
                .toList();
        return Future.all(changes);
    }

    private static Throwable failureOf(Future<?> work) {
        return await(work.<Throwable>map(well -> null).otherwise(cause -> cause));
    }

    private static void endSessions(DatabaseAddress address) throws SQLException {
        execute(
                address,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND pid <> pg_backend_pid()");
    }

    private static void execute(DatabaseAddress address, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
                var statement = connection.createStatement()) {
            statement.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE");
            statement.execute(sql);
        }
    }
}

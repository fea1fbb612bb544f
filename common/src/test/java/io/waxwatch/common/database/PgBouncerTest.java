package io.waxwatch.common.database;

import static io.waxwatch.common.testing.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.settings.DatabaseAddress;
import io.waxwatch.common.settings.InvalidSettings;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.testing.PgBouncer;
import io.waxwatch.common.testing.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same as {@link PoolerTest}, and more, before a real PgBouncer with its own defaults. */
final class PgBouncerTest {

    private static final String BOUNDS = """
            SELECT current_setting('statement_timeout') || ' ' || current_setting('idle_in_transaction_session_timeout')
                   || ' ' || current_setting('jit')
            """;

    private static Vertx vertx;

    @TempDir
    private Path folder;

    private final List<Database> databases = new ArrayList<>();
    private final DatabaseAddress server = TestDatabase.fresh();

    @BeforeAll
    static void start() {
        assumeTrue(
                PgBouncer.program().isPresent(),
                "skipped: there is no pgbouncer on this machine (apt-get install pgbouncer)");
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        if (vertx != null) {
            await(vertx.close());
        }
    }

    @AfterEach
    void close() {
        databases.forEach(database -> await(database.close()));
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "1, 1", "4, 0", "4, 1"})
    void in_transaction_mode_a_pool_of_our_own_is_refused(int servers, int roundRobin) {
        try (var pooler = transactions(servers, Map.of("server_round_robin", Integer.toString(roundRobin)))) {
            Database database = open(pooler.address(), Map.of());

            for (int again = 0; again < 3; again++) {
                assertThatThrownBy(() -> await(database.check()))
                        .isInstanceOf(InvalidSettings.class)
                        .hasMessageEndingWith("set DB_POOL=null");
            }
        }
    }

    @Test
    void it_is_refused_among_others_that_keep_the_pooler_busy() {
        try (var pooler = transactions(3, Map.of("server_round_robin", "1"))) {
            Database others = open(pooler.address(), Map.of("DB_POOL", "null"));
            List<Future<?>> work = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                work.add(others.query("SELECT pg_sleep($1)", Tuple.of(0.002 * (i % 5))));
            }

            assertThatThrownBy(() -> await(open(pooler.address(), Map.of()).check()))
                    .isInstanceOf(InvalidSettings.class);
            await(Future.join(work));
        }
    }

    @Test
    void in_transaction_mode_everything_works_without_one() {
        try (var pooler = transactions(2, Map.of())) {
            Database database = open(pooler.address(), Map.of("DB_POOL", "null", "DATABASE_POOL_MAX_SIZE", "8"));
            await(database.check());

            List<Future<String>> answers = IntStream.range(0, 600)
                    .mapToObj(n -> n % 2 == 0
                            ? database.query("SELECT $1 || '-" + n % 16 + "'", Tuple.of("q" + n))
                            : database.transaction(connection -> connection
                                    .preparedQuery("SELECT $1 || '-" + n % 16 + "'")
                                    .execute(Tuple.of("q" + n))))
                    .map(rows -> rows.map(PgBouncerTest::text))
                    .toList();
            await(Future.join(answers));

            for (int n = 0; n < answers.size(); n++) {
                assertThat(answers.get(n).result()).isEqualTo("q" + n + "-" + n % 16);
            }
            assertThat(text(await(database.query(BOUNDS, Tuple.tuple())))).isEqualTo("7s 15s off");
            assertThat(text(await(database.transaction(
                            connection -> connection.preparedQuery(BOUNDS).execute()))))
                    .isEqualTo("7s 15s off");
        }
    }

    /** The index of watches is read so, by a statement with a name. */
    @Test
    void in_transaction_mode_cursors_of_several_clients_do_not_meet() {
        try (var pooler = transactions(1, Map.of())) {
            List<Future<Integer>> read = new ArrayList<>();
            for (int client = 0; client < 4; client++) {
                Database database = open(pooler.address(), Map.of("DB_POOL", "null"));
                for (int i = 0; i < 5; i++) {
                    read.add(database.transaction(connection -> connection
                            .query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                            .execute()
                            .compose(set -> connection.prepare("SELECT * FROM generate_series(1, 250)"))
                            .compose(statement -> count(statement.cursor(), 0).eventually(statement::close))));
                }
            }

            await(Future.join(read));

            assertThat(read).allSatisfy(rows -> assertThat(rows.result()).isEqualTo(250));
        }
    }

    private static Future<Integer> count(Cursor cursor, int before) {
        return cursor.read(100)
                .compose(rows -> cursor.hasMore()
                        ? count(cursor, before + rows.size())
                        : cursor.close().map(before + rows.size()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "null"})
    void in_session_mode_both_ways_are_taken(String pooling) {
        try (var pooler = PgBouncer.start(folder, server, Map.of("pool_mode", "session", "default_pool_size", "4"))) {
            Database database = open(pooler.address(), Map.of("DB_POOL", pooling));

            await(database.check());
            // What it left is washed off.
            await(database.check());

            assertThat(text(await(database.query(BOUNDS, Tuple.tuple())))).isEqualTo("7s 15s off");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "null"})
    void in_session_mode_with_fewer_servers_than_our_pool_it_is_said_in_time(String pooling) {
        try (var pooler = PgBouncer.start(folder, server, Map.of("pool_mode", "session", "default_pool_size", "2"))) {
            assertThatThrownBy(() -> await(
                            open(pooler.address(), Map.of("DB_POOL", pooling, "DATABASE_CONNECT_TIMEOUT_SECONDS", "2"))
                                    .check()))
                    .hasMessageContaining("it serves 2 of the 4 connections of DATABASE_POOL_MAX_SIZE");
        }
    }

    @Test
    void statement_mode_is_named() {
        try (var pooler = PgBouncer.start(folder, server, Map.of("pool_mode", "statement"))) {
            assertThatThrownBy(() -> await(
                            open(pooler.address(), Map.of("DB_POOL", "null")).check()))
                    .hasMessageContaining("is its pool_mode statement?");
        }
    }

    private PgBouncer transactions(int servers, Map<String, String> more) {
        var options = new HashMap<>(Map.of("pool_mode", "transaction", "default_pool_size", Integer.toString(servers)));
        options.putAll(more);
        return PgBouncer.start(folder, server, options);
    }

    private static String text(RowSet<Row> rows) {
        return rows.iterator().next().getString(0);
    }

    private Database open(DatabaseAddress address, Map<String, String> more) {
        var settings = new HashMap<>(Map.of(
                "DATABASE_POOL_MAX_SIZE", "4",
                "DATABASE_CONNECT_TIMEOUT_SECONDS", "20",
                "DATABASE_ACQUIRE_TIMEOUT_SECONDS", "20",
                "DATABASE_STATEMENT_TIMEOUT_SECONDS", "7"));
        settings.putAll(more);
        var database = Database.open(vertx, TestDatabase.settings(address, Role.PROVIDER, settings), "test");
        databases.add(database);
        return database;
    }
}

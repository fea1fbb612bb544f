package io.waxwatch.common.database;

import static io.waxwatch.common.testing.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.settings.DatabaseAddress;
import io.waxwatch.common.settings.InvalidSettings;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.testing.TestDatabase;
import io.waxwatch.common.testing.TestPooler;
import io.waxwatch.common.testing.TestPooler.Mode;
import io.waxwatch.common.testing.TestPooler.Order;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pooler between us and PostgreSQL changes, and that nobody is let run against one it would be wrong with. */
final class PoolerTest {

    private static final String BOUNDS = """
            SELECT current_setting('statement_timeout') || ' ' || current_setting('idle_in_transaction_session_timeout')
                   || ' ' || current_setting('jit')
            """;

    private static Vertx vertx;

    private final List<Database> databases = new ArrayList<>();
    private final DatabaseAddress server = TestDatabase.fresh();

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        await(vertx.close());
    }

    @AfterEach
    void close() {
        databases.forEach(database -> await(database.close()));
    }

    @ParameterizedTest
    @CsvSource({"LAST_USED, 1", "LAST_USED, 3", "LONGEST_RESTED, 1", "LONGEST_RESTED, 2", "LONGEST_RESTED, 4"})
    void a_pool_of_our_own_is_refused_where_transactions_are_handed_round(Order order, int servers) {
        try (var pooler = new TestPooler(server, Mode.TRANSACTION, order, servers)) {
            Throwable refused = catchThrowable(() ->
                    await(open(pooler.address(), Map.of("DB_POOL", "queue")).check()));

            assertThat(refused)
                    .isInstanceOf(InvalidSettings.class)
                    .hasMessageStartingWith("DB_POOL: queue is not for the pooler at 127.0.0.1:")
                    .hasMessageEndingWith("set DB_POOL=null");
            assertThat(refused.getMessage().lines()).hasSize(1);
        }
    }

    @Test
    void a_pool_of_one_is_refused_there_as_well() {
        try (var pooler = new TestPooler(server, Mode.TRANSACTION, Order.LAST_USED, 1)) {
            assertThatThrownBy(() -> await(open(pooler.address(), Map.of("DATABASE_POOL_MAX_SIZE", "1"))
                            .check()))
                    .isInstanceOf(InvalidSettings.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "null"})
    void without_a_pooler_both_ways_are_taken(String pooling) {
        Database database = open(server, Map.of("DB_POOL", pooling));

        await(database.check());

        assertThat(text(await(database.query(BOUNDS, Tuple.tuple())))).isEqualTo("7s 15s off");
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "null"})
    void a_pooler_that_keeps_sessions_is_taken_with_what_it_refuses_left_out(String pooling) {
        try (var pooler = new TestPooler(server, Mode.SESSION, Order.LAST_USED, 4)) {
            Database database = open(pooler.address(), Map.of("DB_POOL", pooling));

            await(database.check());

            assertThat(text(await(database.query(BOUNDS, Tuple.tuple())))).isEqualTo("7s 15s off");
            assertThat(text(await(database.transaction(
                            connection -> connection.preparedQuery(BOUNDS).execute()))))
                    .isEqualTo("7s 15s off");
        }
    }

    @Test
    void sessions_that_are_handed_on_unwashed_are_refused() {
        try (var pooler = new TestPooler(server, Mode.SESSION_NOT_RESET, Order.LAST_USED, 4)) {
            assertThatThrownBy(() -> await(open(pooler.address(), Map.of()).check()))
                    .isInstanceOf(InvalidSettings.class)
                    .hasMessageContaining("server_reset_query");
            await(open(pooler.address(), Map.of("DB_POOL", "null")).check());
        }
    }

    @ParameterizedTest
    @CsvSource({"queue, 1", "queue, 3", "null, 1", "null, 3"})
    void a_pooler_with_fewer_sessions_than_our_pool_is_named_in_time(String pooling, int servers) {
        try (var pooler = new TestPooler(server, Mode.SESSION, Order.LAST_USED, servers)) {
            assertThatThrownBy(() -> await(
                            open(pooler.address(), Map.of("DB_POOL", pooling, "DATABASE_CONNECT_TIMEOUT_SECONDS", "2"))
                                    .check()))
                    .isNotInstanceOf(InvalidSettings.class)
                    .hasMessageStartingWith("PostgreSQL at 127.0.0.1:")
                    .hasMessageContaining("has let us wait for 2 s: it serves " + servers
                            + " of the 4 connections of DATABASE_POOL_MAX_SIZE");
        }
    }

    @Test
    void who_accepts_and_says_nothing_is_named_in_time() {
        NetServer mute =
                await(vertx.createNetServer().connectHandler(socket -> {}).listen(0, "127.0.0.1"));
        var address = DatabaseAddress.parse("postgresql://u@127.0.0.1:" + mute.actualPort() + "/d?sslmode=disable");

        assertThatThrownBy(() -> await(open(address, Map.of("DATABASE_CONNECT_TIMEOUT_SECONDS", "1"))
                        .check()))
                .hasMessageStartingWith("PostgreSQL at 127.0.0.1:" + mute.actualPort() + " has let us wait for 1 s");
    }

    @Test
    void what_is_away_is_no_fault_of_the_settings() {
        NetServer gone =
                await(vertx.createNetServer().connectHandler(socket -> {}).listen(0, "127.0.0.1"));
        int port = gone.actualPort();
        await(gone.close());

        assertThatThrownBy(() -> await(open(DatabaseAddress.parse("postgresql://u@127.0.0.1:" + port + "/d"), Map.of())
                        .check()))
                .isNotInstanceOf(InvalidSettings.class);
    }

    @Test
    void a_login_that_hangs_does_not_hold_its_caller() {
        try (var pooler = new TestPooler(server, Mode.SESSION, Order.LAST_USED, 1)) {
            Database database = open(pooler.address(), Map.of("DATABASE_ACQUIRE_TIMEOUT_SECONDS", "2"));
            Promise<Void> done = Promise.promise();
            Promise<Void> held = Promise.promise();
            Future<Void> first = database.withConnection(connection -> {
                held.complete();
                return done.future();
            });
            await(held.future());

            Throwable late = catchThrowable(() -> await(
                    database.transaction(connection -> connection.query(BOUNDS).execute())));

            assertThat(late).hasMessageContaining("no connection to PostgreSQL at 127.0.0.1:");
            assertThat(Failure.of(late).kind()).isEqualTo(FailureKind.UNAVAILABLE);
            done.complete();
            await(first);
        }
    }

    @Test
    void behind_a_pooler_every_statement_is_bounded_and_leaves_nothing_behind() {
        try (var pooler = new TestPooler(server, Mode.TRANSACTION, Order.LAST_USED, 1)) {
            Database database = open(pooler.address(), Map.of("DB_POOL", "null"));
            await(database.check());

            assertThat(text(await(database.query(BOUNDS, Tuple.tuple())))).isEqualTo("7s 15s off");
            assertThat(text(await(database.transaction(
                            connection -> connection.preparedQuery(BOUNDS).execute()))))
                    .isEqualTo("7s 15s off");
            assertThat(text(await(database.withConnection(
                            connection -> connection.query(BOUNDS).execute()))))
                    .as("the session, which is somebody else's next")
                    .startsWith("0 0 ");
        }
    }

    @Test
    void behind_a_pooler_an_endless_statement_is_ended_by_the_server() {
        try (var pooler = new TestPooler(server, Mode.TRANSACTION, Order.LAST_USED, 1)) {
            Database database =
                    open(pooler.address(), Map.of("DB_POOL", "null", "DATABASE_STATEMENT_TIMEOUT_SECONDS", "1"));

            assertThat(catchThrowable(() -> await(database.query("SELECT pg_sleep($1)", Tuple.of(25.0)))))
                    .isInstanceOfSatisfying(
                            PgException.class,
                            cause -> assertThat(cause.getSqlState()).isEqualTo("57014"));
            assertThat(text(await(database.query("SELECT $1", Tuple.of("after")))))
                    .isEqualTo("after");
        }
    }

    @Test
    void who_waits_too_long_for_the_poolers_server_is_refused_and_nothing_is_done_late() {
        try (var pooler = new TestPooler(server, Mode.TRANSACTION, Order.LAST_USED, 1)) {
            Database busy = open(pooler.address(), Map.of("DB_POOL", "null"));
            Database waiting =
                    open(pooler.address(), Map.of("DB_POOL", "null", "DATABASE_ACQUIRE_TIMEOUT_SECONDS", "1"));
            await(busy.query("CREATE TABLE late (n int)", Tuple.tuple()));
            Promise<Void> begun = Promise.promise();
            Promise<Void> done = Promise.promise();
            Future<Void> holding = busy.transaction(connection -> {
                begun.complete();
                return done.future();
            });
            await(begun.future());

            Future<?> statement = waiting.query("INSERT INTO late VALUES (1)", Tuple.tuple());
            Future<?> transaction = waiting.transaction(connection ->
                    connection.query("INSERT INTO late VALUES (2)").execute());
            for (Future<?> each : List.of(statement, transaction)) {
                Throwable refused = catchThrowable(() -> await(each));
                assertThat(refused).hasMessageContaining("no connection to PostgreSQL at 127.0.0.1:");
                assertThat(Failure.of(refused).kind()).isEqualTo(FailureKind.UNAVAILABLE);
            }

            done.complete();
            await(holding);
            assertThat(text(await(busy.query("SELECT count(*)::text FROM late", Tuple.tuple()))))
                    .isEqualTo("0");
            assertThat(text(await(waiting.query("SELECT count(*)::text FROM late", Tuple.tuple()))))
                    .as("by a connection whose BEGIN came late")
                    .isEqualTo("0");
        }
    }

    @Test
    void behind_a_pooler_nobody_gets_the_rows_of_another() {
        try (var pooler = new TestPooler(server, Mode.TRANSACTION, Order.LONGEST_RESTED, 2)) {
            Database database = open(pooler.address(), Map.of("DB_POOL", "null", "DATABASE_POOL_MAX_SIZE", "8"));
            List<Future<String>> answers = IntStream.range(0, 400)
                    .mapToObj(n -> n % 2 == 0
                            ? database.query("SELECT $1 || '-" + n % 16 + "'", Tuple.of("q" + n))
                            : database.transaction(connection -> connection
                                    .preparedQuery("SELECT $1 || '-" + n % 16 + "'")
                                    .execute(Tuple.of("q" + n))))
                    .map(rows -> rows.map(PoolerTest::text))
                    .toList();

            await(Future.join(answers));

            for (int n = 0; n < answers.size(); n++) {
                assertThat(answers.get(n).result()).isEqualTo("q" + n + "-" + n % 16);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "null"})
    void what_fails_leaves_nothing_and_says_why(String pooling) {
        Database database = open(server, Map.of("DB_POOL", pooling));
        await(database.query("CREATE TABLE late (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)", Tuple.tuple()));

        assertThat(sqlState(database.query("INSERT INTO late VALUES (1), (1)", Tuple.tuple())))
                .as("found at the commit")
                .isEqualTo("23505");
        assertThat(sqlState(database.query("INSERT INTO late VALUES (1 / $1)", Tuple.of(0))))
                .isEqualTo("22012");
        assertThat(sqlState(database.transaction(connection -> connection
                        .query("INSERT INTO late VALUES (3)")
                        .execute()
                        .compose(done -> connection
                                .query("INSERT INTO nowhere VALUES (3)")
                                .execute()))))
                .isEqualTo("42P01");
        assertThatThrownBy(() -> await(database.transaction(connection -> connection
                        .query("INSERT INTO late VALUES (4)")
                        .execute()
                        .compose(done -> {
                            throw new IllegalStateException("thrown by the work");
                        }))))
                .hasMessage("thrown by the work");
        await(database.query("INSERT INTO late VALUES ($1)", Tuple.of(5)));
        assertThat(text(await(database.query("SELECT string_agg(n::text, ' ') FROM late", Tuple.tuple()))))
                .isEqualTo("5");
    }

    private static String sqlState(Future<?> failing) {
        Throwable cause = catchThrowable(() -> await(failing));
        assertThat(cause).isInstanceOf(PgException.class);
        return ((PgException) cause).getSqlState();
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

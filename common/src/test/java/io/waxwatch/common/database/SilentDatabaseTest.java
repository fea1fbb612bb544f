package io.waxwatch.common.database;

import static io.waxwatch.common.testing.TestNode.await;
import static io.waxwatch.common.testing.TestNode.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.node.Node;
import io.waxwatch.common.settings.DatabaseAddress;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.testing.SilentProxy;
import io.waxwatch.common.testing.TestDatabase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A PostgreSQL that is frozen or was cut off: connected, and silent. */
@Tag("postgresql")
class SilentDatabaseTest {

    private static final int SIZE = 4;

    private DatabaseAddress address;
    private SilentProxy proxy;
    private Node node;

    @BeforeEach
    void connect() {
        address = TestDatabase.fresh();
        proxy = new SilentProxy(address);
    }

    @AfterEach
    void close() {
        await(node.close());
        proxy.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "null"})
    void whatever_waits_for_an_answer_is_refused_and_its_connection_never_used_again(String pooling) {
        Database database = open(pooling, Map.of());
        assertThat(await(all(database))).containsExactly(0, 1, 2, 3);
        Promise<Void> silence = Promise.promise();
        List<Promise<Void>> begun = List.of(Promise.promise(), Promise.promise(), Promise.promise());

        Future<Object> inTheMiddle = database.transaction(connection -> one(connection, 10)
                .compose(done -> wait(begun.get(0), silence))
                .compose(silent -> connection
                        .preparedQuery("INSERT INTO token_cutoffs (user_id) VALUES (gen_random_uuid())")
                        .execute())
                .mapEmpty());
        Future<Object> whileItCommits = database.transaction(connection ->
                one(connection, 11).compose(done -> wait(begun.get(1), silence)).mapEmpty());
        Future<Object> held = database.withConnection(connection -> one(connection, 12)
                .compose(done -> wait(begun.get(2), silence))
                .compose(silent -> one(connection, 13))
                .mapEmpty());
        begun.forEach(one -> await(one.future()));
        proxy.fallSilent();
        silence.complete();
        Future<RowSet<Row>> alone = database.query("SELECT $1::int", Tuple.of(14));

        for (Future<?> refused : List.of(inTheMiddle, whileItCommits, held, alone)) {
            assertThat(Failure.of(failureOf(refused)).kind()).isEqualTo(FailureKind.UNAVAILABLE);
        }
        proxy.speak();

        eventually("the pool is whole again", 20_000, () -> {
            Future<List<Integer>> answers = all(database);
            return failureOf(answers) == null && answers.result().equals(List.of(0, 1, 2, 3));
        });
        assertThat(await(database.query("SELECT count(*)::int AS n FROM token_cutoffs", Tuple.tuple()))
                        .iterator()
                        .next()
                        .getInteger(0))
                .isZero();
        eventually("the silent connections are closed", 20_000, () -> proxy.clients() <= SIZE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "null"})
    void a_login_that_is_never_answered_gives_its_place_in_the_pool_back(String pooling) {
        Database database = open(pooling, Map.of());
        proxy.fallSilent();
        for (int i = 0; i < 2; i++) {
            assertThat(Failure.of(failureOf(all(database))).kind()).isEqualTo(FailureKind.UNAVAILABLE);
        }
        proxy.speak();

        eventually("all places can be had", 20_000, () -> failureOf(all(database)) == null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "null"})
    void a_transaction_that_holds_its_connection_for_too_long_loses_it(String pooling) {
        Database database =
                open(pooling, Map.of("DATABASE_POOL_MAX_SIZE", "1", "DATABASE_TRANSACTION_TIMEOUT_SECONDS", "1"));

        Future<Object> endless = database.transaction(connection ->
                one(connection, 1).compose(done -> Promise.promise().future()));

        assertThat(Failure.of(failureOf(endless)).kind()).isEqualTo(FailureKind.UNAVAILABLE);
        eventually("its place is free", 10_000, () -> failureOf(database.query("SELECT 1", Tuple.tuple())) == null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "null"})
    void a_statement_that_runs_for_longer_than_it_may_is_still_ended_by_the_server_and_in_its_words(String pooling) {
        Database database = open(pooling, Map.of("DATABASE_POOL_MAX_SIZE", "1"));

        Throwable refused = failureOf(database.query("SELECT pg_sleep(30)", Tuple.tuple()));

        assertThat(refused).hasMessageContaining("statement timeout");
        assertThat(Failure.of(refused).kind()).isEqualTo(FailureKind.UNAVAILABLE);
    }

    private Database open(String pooling, Map<String, String> more) {
        var settings = new HashMap<>(Map.of(
                "DB_POOL", pooling,
                "DATABASE_POOL_MAX_SIZE", Integer.toString(SIZE),
                "DATABASE_CONNECT_TIMEOUT_SECONDS", "1",
                "DATABASE_ACQUIRE_TIMEOUT_SECONDS", "2",
                "DATABASE_STATEMENT_TIMEOUT_SECONDS", "1"));
        settings.putAll(more);
        node = await(Node.alone("test", TestDatabase.settings(proxy.address(), Role.PROVIDER, settings)));
        return node.openDatabase();
    }

    private static Future<Void> wait(Promise<Void> begun, Promise<Void> until) {
        begun.complete();
        return until.future();
    }

    private static Future<Integer> one(SqlConnection connection, int number) {
        return connection
                .preparedQuery("SELECT $1::int")
                .execute(Tuple.of(number))
                .map(rows -> rows.iterator().next().getInteger(0));
    }

    /** Over every connection of the pool at once, each its own answer. */
    private static Future<List<Integer>> all(Database database) {
        List<Future<Integer>> each = IntStream.range(0, SIZE)
                .mapToObj(number -> database.query("SELECT $1::int, pg_sleep(0.2)", Tuple.of(number))
                        .map(rows -> rows.iterator().next().getInteger(0)))
                .toList();
        return Future.join(each).map(done -> each.stream().map(Future::result).toList());
    }

    private static Throwable failureOf(Future<?> outcome) {
        try {
            await(outcome);
            return null;
        } catch (AssertionError never) {
            throw never;
        } catch (Throwable failed) {
            return failed;
        }
    }
}

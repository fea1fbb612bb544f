package io.waxwatch.common.testing;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.node.Node;
import io.waxwatch.common.quarantine.Quarantine;
import io.waxwatch.common.settings.Role;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** A node and a fresh database for one test. */
public final class TestNode implements AutoCloseable {

    private final Node node;
    private final Database database;

    private TestNode(Node node) {
        this.node = node;
        this.database = node.openDatabase();
    }

    /** Alone, on a fresh migrated database. */
    public static TestNode start(Role role) {
        return start(role, Map.of());
    }

    /** The same, with further settings. */
    public static TestNode start(Role role, Map<String, String> more) {
        var settings = TestDatabase.settings(TestDatabase.fresh(), role, more);
        return new TestNode(await(Node.alone("test", settings)));
    }

    public Node node() {
        return node;
    }

    public Database database() {
        return database;
    }

    /** Where this node puts rows aside that it cannot work on. */
    public Quarantine quarantine() {
        return new Quarantine(database, node.metrics());
    }

    /** Inserts an active user. */
    public UUID user(String email) {
        UUID id = UUID.randomUUID();
        await(database.query("""
                INSERT INTO users (id, email, hashed_password, is_active, created_at, updated_at)
                VALUES ($1, $2, '!', true, now(), now())
                """, Tuple.of(id, email)));
        return id;
    }

    /** Inserts an active rule, without polls, revision or backfill. */
    public UUID rule(UUID user, String name, io.vertx.core.json.JsonObject query) {
        UUID id = UUID.randomUUID();
        await(database.query("""
                INSERT INTO watch_search_rules (id, user_id, name, query, is_active, poll_interval_seconds, created_at,
                                                updated_at)
                VALUES ($1, $2, $3, $4, true, 600, now(), now())
                """, Tuple.of(id, user, name, query)));
        return id;
    }

    /** The first column of the first row, as a number. */
    public long count(String sql, Object... parameters) {
        return await(database.query(sql, Tuple.from(parameters)))
                .iterator()
                .next()
                .getLong(0);
    }

    /** Waits for a future on the test's own thread. */
    public static <T> T await(Future<T> future) {
        try {
            return future.await(30, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            throw new AssertionError("no answer within 30 s", late);
        }
    }

    /** Waits until something is so, looking every 20 ms. */
    public static void eventually(String what, long withinMillis, BooleanSupplier so) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(withinMillis);
        while (!so.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + withinMillis + " ms: " + what);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    @Override
    public void close() {
        await(node.close());
    }
}

package io.waxwatch.common.database;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.Row;
import io.waxwatch.common.settings.DatabaseAddress;
import io.waxwatch.common.settings.InvalidSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks, with connections of its own and before the pool is used, what stands at the database's address, and whether it can be
 * used as {@code DB_POOL} says. Nothing is changed on a session that may be somebody else's next moment.
 *
 * <p>A pooler in transaction mode gives itself away by the server processes behind it. Two connections ask in turn, each twice
 * in a row, which process serves them: PostgreSQL, or a pooler in session mode, gives each connection one process of its own; where
 * processes are handed round, two connections have met the same one, or one connection has met two, whether the pooler hands out
 * the last one used or the one that rested longest, and also when it has only one. What it does with prepared statements does
 * not matter.
 */
final class ServerCheck {

    /** A busy pooler shows itself in the first round nearly always. */
    private static final int ROUNDS = 3;

    /** A process number alone may be given again. */
    private static final String WHO = """
            SELECT pid, pid || ' ' || backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()
            """;

    private static final String PREPARE = "PREPARE waxwatch_server_check AS SELECT 1";
    private static final String PREPARED = """
            SELECT count(*) FROM pg_prepared_statements WHERE name = 'waxwatch_server_check'
            """;
    private static final String DEALLOCATE = "DEALLOCATE waxwatch_server_check";

    /** Said of whatever hangs when there is nothing better to say. */
    private static final String SILENT =
            "it did not answer; is it PostgreSQL, and has it, or the pooler before it, a connection" + " left for us?";

    private final Vertx vertx;
    private final DatabaseAddress address;
    private final PgConnectOptions options;
    private final SessionBounds bounds;
    private final boolean behindPooler;
    private final Duration limit;
    private final int size;
    private final List<PgConnection> opened = new CopyOnWriteArrayList<>();

    /**
     * @param behindPooler what {@code DB_POOL} says
     * @param limit of each login and each answer
     * @param size how many connections the pool may open
     */
    ServerCheck(
            Vertx vertx,
            DatabaseAddress address,
            PgConnectOptions options,
            SessionBounds bounds,
            boolean behindPooler,
            Duration limit,
            int size) {
        this.vertx = vertx;
        this.address = address;
        this.options = options;
        this.bounds = bounds;
        this.behindPooler = behindPooler;
        this.limit = limit;
        this.size = size;
    }

    /** The server process that serves a connection right now. */
    private record Process(int pid, String identity) {}

    /** No login or answer in time. */
    private static final class Late extends VertxException {
        private static final long serialVersionUID = 1L;

        Late(String message) {
            super(message, true);
        }
    }

    Future<Void> run() {
        return login(SILENT)
                .compose(first -> process(first, SILENT)
                        .compose(seen -> takesTransactions(first)
                                .compose(taken -> judge(first, first.processId() != seen.pid()))))
                .onComplete(done -> opened.forEach(PgConnection::close));
    }

    /** In statement mode there are none: PgBouncer then ends the connection. */
    private Future<Void> takesTransactions(PgConnection connection) {
        return answered(connection.query(bounds.begin()).execute(), SILENT)
                .compose(begun -> answered(connection.query("COMMIT").execute(), SILENT))
                .<Void>mapEmpty()
                .recover(cause -> Future.failedFuture(
                        cause instanceof ClosedConnectionException
                                ? VertxException.noStackTrace("PostgreSQL at " + Database.place(address)
                                        + " ended the connection when a transaction began; is it a pooler, and is its"
                                        + " pool_mode statement? We need transaction, or session")
                                : cause));
    }

    /** @param pooler whether we were told a number that is no server process's, as poolers do */
    private Future<Void> judge(PgConnection first, boolean pooler) {
        if (behindPooler && !pooler) {
            return Future.succeededFuture();
        }
        return login(fewer(1))
                .compose(second -> process(second, fewer(1)).compose(met -> handsRound(first, second, ROUNDS)))
                .recover(cause ->
                        cause instanceof Late && size == 1 ? Future.succeededFuture(false) : Future.failedFuture(cause))
                .compose(handsRound -> {
                    if (handsRound) {
                        return behindPooler ? Future.succeededFuture() : Future.failedFuture(handedRound());
                    }
                    if (!pooler) {
                        return Future.succeededFuture();
                    }
                    return behindPooler ? enough() : enough().compose(enough -> resetsSessions(first));
                });
    }

    /** Whether two connections have met one process, or one of them two. */
    private Future<Boolean> handsRound(PgConnection first, PgConnection second, int rounds) {
        return inTurn(List.of(first, first, second, second), new ArrayList<>()).compose(seen -> {
            boolean apart = seen.get(0).equals(seen.get(1))
                    && seen.get(2).equals(seen.get(3))
                    && !seen.get(0).equals(seen.get(2));
            return apart && rounds > 1 ? handsRound(first, second, rounds - 1) : Future.succeededFuture(!apart);
        });
    }

    private Future<List<Process>> inTurn(List<PgConnection> connections, List<Process> seen) {
        if (seen.size() == connections.size()) {
            return Future.succeededFuture(seen);
        }
        return process(connections.get(seen.size()), SILENT).compose(process -> {
            seen.add(process);
            return inTurn(connections, seen);
        });
    }

    private InvalidSettings handedRound() {
        return refusal(
                "queue is not for the pooler at " + Database.place(address) + ", which hands its server connections"
                        + " round between transactions: statements would run as other statements, and answer with their rows;"
                        + " set DB_POOL=null");
    }

    /** As many as the pool may want: with fewer, a login waits until another connection is given back. */
    private Future<Void> enough() {
        int served = opened.size();
        return served >= size
                ? Future.succeededFuture()
                : login(fewer(served))
                        .compose(another -> process(another, fewer(served)))
                        .compose(met -> enough());
    }

    private String fewer(int served) {
        return "it serves " + served + " of the " + size + " connections of DATABASE_POOL_MAX_SIZE; a pooler in session"
                + " mode needs as many as all processes together may open, else use pool_mode = transaction and DB_POOL=null";
    }

    /** Prepared statements have names that every process gives again. */
    private Future<Void> resetsSessions(PgConnection first) {
        return process(first, SILENT)
                .compose(left -> answered(first.query(PREPARE).execute(), SILENT)
                        .compose(prepared -> {
                            opened.remove(first);
                            return answered(first.close(), SILENT);
                        })
                        .compose(closed -> login(SILENT))
                        .compose(next -> process(next, SILENT)
                                .compose(met -> met.equals(left) ? holdsPrepared(next) : Future.succeededFuture(false))
                                .compose(held -> held
                                        ? answered(next.query(DEALLOCATE).execute(), SILENT)
                                                .transform(done -> Future.failedFuture(notReset()))
                                        : Future.succeededFuture())));
    }

    private Future<Boolean> holdsPrepared(PgConnection connection) {
        return answered(connection.query(PREPARED).execute(), SILENT)
                .map(rows -> rows.iterator().next().getLong(0) > 0);
    }

    private InvalidSettings notReset() {
        return refusal(
                "queue is not for the pooler at " + Database.place(address) + ", which hands a session on with what"
                        + " was prepared in it; set its server_reset_query to DISCARD ALL, or DB_POOL=null");
    }

    private Future<Process> process(PgConnection connection, String meaning) {
        return answered(connection.query(WHO).execute(), meaning).map(rows -> {
            Row row = rows.iterator().next();
            return new Process(row.getInteger(0), row.getString(1));
        });
    }

    private Future<PgConnection> login(String meaning) {
        Future<PgConnection> login = PgConnection.connect(vertx, options).onSuccess(connection -> {
            // Whoever waits for an answer hears of it; without this it is also printed.
            connection.exceptionHandler(told -> {});
            opened.add(connection);
        });
        return answered(login, meaning).onFailure(late -> login.onSuccess(PgConnection::close));
    }

    /** @param meaning what it means when nothing comes in time */
    private <T> Future<T> answered(Future<T> answer, String meaning) {
        return answer.timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .recover(cause -> Future.failedFuture(
                        cause instanceof TimeoutException
                                ? new Late("PostgreSQL at " + Database.place(address) + " has let us wait for "
                                        + limit.toSeconds() + " s: " + meaning)
                                : cause));
    }

    private static InvalidSettings refusal(String text) {
        return new InvalidSettings(List.of(new InvalidSettings.Fault("DB_POOL", text)));
    }
}

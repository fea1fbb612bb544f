package io.waxwatch.common.database;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets go of connections whose server takes no changes any more. A primary that was failed over comes back as a replica and
 * answers on, so a pool would keep to it for half an hour while the name has long led to the new one. Each connection asks its own
 * server and ends its own session, which holds behind a pooler too; what leads to a primary is left alone.
 */
final class Demotion {

    static final String READ_ONLY =
            "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' AS read_only";

    private static final String LEAVE = """
            SELECT pg_terminate_backend(pg_backend_pid())
            WHERE pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'
            """;

    private static final String READ_ONLY_STATE = "25006";
    /** Where there is no other server, each time costs the pool's connections. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    /** A session that was told to end has ended by then. */
    private static final Duration END = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(Demotion.class);

    private final Pool pool;
    private final int size;
    private final AtomicLong nextAt = new AtomicLong(System.nanoTime());
    private final AtomicBoolean told = new AtomicBoolean();

    Demotion(Pool pool, int size) {
        this.pool = pool;
        this.size = size;
    }

    /** A statement has failed: was it because changes are refused? */
    void failed(Throwable cause) {
        if (cause instanceof PgException pg && READ_ONLY_STATE.equals(pg.getSqlState())) {
            noticed();
        }
    }

    /** Changes are refused. */
    void noticed() {
        if (told.compareAndSet(false, true)) {
            log.warn("database.read_only", kv("advice", "letting go of its connections until one takes changes"));
        }
        long due = nextAt.get();
        long now = System.nanoTime();
        if (now - due >= 0 && nextAt.compareAndSet(due, now + PAUSE.toNanos())) {
            // All at once, so that each goes over a connection of its own.
            Future.join(IntStream.range(0, size).mapToObj(one -> leave()).toList());
        }
    }

    /** Holds the connection until it has ended, or somebody else would be lent a dead one. */
    private Future<Void> leave() {
        return pool.getConnection().compose(connection -> {
            Promise<Void> ended = Promise.promise();
            connection.closeHandler(closed -> ended.tryComplete());
            // Else an end that was asked for is told of as a fault.
            connection.exceptionHandler(end -> {});
            return connection
                    .query(LEAVE)
                    .execute()
                    .transform(left -> left.succeeded() && left.result().size() == 0
                            ? Future.<Void>succeededFuture()
                            : ended.future().timeout(END.toMillis(), TimeUnit.MILLISECONDS))
                    .onComplete(done -> connection.close());
        });
    }

    /** A server was found that takes changes. */
    void over() {
        if (told.compareAndSet(true, false)) {
            log.info("database.takes_changes");
        }
    }
}

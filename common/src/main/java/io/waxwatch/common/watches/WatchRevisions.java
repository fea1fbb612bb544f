package io.waxwatch.common.watches;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.UUID;

/**
 * Numbers every change of a rule or watch release in commit order, and closes the gap between a rule's birth and an
 * ingest in flight. Writers hold the watch lock exclusively from the drawing of the number to their commit; ingests hold
 * it shared from their catch-up to theirs. So a change is either committed before an ingest reads the index's news, or
 * after the ingest's listings are visible to the rule's backfill. Writes {@code watch_revision}, {@code watch_changes}.
 */
public final class WatchRevisions {

    /** Our own corner of the advisory lock space; any constant does, as long as nobody else uses it. */
    private static final long WATCH_LOCK = 0x57_41_58_57L;

    private static final String LOCK = "SELECT pg_advisory_xact_lock($1)";
    private static final String SHARE = "SELECT pg_advisory_xact_lock_shared($1)";
    private static final String RECORD = """
            WITH bumped AS (UPDATE watch_revision SET revision = revision + cardinality($1::uuid[]) RETURNING revision),
            changed AS (
                INSERT INTO watch_changes (revision, kind, subject_id)
                SELECT bumped.revision - cardinality($1::uuid[]) + c.position, $2, c.id
                FROM bumped, unnest($1::uuid[]) WITH ORDINALITY AS c (id, position))
            SELECT revision FROM bumped
            """;

    /**
     * Records that these changed; only events may follow in the transaction, for ingests wait from here to the commit.
     *
     * @return the newest revision, to be told on the bus after the commit
     */
    public Future<Long> record(SqlConnection connection, WatchKind kind, Collection<UUID> ids) {
        return connection
                .preparedQuery(LOCK)
                .execute(Tuple.of(WATCH_LOCK))
                .compose(locked ->
                        connection.preparedQuery(RECORD).execute(Tuple.of(ids.toArray(UUID[]::new), kind.wireName())))
                .map(rows -> rows.iterator().next().getLong(0));
    }

    /** Keeps every watch as it is until this transaction ends; call it right before catching up. */
    public Future<Void> hold(SqlConnection connection) {
        return connection.preparedQuery(SHARE).execute(Tuple.of(WATCH_LOCK)).mapEmpty();
    }
}

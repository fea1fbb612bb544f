package io.waxwatch.common.watches;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.database.Rows;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * New or changed watches that have not yet looked over the stored listings. Together with {@link WatchRevisions} this
 * closes the gap around a watch's birth: what was committed before it is found here, what comes after finds it. Writes
 * {@code first_looks}.
 */
public final class BackfillQueue {

    private static final String REQUEST = """
            INSERT INTO first_looks (subject_id, kind, asked_at, next_due)
            SELECT id, $2, now(), now() FROM unnest($1::uuid[]) AS subject (id) ORDER BY id
            ON CONFLICT (subject_id) DO UPDATE SET next_due = now(), fence = first_looks.fence + 1
            """;
    private static final String CLAIM = """
            UPDATE first_looks SET next_due = now() + make_interval(secs => $1::double precision), fence = fence + 1
            WHERE subject_id = (SELECT subject_id FROM first_looks WHERE next_due <= now()
                                ORDER BY next_due LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING subject_id, kind, fence, asked_at
            """;
    private static final String HOLD = """
            UPDATE first_looks SET next_due = now() + make_interval(secs => $3::double precision)
            WHERE subject_id = $1 AND fence = $2
            """;
    private static final String DONE = "DELETE FROM first_looks WHERE subject_id = $1 AND fence = $2";

    /**
     * A backfill that is ours until its lease ends.
     *
     * @param askedAt when the oldest change was written that nobody has looked for yet
     */
    public record Claimed(UUID subjectId, WatchKind kind, long fence, OffsetDateTime askedAt) {}

    /** Asks for a backfill, in the transaction that writes the watch. */
    public Future<Void> request(SqlConnection connection, WatchKind kind, UUID subjectId) {
        return requestAll(connection, kind, List.of(subjectId));
    }

    /** The same for many, none of them twice. */
    public Future<Void> requestAll(SqlConnection connection, WatchKind kind, Collection<UUID> subjectIds) {
        return connection
                .preparedQuery(REQUEST)
                .execute(Tuple.of(subjectIds.toArray(UUID[]::new), kind.wireName()))
                .mapEmpty();
    }

    /** Claims one, if any is due. */
    public Future<Optional<Claimed>> claim(Database database, Duration lease) {
        return database.query(CLAIM, Tuple.of(Database.seconds(lease)))
                .map(rows -> Rows.first(rows, BackfillQueue::claimed));
    }

    private static Claimed claimed(Row row) {
        return new Claimed(
                row.getUUID("subject_id"),
                WatchKind.ofWireName(row.getString("kind")),
                row.getLong("fence"),
                row.getOffsetDateTime("asked_at"));
    }

    /** Renews the lease, in a transaction that writes some of its matches; false when it was no longer ours. */
    public Future<Boolean> hold(SqlConnection connection, Claimed look, Duration lease) {
        return connection
                .preparedQuery(HOLD)
                .execute(Tuple.of(look.subjectId(), look.fence(), Database.seconds(lease)))
                .map(rows -> rows.rowCount() > 0);
    }

    /** Ends it, in the transaction of its last matches; false when it was no longer ours, then roll back. */
    public Future<Boolean> done(SqlConnection connection, Claimed look) {
        return connection
                .preparedQuery(DONE)
                .execute(Tuple.of(look.subjectId(), look.fence()))
                .map(rows -> rows.rowCount() > 0);
    }
}

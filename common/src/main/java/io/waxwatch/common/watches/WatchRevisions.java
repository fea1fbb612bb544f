package io.waxwatch.common.watches;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import java.util.Collection;
import java.util.UUID;

/**
 * Numbers every change of a rule or watch release in commit order, and closes the gap between a rule's birth and an
 * ingest in flight. Whoever numbers holds the watch lock exclusively from the drawing of the number to the commit; ingests
 * hold it shared from their catch-up to theirs. So a numbered change is either committed before an ingest reads the index's
 * news, or after the ingest's listings are visible to the rule's backfill, which is not due before.
 *
 * <p>A collector's change is only announced in its own transaction, which waits for nobody, and numbered in another one after
 * its commit ({@link WatchNumbering}). Writes {@code announced_watches}, {@code watch_revision}, {@code watch_changes}, and
 * into {@code first_looks} what {@link BackfillQueue} hands out.
 */
public final class WatchRevisions {

    /** Our own corner of the advisory lock space; any constant does, as long as nobody else uses it. */
    private static final long WATCH_LOCK = 0x57_41_58_57L;
    /** Numbered in one transaction: some milliseconds during which ingests wait. */
    private static final int NUMBERED_AT_ONCE = 500;

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
    private static final String ANNOUNCE =
            "INSERT INTO announced_watches (kind, subject_id, backfill) VALUES ($1, $2, $3)";
    private static final String ANY_ANNOUNCED = "SELECT EXISTS (SELECT FROM announced_watches)";
    /**
     * A backfill that is under way looks with what the watch was before: its fence makes it end, and another begins. No joins:
     * a planner that knows nothing of the tables would take them for a large query.
     */
    private static final String NUMBER = """
            WITH taken AS (
                DELETE FROM announced_watches
                WHERE id IN (SELECT id FROM announced_watches ORDER BY id LIMIT $1)
                RETURNING id, kind, subject_id, backfill, announced_at),
            looks AS (
                INSERT INTO first_looks (subject_id, kind, asked_at, next_due)
                SELECT subject_id, kind, min(announced_at), now() FROM taken WHERE backfill
                GROUP BY subject_id, kind ORDER BY subject_id
                ON CONFLICT (subject_id) DO UPDATE SET next_due = now(), fence = first_looks.fence + 1),
            counted AS (SELECT count(*) AS many FROM taken),
            bumped AS (
                UPDATE watch_revision SET revision = revision + (SELECT many FROM counted)
                WHERE (SELECT many FROM counted) > 0
                RETURNING revision),
            changed AS (
                INSERT INTO watch_changes (revision, kind, subject_id)
                SELECT (SELECT revision FROM bumped) - (SELECT many FROM counted) + row_number() OVER (ORDER BY id),
                       kind, subject_id
                FROM taken)
            SELECT coalesce((SELECT revision FROM bumped), (SELECT revision FROM watch_revision)) AS revision,
                   (SELECT many FROM counted) AS many
            """;

    /**
     * Announces that this one has changed, in the transaction that changes it: it counts from when it is numbered, which
     * {@link WatchNumbering} sees to after the commit.
     *
     * @param backfill whether it is to look over the stored listings
     */
    public Future<Void> announce(SqlConnection connection, WatchKind kind, UUID id, boolean backfill) {
        return connection
                .preparedQuery(ANNOUNCE)
                .execute(Tuple.of(kind.wireName(), id, backfill))
                .mapEmpty();
    }

    /** Numbers what was announced, if anything was: what a process left behind that died after its commit. */
    public Future<Void> sweep(Database database) {
        return database.query(ANY_ANNOUNCED, Tuple.tuple())
                .compose(rows ->
                        rows.iterator().next().getBoolean(0) ? number(database).mapEmpty() : Future.succeededFuture());
    }

    /**
     * Numbers all that was announced and committed before this call. Waits for the ingests in flight.
     *
     * @return the newest revision
     */
    public Future<Long> number(Database database) {
        return database.transaction(connection -> lock(connection)
                        .compose(locked -> connection.preparedQuery(NUMBER).execute(Tuple.of(NUMBERED_AT_ONCE)))
                        .map(rows -> rows.iterator().next()))
                .compose(row -> row.getLong("many") < NUMBERED_AT_ONCE
                        ? Future.succeededFuture(row.getLong("revision"))
                        : number(database));
    }

    /**
     * Records that these changed, at once: ingests wait from here to the commit, and this waits for those in flight, so that
     * none of them brings news of these after it.
     *
     * @return the newest revision, to be told on the bus after the commit
     */
    public Future<Long> record(SqlConnection connection, WatchKind kind, Collection<UUID> ids) {
        return lock(connection)
                .compose(locked ->
                        connection.preparedQuery(RECORD).execute(Tuple.of(ids.toArray(UUID[]::new), kind.wireName())))
                .map(rows -> rows.iterator().next().getLong(0));
    }

    private static Future<Void> lock(SqlConnection connection) {
        return connection.preparedQuery(LOCK).execute(Tuple.of(WATCH_LOCK)).mapEmpty();
    }

    /** Keeps every watch as it is numbered until this transaction ends; call it right before catching up. */
    public Future<Void> hold(SqlConnection connection) {
        return connection.preparedQuery(SHARE).execute(Tuple.of(WATCH_LOCK)).mapEmpty();
    }
}

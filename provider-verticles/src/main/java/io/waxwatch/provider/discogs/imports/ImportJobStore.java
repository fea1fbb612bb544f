package io.waxwatch.provider.discogs.imports;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.database.Rows;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Imports as rows with a lease: {@code due_at} is the lease's end while somebody works on one, and whoever claims it raises
 * the fence, so that a late owner changes nothing. Writes {@code import_jobs}.
 */
final class ImportJobStore {

    /** An import of both covers an import of either. */
    private static final String IN_FLIGHT = """
            SELECT id FROM import_jobs
            WHERE user_id = $1 AND provider = 'discogs' AND status IN ('pending', 'running') AND import_scope = ANY($2)
            ORDER BY created_at DESC LIMIT 1
            """;

    private static final String CREATE = """
            INSERT INTO import_jobs (id, user_id, external_account_link_id, provider, import_scope, status, page,
                processed_count, imported_count, created_count, updated_count, error_count, errors, started_at, due_at,
                created_at, updated_at)
            VALUES (gen_random_uuid(), $1, $2, 'discogs', $3, 'running', 1, 0, 0, 0, 0, 0, '[]', now(), now(), now(), now())
            ON CONFLICT DO NOTHING RETURNING id
            """;
    /** One at a time for a user: two would ask Discogs for the same pages. */
    private static final String CLAIM = """
            UPDATE import_jobs j
            SET status = 'running', due_at = now() + make_interval(secs => $1::double precision), fence = j.fence + 1
            FROM (SELECT c.id FROM import_jobs c
                  WHERE c.provider = 'discogs' AND c.status IN ('pending', 'running') AND c.due_at <= now()
                    AND NOT EXISTS (SELECT 1 FROM import_jobs o
                                    WHERE o.user_id = c.user_id AND o.id <> c.id AND o.provider = 'discogs'
                                      AND o.status = 'running' AND o.due_at > now())
                  ORDER BY c.due_at LIMIT 1 FOR UPDATE SKIP LOCKED) due
            WHERE j.id = due.id
            RETURNING j.id, j.user_id, j.import_scope, j.cursor, j.fence, j.attempts
            """;

    private static final String HOLD = """
            SELECT id FROM import_jobs WHERE id = $1 AND fence = $2 AND status = 'running' FOR NO KEY UPDATE
            """;
    private static final String PAGE_DONE = """
            UPDATE import_jobs
            SET cursor = $3, page = $4, processed_count = processed_count + $5, imported_count = imported_count + $6,
                created_count = created_count + $7, updated_count = updated_count + $8, attempts = 0, waiting_reason = NULL,
                due_at = now() + make_interval(secs => $9::double precision), updated_at = now()
            WHERE id = $1 AND fence = $2 AND status = 'running'
            """;
    private static final String COMPLETE = """
            UPDATE import_jobs
            SET status = 'completed', completed_at = now(), updated_at = now(), due_at = NULL, waiting_reason = NULL
            WHERE id = $1 AND fence = $2 AND status = 'running' RETURNING processed_count, imported_count
            """;
    private static final String FAIL = """
            UPDATE import_jobs
            SET status = 'failed', completed_at = now(), updated_at = now(), due_at = NULL, waiting_reason = NULL,
                error_count = error_count + 1, errors = coalesce(errors, '[]') || $3::jsonb
            WHERE id = $1 AND fence = $2 AND status = 'running'
            """;
    private static final String LATER = """
            UPDATE import_jobs
            SET due_at = now() + make_interval(secs => $3::double precision), attempts = attempts + $4, fence = fence + 1,
                waiting_reason = coalesce($5, waiting_reason),
                updated_at = CASE WHEN waiting_reason IS DISTINCT FROM coalesce($5, waiting_reason) THEN now() ELSE updated_at END
            WHERE id = $1 AND fence = $2 AND status = 'running'
            """;
    private static final String CANCEL = """
            UPDATE import_jobs
            SET status = 'failed', completed_at = now(), updated_at = now(), due_at = NULL, waiting_reason = NULL, fence = fence + 1,
                error_count = error_count + 1, errors = coalesce(errors, '[]') || $2::jsonb
            WHERE user_id = $1 AND provider = 'discogs' AND status IN ('pending', 'running')
            RETURNING id, user_id, import_scope, cursor, fence, attempts
            """;

    /** Held to the end: a deactivation takes this row first, and then finds every watch that was written before it. */
    private static final String HOLD_OWNER = "SELECT is_active FROM users WHERE id = $1 FOR SHARE";

    private final Database database;

    ImportJobStore(Database database) {
        this.database = database;
    }

    /**
     * A job that is ours until its lease ends.
     *
     * @param cursor the last page that is done; null before the first
     * @param attempts failed since that page
     */
    record Job(UUID id, UUID userId, String scope, String cursor, long fence, int attempts) {}

    /**
     * What a page brought.
     *
     * @param processed rows read, both copies of a record counted
     * @param imported records among them
     */
    record Progress(String cursor, int page, int processed, int imported, int created) {}

    /** What a completed job brought in all. */
    record Totals(int processed, int imported) {}

    Future<Optional<UUID>> inFlight(SqlConnection connection, UUID userId, String scope) {
        String[] covering = {scope, ShelfSource.BOTH};
        return connection
                .preparedQuery(IN_FLIGHT)
                .execute(Tuple.of(userId).addValue(covering))
                .map(ImportJobStore::id);
    }

    /** Empty when another job of this scope is in flight. */
    Future<Optional<UUID>> create(SqlConnection connection, UUID userId, UUID linkId, String scope) {
        return connection
                .preparedQuery(CREATE)
                .execute(Tuple.of(userId, linkId, scope))
                .map(ImportJobStore::id);
    }

    /** Claims the job that has waited longest, if any is due. */
    Future<Optional<Job>> claim(Duration lease) {
        return database.query(CLAIM, Tuple.of(Database.seconds(lease)))
                .map(rows -> Rows.first(rows, ImportJobStore::job));
    }

    /** Whether the job's owner may have watches; true keeps it so to the end of the transaction. */
    Future<Boolean> holdActiveOwner(SqlConnection connection, Job job) {
        return connection
                .preparedQuery(HOLD_OWNER)
                .execute(Tuple.of(job.userId()))
                .map(rows -> rows.size() > 0 && rows.iterator().next().getBoolean(0));
    }

    /** Whether the job is still ours; true keeps it so to the end of the transaction. */
    Future<Boolean> hold(SqlConnection connection, Job job) {
        return connection
                .preparedQuery(HOLD)
                .execute(Tuple.of(job.id(), job.fence()))
                .map(rows -> rows.size() > 0);
    }

    /** Counts a page and renews the lease; false when the job is no longer ours, then roll back. */
    Future<Boolean> pageDone(SqlConnection connection, Job job, Progress page, Duration lease) {
        return connection
                .preparedQuery(PAGE_DONE)
                .execute(Tuple.from(new Object[] {
                    job.id(),
                    job.fence(),
                    page.cursor(),
                    page.page(),
                    page.processed(),
                    page.imported(),
                    page.created(),
                    page.imported() - page.created(),
                    Database.seconds(lease)
                }))
                .map(rows -> rows.rowCount() > 0);
    }

    /** Empty when the job is no longer ours. */
    Future<Optional<Totals>> complete(SqlConnection connection, Job job) {
        return connection
                .preparedQuery(COMPLETE)
                .execute(Tuple.of(job.id(), job.fence()))
                .map(rows -> Rows.first(rows, row -> new Totals(row.getInteger(0), row.getInteger(1))));
    }

    /** False when the job is no longer ours. */
    Future<Boolean> fail(SqlConnection connection, Job job, String error) {
        return connection
                .preparedQuery(FAIL)
                .execute(Tuple.of(job.id(), job.fence(), errors(error)))
                .map(rows -> rows.rowCount() > 0);
    }

    /** Gives the job back, to be claimed at once by anybody. */
    Future<Void> giveBack(Job job) {
        return later(job, Duration.ZERO, false, null);
    }

    /**
     * Gives the job back, to be claimed after the pause by anybody.
     *
     * @param failed whether it counts as a failed attempt
     * @param reason why it waits, for its owner
     */
    Future<Void> postpone(Job job, Duration pause, boolean failed, String reason) {
        return later(job, pause, failed, reason);
    }

    private Future<Void> later(Job job, Duration pause, boolean failed, String reason) {
        return database.query(LATER, Tuple.of(job.id(), job.fence(), Database.seconds(pause), failed ? 1 : 0, reason))
                .mapEmpty();
    }

    /** Ends every job of the user that is in flight. */
    Future<List<Job>> cancel(SqlConnection connection, UUID userId, String error) {
        return connection
                .preparedQuery(CANCEL)
                .execute(Tuple.of(userId, errors(error)))
                .map(rows -> Rows.all(rows, ImportJobStore::job));
    }

    private static JsonArray errors(String error) {
        return new JsonArray().add(new JsonObject().put("error", error));
    }

    private static Optional<UUID> id(RowSet<Row> rows) {
        return Rows.first(rows, row -> row.getUUID(0));
    }

    private static Job job(Row row) {
        return new Job(
                row.getUUID(0), row.getUUID(1), row.getString(2), row.getString(3), row.getLong(4), row.getInteger(5));
    }
}

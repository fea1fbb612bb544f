package io.waxwatch.common.polls;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.database.Rows;
import io.waxwatch.common.matching.Provider;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * Who may do which poll when. A claim moves {@code next_due} to the end of its lease and raises the fence, in one short
 * statement; closing compares the fence, in the transaction of the outcome. A killed owner costs one lease. Writes
 * {@code poll_schedule} and the failure state in {@code polls}.
 */
public final class PollSchedule {

    /** First retry after this many seconds, doubled with each failure in a row, up to the poll's own interval. */
    public static final int FAILURE_RETRY_SECONDS = 30;

    /** How many of a poll's collectors are told with it: enough to find one who has not had much. */
    private static final int TOLD_USERS = 8;

    private static final String CLAIMED = """
            s.poll_id, p.kind, p.canonical_key, p.interval_seconds, s.fence,
                (extract(epoch FROM now() - due.next_due) * 1000)::bigint, due.leased,
                ARRAY(SELECT r.user_id FROM poll_rules l JOIN watch_search_rules r ON r.id = l.rule_id
                      WHERE l.poll_id = s.poll_id AND p.kind = 'query' LIMIT %d)
                || ARRAY(SELECT w.user_id FROM poll_releases l JOIN watch_releases w ON w.id = l.watch_release_id
                      WHERE l.poll_id = s.poll_id AND p.kind = 'release' LIMIT %d)""".formatted(TOLD_USERS, TOLD_USERS);

    /**
     * Bucket by bucket along the index, so that row versions which a long transaction keeps alive hurt one bucket's
     * front at a time. The buckets come rotated: a full batch never starves the last ones.
     */
    private static final String CLAIM = """
            WITH due AS (
                SELECT d.poll_id, d.next_due, d.leased
                FROM unnest($1::smallint[]) AS b (bucket)
                CROSS JOIN LATERAL (
                    SELECT s.poll_id, s.next_due, s.leased FROM poll_schedule s
                    WHERE s.bucket = b.bucket AND s.next_due <= now()
                    ORDER BY s.next_due LIMIT $2 FOR UPDATE SKIP LOCKED) AS d
                LIMIT $2)
            UPDATE poll_schedule s
            SET next_due = now() + make_interval(secs => $3::double precision), fence = s.fence + 1, leased = true
            FROM due JOIN polls p ON p.id = due.poll_id
            WHERE s.poll_id = due.poll_id
            RETURNING %s
            """.formatted(CLAIMED);

    /** First looks in turn by collector: who made ten thousand rules at once keeps nobody else's first one waiting. */
    private static final String CLAIM_FIRST_LOOKS = """
            WITH ranked AS (
                SELECT s.poll_id, r.user_id, s.next_due,
                    row_number() OVER (PARTITION BY r.user_id ORDER BY s.next_due, s.poll_id) AS place
                FROM poll_schedule s
                LEFT JOIN poll_rules l ON l.poll_id = s.poll_id
                LEFT JOIN watch_search_rules r ON r.id = l.rule_id
                WHERE s.bucket = ANY($1::smallint[]) AND s.next_due <= now()),
            chosen AS (
                SELECT poll_id, min(place) AS place, min(next_due) AS since FROM ranked
                GROUP BY poll_id ORDER BY 2, 3 LIMIT $2),
            due AS (
                SELECT s.poll_id, s.next_due, s.leased FROM chosen c JOIN poll_schedule s ON s.poll_id = c.poll_id
                WHERE s.next_due <= now() ORDER BY c.place, c.since FOR UPDATE OF s SKIP LOCKED)
            UPDATE poll_schedule s
            SET next_due = now() + make_interval(secs => $3::double precision), fence = s.fence + 1, leased = true
            FROM due JOIN polls p ON p.id = due.poll_id
            WHERE s.poll_id = due.poll_id
            RETURNING %s
            """.formatted(CLAIMED);

    private static final Provider FIRST = Provider.values()[0];

    /**
     * A query that a sweep serves rests for ever after its first look, which leaves its line with it; all others are due again
     * after their interval, as much longer as quota and their own quiet make it.
     */
    private static final String CLOSE_SUCCESS = """
            UPDATE poll_schedule s
            SET leased = false, last_run_at = now(),
                bucket = CASE WHEN s.bucket >= %d THEN (s.bucket - %d) * %d + mod(abs(hashtext(s.poll_id::text)), %d)
                              ELSE s.bucket END,
                next_due = CASE WHEN p.kind = 'query' AND p.served_by = 'sweep' THEN 'infinity'
                    ELSE now() + make_interval(secs => c.jitter
                        + greatest(p.interval_seconds, p.adaptive_seconds) * p.stretch) END
            FROM unnest($1::uuid[], $2::bigint[], $3::double precision[]) AS c (poll_id, fence, jitter)
            JOIN polls p ON p.id = c.poll_id
            WHERE s.poll_id = c.poll_id AND s.fence = c.fence AND s.leased
            """.formatted(
                    PollLane.FIRST_LOOK.firstBucket(FIRST),
                    PollLane.FIRST_LOOK.firstBucket(FIRST),
                    PollLane.DUE_BUCKETS,
                    PollLane.DUE_BUCKETS);

    private static final String CLEAR_FAILURE = """
            UPDATE polls SET consecutive_failures = 0, failing_since = NULL, last_error = NULL
            WHERE id = $1 AND consecutive_failures > 0
            """;
    private static final String CLOSE_FAILURE = """
            WITH closed AS (
                UPDATE poll_schedule s
                SET leased = false, next_due = now() + make_interval(secs => greatest($4::double precision,
                    least($5 * power(2, least(p.consecutive_failures, 10)), greatest(p.interval_seconds, $5)) + $6))
                FROM polls p
                WHERE p.id = $1 AND s.poll_id = $1 AND s.fence = $2 AND s.leased
                RETURNING s.poll_id)
            UPDATE polls SET consecutive_failures = consecutive_failures + 1, last_error = left($3, 200),
                failing_since = coalesce(failing_since, now())
            FROM closed WHERE polls.id = closed.poll_id
            """;
    private static final String RELEASE = """
            UPDATE poll_schedule SET leased = false, next_due = now() + make_interval(secs => $3::double precision)
            WHERE poll_id = $1 AND fence = $2 AND leased
            """;

    private static final String COUNT = "SELECT count(*) FROM polls WHERE provider = $1::provider_enum AND kind = $2";

    private final Database database;

    public PollSchedule(Database database) {
        this.database = database;
    }

    /** How many polls of a kind there are, due or not. */
    public Future<Long> count(Provider provider, PollKind kind) {
        return database.query(COUNT, Tuple.of(provider.wireName(), kind.wireName()))
                .map(rows -> rows.iterator().next().getLong(0));
    }

    /** Claims due polls of one provider that stand in {@link PollLane#DUE}. */
    public Future<List<ClaimedPoll>> claim(Provider provider, int limit, Duration lease, int turn) {
        return claim(provider, PollLane.DUE, limit, lease, turn);
    }

    /**
     * Claims due polls of one provider.
     *
     * @param limit at most so many; batches of about 500 are fastest
     * @param turn any growing number: from it follows which bucket is looked at first
     */
    public Future<List<ClaimedPoll>> claim(Provider provider, PollLane lane, int limit, Duration lease, int turn) {
        String claim = lane == PollLane.FIRST_LOOK ? CLAIM_FIRST_LOOKS : CLAIM;
        return database.query(claim, Tuple.of(lane.buckets(provider, turn), limit, Database.seconds(lease)))
                .map(rows -> Rows.all(
                        rows,
                        row -> new ClaimedPoll(
                                row.getUUID(0),
                                provider,
                                PollKind.ofWireName(row.getString(1)),
                                row.getString(2),
                                row.getInteger(3),
                                row.getLong(4),
                                row.getLong(5),
                                row.getBoolean(6),
                                lane,
                                List.of(row.getArrayOfUUIDs(7)))));
    }

    /**
     * Closes a poll that went well, in the outcome's transaction: call it first, it serialises late duplicates.
     *
     * @param jitter added to the interval, so that polls made together drift apart
     * @return whether the claim was still ours; when false the caller must roll back
     */
    public Future<Boolean> succeeded(SqlConnection connection, UUID pollId, long fence, Duration jitter) {
        // The poll's row before its schedule's, in the order of those who plan polls; undone with the rest when stale.
        return connection
                .preparedQuery(CLEAR_FAILURE)
                .execute(Tuple.of(pollId))
                .compose(cleared -> succeeded(connection, List.of(pollId), List.of(fence), jitter))
                .map(closed -> closed > 0);
    }

    /** Closes many polls that went well and were not failing before; answers how many were still ours. */
    public Future<Integer> succeeded(SqlClient client, List<UUID> pollIds, List<Long> fences, Duration jitter) {
        Double[] jitters = new Double[pollIds.size()];
        java.util.Arrays.fill(jitters, Database.seconds(jitter));
        return client.preparedQuery(CLOSE_SUCCESS)
                .execute(Tuple.of(pollIds.toArray(UUID[]::new), fences.toArray(Long[]::new), jitters))
                .map(io.vertx.sqlclient.SqlResult::rowCount);
    }

    /**
     * Closes a poll that failed: it is due again after a growing back-off, never sooner than {@code notBefore}.
     *
     * @param error a short code of ours, stored and shown; never an upstream's text
     * @return whether the claim was still ours
     */
    public Future<Boolean> failed(UUID pollId, long fence, String error, Duration notBefore, Duration jitter) {
        return database.query(
                        CLOSE_FAILURE,
                        Tuple.of(
                                pollId,
                                fence,
                                error,
                                Database.seconds(notBefore),
                                (double) FAILURE_RETRY_SECONDS,
                                Database.seconds(jitter)))
                .map(rows -> rows.rowCount() > 0);
    }

    /** Gives a claim back undone, due again after the pause. */
    public Future<Void> release(UUID pollId, long fence, Duration pause) {
        return database.query(RELEASE, Tuple.of(pollId, fence, Database.seconds(pause)))
                .mapEmpty();
    }
}

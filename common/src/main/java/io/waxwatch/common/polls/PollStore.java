package io.waxwatch.common.polls;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Polls and whom they serve. Writes {@code polls}, {@code poll_rules}, {@code poll_releases} and the birth of a
 * {@code poll_schedule} row; every call joins the caller's transaction.
 */
public final class PollStore {

    /** A schedule row that exists is left alone: locking it here could meet a closing poll in the opposite order. */
    private static final String ENSURE = """
            WITH wanted AS (
                INSERT INTO polls (id, provider, kind, canonical_key, interval_seconds, created_at)
                VALUES (gen_random_uuid(), $1::provider_enum, $2, $3, $4, now())
                ON CONFLICT (provider, kind, canonical_key) DO UPDATE
                    SET interval_seconds = CASE WHEN $5 THEN excluded.interval_seconds ELSE polls.interval_seconds END
                RETURNING id),
            scheduled AS (
                INSERT INTO poll_schedule (poll_id, bucket, next_due)
                SELECT id, $6::int + abs(hashtext(id::text)) % $7::int, now() FROM wanted
                ON CONFLICT (poll_id) DO NOTHING)
            SELECT id FROM wanted
            """;

    private static final String DROP_OTHERS =
            "DELETE FROM polls WHERE provider = $1::provider_enum AND kind = $2 AND canonical_key <> $3";

    /** A sweep that an earlier build made stands among the polls that are due. */
    private static final String MOVE = "UPDATE poll_schedule SET bucket = $2 WHERE poll_id = $1 AND bucket <> $2";

    /**
     * The polls of many new watch releases in one statement. Spread over the interval: a wantlist of two thousand must not
     * all be due at once.
     */
    private static final String SERVE_NEW_RELEASES = """
            WITH wish AS (
                SELECT * FROM unnest($1::uuid[], $2::text[], $3::int[]) AS w (release, key, interval)),
            wanted AS (
                INSERT INTO polls (id, provider, kind, canonical_key, interval_seconds, created_at)
                SELECT gen_random_uuid(), $4::provider_enum, $5, key, max(interval), now() FROM wish
                GROUP BY key ORDER BY key
                ON CONFLICT (provider, kind, canonical_key) DO UPDATE SET interval_seconds = polls.interval_seconds
                RETURNING id, canonical_key, interval_seconds),
            scheduled AS (
                INSERT INTO poll_schedule (poll_id, bucket, next_due)
                SELECT id, $6::int + abs(hashtext(id::text)) % $7::int,
                       now() + random() * make_interval(secs => interval_seconds)
                FROM wanted ON CONFLICT (poll_id) DO NOTHING)
            INSERT INTO poll_releases (poll_id, watch_release_id)
            SELECT wanted.id, wish.release FROM wish JOIN wanted ON wanted.canonical_key = wish.key
            """;

    private static final String UNLINK_RULE = "DELETE FROM poll_rules WHERE rule_id = ANY($1) RETURNING poll_id";
    private static final String LINK_RULE = """
            INSERT INTO poll_rules (poll_id, rule_id, interval_seconds) VALUES ($1, $2, $3)
            ON CONFLICT (poll_id, rule_id) DO UPDATE SET interval_seconds = excluded.interval_seconds
            """;
    private static final String UNLINK_RELEASE =
            "DELETE FROM poll_releases WHERE watch_release_id = ANY($1) RETURNING poll_id";
    private static final String LINK_RELEASE =
            "INSERT INTO poll_releases (poll_id, watch_release_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    /** The smallest wish counts; a shortened interval also pulls the next due time closer. */
    private static final String SETTLE_QUERIES = """
            WITH wish AS (
                SELECT p.id, p.interval_seconds AS was, min(r.interval_seconds) AS wanted
                FROM polls p LEFT JOIN poll_rules r ON r.poll_id = p.id
                WHERE p.id = ANY($1) AND p.kind = 'query' GROUP BY p.id),
            gone AS (DELETE FROM polls WHERE id IN (SELECT id FROM wish WHERE wanted IS NULL)),
            settled AS (
                UPDATE polls SET interval_seconds = wish.wanted FROM wish
                WHERE polls.id = wish.id AND wish.wanted <> wish.was)
            UPDATE poll_schedule s SET next_due = least(s.next_due, now() + make_interval(secs => wish.wanted))
            FROM wish JOIN polls p ON p.id = wish.id
            WHERE s.poll_id = wish.id AND wish.wanted < wish.was AND NOT s.leased
              AND (p.served_by = 'query' OR s.last_run_at IS NULL)
            """;

    private static final String DROP_UNWATCHED_RELEASES = """
            DELETE FROM polls p WHERE p.id = ANY($1) AND p.kind = 'release'
              AND NOT EXISTS (SELECT 1 FROM poll_releases r WHERE r.poll_id = p.id)
            """;

    /** Makes sure that a poll exists, at exactly this interval, due at once when it is new. */
    public Future<UUID> ensure(SqlConnection connection, PollSpec spec) {
        return ensure(connection, spec, true);
    }

    /** The same for a poll that is the only one of its provider and kind; another, of earlier settings, goes away. */
    public Future<UUID> ensureOnly(SqlConnection connection, PollSpec spec) {
        return connection
                .preparedQuery(DROP_OTHERS)
                .execute(Tuple.of(spec.provider().wireName(), spec.kind().wireName(), spec.keyText()))
                .compose(dropped -> ensure(connection, spec))
                .compose(id -> connection
                        .preparedQuery(MOVE)
                        .execute(Tuple.of(id, PollLane.ofNew(spec.kind()).firstBucket(spec.provider())))
                        .map(id));
    }

    /** Makes these the polls that serve the rule, and no others; polls that serve nobody any more go away. */
    public Future<Void> serveRule(SqlConnection connection, UUID ruleId, List<PollSpec> specs) {
        return replaceLinks(
                connection,
                UNLINK_RULE,
                List.of(ruleId),
                specs,
                SETTLE_QUERIES,
                (pollId, spec) -> connection
                        .preparedQuery(LINK_RULE)
                        .execute(Tuple.of(pollId, ruleId, spec.intervalSeconds()))
                        .mapEmpty());
    }

    /** The same for a watch release. */
    public Future<Void> serveRelease(SqlConnection connection, UUID watchReleaseId, List<PollSpec> specs) {
        return replaceLinks(
                connection,
                UNLINK_RELEASE,
                List.of(watchReleaseId),
                specs,
                DROP_UNWATCHED_RELEASES,
                (pollId, spec) -> connection
                        .preparedQuery(LINK_RELEASE)
                        .execute(Tuple.of(pollId, watchReleaseId))
                        .mapEmpty());
    }

    /** Makes each of these polls serve its watch release, which no poll has served so far; all are of one provider and kind. */
    public Future<Void> serveNewReleases(SqlConnection connection, Map<UUID, PollSpec> specs) {
        if (specs.isEmpty()) {
            return Future.succeededFuture();
        }
        PollSpec any = specs.values().iterator().next();
        return connection
                .preparedQuery(SERVE_NEW_RELEASES)
                .execute(Tuple.of(specs.keySet().toArray(UUID[]::new))
                        .addValue(specs.values().stream().map(PollSpec::keyText).toArray(String[]::new))
                        .addValue(specs.values().stream()
                                .map(PollSpec::intervalSeconds)
                                .toArray(Integer[]::new))
                        .addString(any.provider().wireName())
                        .addString(any.kind().wireName())
                        .addInteger(PollLane.DUE.firstBucket(any.provider()))
                        .addInteger(PollLane.DUE.buckets()))
                .mapEmpty();
    }

    /** Lets no poll serve these any more; polls that serve nobody else go away. */
    public Future<Void> retire(SqlConnection connection, Collection<UUID> ruleIds, Collection<UUID> watchReleaseIds) {
        Link none = (pollId, spec) -> Future.succeededFuture();
        return replaceLinks(connection, UNLINK_RULE, ruleIds, List.of(), SETTLE_QUERIES, none)
                .compose(retired -> replaceLinks(
                        connection, UNLINK_RELEASE, watchReleaseIds, List.of(), DROP_UNWATCHED_RELEASES, none));
    }

    @FunctionalInterface
    private interface Link {
        Future<Void> to(UUID pollId, PollSpec spec);
    }

    private Future<Void> replaceLinks(
            SqlConnection connection,
            String unlink,
            Collection<UUID> subjects,
            List<PollSpec> specs,
            String settle,
            Link link) {
        var touched = new java.util.LinkedHashSet<UUID>();
        Future<Void> steps = connection
                .preparedQuery(unlink)
                .execute(Tuple.tuple().addValue(subjects.toArray(UUID[]::new)))
                .onSuccess(rows -> rows.forEach(row -> touched.add(row.getUUID(0))))
                .mapEmpty();
        // One order for everybody, so that two writers of the same polls wait instead of deadlocking.
        for (PollSpec spec :
                specs.stream().sorted(Comparator.comparing(PollSpec::keyText)).toList()) {
            steps = steps.compose(done -> ensure(connection, spec, false)).compose(pollId -> {
                touched.add(pollId);
                return link.to(pollId, spec);
            });
        }
        return steps.compose(done -> connection
                .preparedQuery(settle)
                .execute(Tuple.of(touched.toArray(UUID[]::new)))
                .mapEmpty());
    }

    private Future<UUID> ensure(SqlConnection connection, PollSpec spec, boolean overrideInterval) {
        return connection
                .preparedQuery(ENSURE)
                .execute(Tuple.of(
                        spec.provider().wireName(),
                        spec.kind().wireName(),
                        spec.keyText(),
                        spec.intervalSeconds(),
                        overrideInterval,
                        PollLane.ofNew(spec.kind()).firstBucket(spec.provider()),
                        PollLane.ofNew(spec.kind()).buckets()))
                .map(rows -> rows.iterator().next().getUUID(0));
    }
}

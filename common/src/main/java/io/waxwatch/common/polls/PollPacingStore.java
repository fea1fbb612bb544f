package io.waxwatch.common.polls;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.database.Rows;
import io.waxwatch.common.matching.Provider;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Which engine serves a query, and by how much intervals are longer than wished. Writes {@code polls.served_by}, {@code
 * polls.stretch} and what follows from them in {@code poll_schedule}. Every write says what shall be, so it may be repeated and
 * done by many.
 */
public final class PollPacingStore {

    private static final String SWEEPS = """
            SELECT p.id, p.canonical_key, p.interval_seconds, extract(epoch FROM now() - s.last_run_at)::float8,
                p.consecutive_failures, p.last_error, g.missed_until IS NOT NULL AND NOT g.looked_again
            FROM polls p
            CROSS JOIN LATERAL (SELECT last_run_at FROM poll_schedule WHERE poll_id = p.id LIMIT 1) AS s
            LEFT JOIN sweep_progress g ON g.poll_id = p.id
            WHERE p.kind = 'sweep'
            """;

    /** So many a statement: their rows are locked while it lasts. */
    private static final int BATCH = 1_000;

    /** A query that begins to be asked is spread over its interval; one whose first look is still to come keeps its place. */
    private static final String TO_QUERY = """
            WITH moved AS (
                UPDATE polls SET served_by = 'query' WHERE id IN (
                    SELECT id FROM polls p WHERE p.kind = 'query' AND p.provider = $1::provider_enum AND p.served_by = 'sweep'
                      AND NOT EXISTS (SELECT FROM unnest($2::text[]) AS c (key) WHERE starts_with(p.canonical_key, c.key || '|'))
                    ORDER BY id LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED)
                RETURNING id, interval_seconds, stretch)
            UPDATE poll_schedule s SET next_due = least(s.next_due,
                now() + random() * make_interval(secs => m.interval_seconds * m.stretch))
            FROM moved m WHERE s.poll_id = m.id
            """;

    private static final String TO_SWEEP = """
            WITH moved AS (
                UPDATE polls SET served_by = 'sweep' WHERE id IN (
                    SELECT id FROM polls p WHERE p.kind = 'query' AND p.provider = $1::provider_enum AND p.served_by = 'query'
                      AND EXISTS (SELECT FROM unnest($2::text[]) AS c (key) WHERE starts_with(p.canonical_key, c.key || '|'))
                    ORDER BY id LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED)
                RETURNING id)
            UPDATE poll_schedule s SET next_due = 'infinity'
            FROM moved m WHERE s.poll_id = m.id AND s.last_run_at IS NOT NULL AND NOT s.leased
            """;

    /** What an earlier build has scheduled, or a killed process left, of queries that a sweep serves and that have been asked. */
    private static final String PARK = """
            WITH late AS (
                SELECT s.poll_id FROM poll_schedule s JOIN polls p ON p.id = s.poll_id
                WHERE s.bucket BETWEEN $1 AND $2 AND s.next_due < 'infinity' AND s.last_run_at IS NOT NULL AND NOT s.leased
                  AND p.kind = 'query' AND p.served_by = 'sweep'
                LIMIT $3 FOR UPDATE OF s SKIP LOCKED)
            UPDATE poll_schedule s SET next_due = 'infinity' FROM late WHERE s.poll_id = late.poll_id
            """;

    private static final String LOOK_AGAIN = """
            WITH told AS (UPDATE sweep_progress SET looked_again = true WHERE poll_id = $1 AND NOT looked_again RETURNING poll_id)
            UPDATE poll_schedule s SET bucket = $4, next_due = now()
            FROM polls p, told
            WHERE s.poll_id = p.id AND p.kind = 'query' AND p.provider = $2::provider_enum
              AND starts_with(p.canonical_key, $3 || '|') AND NOT s.leased
            """;

    private static final String STRETCH_SWEEPS = """
            UPDATE polls SET stretch = $2 WHERE kind = 'sweep' AND provider = $1::provider_enum AND abs(stretch - $2) > 0.05
            """;

    /** A poll of several collectors is counted for one of them. */
    private static final String OWNED_QUERIES = """
            SELECT p.id, min(r.user_id::text)::uuid AS owner, p.interval_seconds AS wished
            FROM polls p JOIN poll_rules l ON l.poll_id = p.id JOIN watch_search_rules r ON r.id = l.rule_id
            WHERE p.kind = 'query' AND p.provider = $1::provider_enum AND p.served_by = 'query' GROUP BY p.id""";

    private static final String OWNED_RELEASES = """
            SELECT p.id, min(w.user_id::text)::uuid AS owner, greatest(p.interval_seconds, p.adaptive_seconds) AS wished
            FROM polls p JOIN poll_releases l ON l.poll_id = p.id JOIN watch_releases w ON w.id = l.watch_release_id
            WHERE p.kind = 'release' AND p.provider = $1::provider_enum GROUP BY p.id""";

    private static final String DEMAND = "SELECT owner, sum(1.0 / wished)::float8 FROM (%s) AS owned GROUP BY owner";
    private static final String QUERY_DEMAND = DEMAND.formatted(OWNED_QUERIES);
    private static final String RELEASE_DEMAND = DEMAND.formatted(OWNED_RELEASES);

    /**
     * Only what changes by more than a twentieth is written. A poll that is to wait longer and has never been asked is spread over
     * its new interval, or a large import would stand at the front for hours; one that may come sooner does. Whoever holds a poll is
     * not waited for: the next round finds it.
     */
    private static final String STRETCH = """
            WITH owned AS (%s),
            told AS (SELECT * FROM unnest($2::uuid[], $3::float8[]) AS t (owner, stretch)),
            picked AS (
                SELECT p.id, told.stretch, owned.wished * told.stretch AS seconds
                FROM owned JOIN told ON told.owner = owned.owner JOIN polls p ON p.id = owned.id
                WHERE abs(p.stretch - told.stretch) > 0.05 * p.stretch FOR NO KEY UPDATE OF p SKIP LOCKED),
            changed AS (
                UPDATE polls p SET stretch = picked.stretch FROM picked WHERE p.id = picked.id RETURNING p.id, picked.seconds)
            UPDATE poll_schedule s SET next_due = CASE
                WHEN s.last_run_at IS NULL THEN now() + random() * make_interval(secs => c.seconds)
                ELSE least(s.next_due, now() + random() * make_interval(secs => c.seconds)) END
            FROM changed c WHERE s.poll_id = c.id AND NOT s.leased
            """;

    private static final String STRETCH_QUERIES = STRETCH.formatted(OWNED_QUERIES);
    private static final String STRETCH_RELEASES = STRETCH.formatted(OWNED_RELEASES);

    private final Database database;

    public PollPacingStore(Database database) {
        this.database = database;
    }

    /** All sweeps. */
    public Future<List<SweepSight>> sweeps() {
        return database.query(SWEEPS, Tuple.tuple()).map(rows -> Rows.all(rows, PollPacingStore::sight));
    }

    /**
     * Lets a sweep serve the queries that one of these covers, and makes all others polls of their own.
     *
     * @param seeing keys of the sweeps that see their category
     * @return how many queries changed
     */
    public Future<Integer> serve(Provider provider, Collection<String> seeing) {
        Tuple told = Tuple.of(provider.wireName(), seeing.toArray(String[]::new), BATCH);
        return inBatches(TO_QUERY, told, 0)
                .compose(toQuery -> inBatches(TO_SWEEP, told, toQuery))
                .compose(changed -> inBatches(
                                PARK,
                                Tuple.of(
                                        PollLane.DUE.firstBucket(provider),
                                        PollLane.DUE.firstBucket(provider) + PollLane.DUE_BUCKETS - 1,
                                        BATCH),
                                0)
                        .map(changed));
    }

    private Future<Integer> inBatches(String statement, Tuple told, int before) {
        return database.query(statement, told)
                .compose(rows -> rows.rowCount() < BATCH
                        ? Future.succeededFuture(before + rows.rowCount())
                        : inBatches(statement, told, before + rows.rowCount()));
    }

    /** Asks once more for what a sweep missed, query by query; answers how many queries. */
    public Future<Integer> lookAgain(UUID sweep, Provider provider, String key) {
        return database.query(
                        LOOK_AGAIN,
                        Tuple.of(sweep, provider.wireName(), key, PollLane.FIRST_LOOK.firstBucket(provider)))
                .map(rows -> rows.rowCount());
    }

    public Future<Void> stretchSweeps(Provider provider, double stretch) {
        return database.query(STRETCH_SWEEPS, Tuple.of(provider.wireName(), stretch))
                .mapEmpty();
    }

    /** By collector: how many queries a second that no sweep serves. */
    public Future<Map<UUID, Double>> queryDemand(Provider provider) {
        return demand(QUERY_DEMAND, provider);
    }

    /** By collector: how many looks at releases a second. */
    public Future<Map<UUID, Double>> releaseDemand(Provider provider) {
        return demand(RELEASE_DEMAND, provider);
    }

    /** @param stretch by collector, 1 or more */
    public Future<Void> stretchQueries(Provider provider, Map<UUID, Double> stretch) {
        return stretch(STRETCH_QUERIES, provider, stretch).mapEmpty();
    }

    /**
     * Makes the intervals of these collectors' releases longer, or shorter again.
     *
     * @param stretch by collector, 1 or more
     * @return how many polls changed
     */
    public Future<Integer> stretchReleases(Provider provider, Map<UUID, Double> stretch) {
        return stretch(STRETCH_RELEASES, provider, stretch);
    }

    private Future<Map<UUID, Double>> demand(String statement, Provider provider) {
        return database.query(statement, Tuple.of(provider.wireName())).map(rows -> {
            Map<UUID, Double> demand = new HashMap<>();
            rows.forEach(row -> demand.put(row.getUUID(0), row.getDouble(1)));
            return demand;
        });
    }

    private Future<Integer> stretch(String statement, Provider provider, Map<UUID, Double> stretch) {
        List<UUID> owners = List.copyOf(stretch.keySet());
        return database.query(
                        statement,
                        Tuple.of(
                                provider.wireName(),
                                owners.toArray(UUID[]::new),
                                owners.stream().map(owner -> stretch.get(owner)).toArray(Double[]::new)))
                .map(rows -> rows.rowCount());
    }

    private static SweepSight sight(Row row) {
        Double since = row.getDouble(3);
        return new SweepSight(
                row.getUUID(0),
                row.getString(1),
                row.getInteger(2),
                since == null ? null : Duration.ofMillis((long) (since * 1000)),
                row.getInteger(4),
                row.getString(5),
                row.getBoolean(6));
    }
}

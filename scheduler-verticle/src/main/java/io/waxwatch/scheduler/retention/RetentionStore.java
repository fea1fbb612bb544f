package io.waxwatch.scheduler.retention;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;

/**
 * Deletes old rows of the tables that only grow, a batch at a time. Each batch is one short transaction under an advisory
 * lock, so that of all schedulers one works and the others pass by.
 */
public final class RetentionStore {

    /** Our own corner of the advisory lock space, beside the watch lock's. */
    static final long RETENTION_LOCK = 0x57_41_58_52L;

    private static final String LOCK = "SELECT pg_try_advisory_xact_lock($1)";

    /** The newest snapshot of a listing is its present price: kept however old it is. */
    private static final String PRICE_SNAPSHOTS = """
            WITH old AS (
                SELECT id, listing_id, recorded_at AS at FROM price_snapshots
                WHERE recorded_at < $1 AND recorded_at >= $2 AND (recorded_at, id) > ($2, $3)
                ORDER BY recorded_at, id LIMIT $4),
            gone AS (
                DELETE FROM price_snapshots s USING old
                WHERE s.id = old.id AND EXISTS (
                    SELECT 1 FROM price_snapshots newer
                    WHERE newer.listing_id = old.listing_id AND (newer.recorded_at, newer.id) > (old.at, old.id))
                RETURNING 1)
            SELECT (SELECT count(*) FROM old) AS seen, (SELECT count(*) FROM gone) AS deleted, last.at, last.id
            FROM (SELECT at, id FROM old ORDER BY at DESC, id DESC LIMIT 1) AS last
            """;

    private static final String PROVIDER_REQUESTS = """
            WITH old AS (
                SELECT id, created_at AS at FROM provider_requests
                WHERE created_at < $1 AND created_at >= $2 AND (created_at, id) > ($2, $3)
                ORDER BY created_at, id LIMIT $4),
            gone AS (DELETE FROM provider_requests r USING old WHERE r.id = old.id RETURNING 1)
            SELECT (SELECT count(*) FROM old) AS seen, (SELECT count(*) FROM gone) AS deleted, last.at, last.id
            FROM (SELECT at, id FROM old ORDER BY at DESC, id DESC LIMIT 1) AS last
            """;

    /**
     * The event of a release match is also the memory that its collector was told of the listing: kept while the listing
     * is still being seen, or the same offer would be alerted again. Notifications go with their event.
     */
    private static final String EVENTS = """
            WITH old AS (
                SELECT id, type, watch_release_id, listing_id, created_at AS at FROM events
                WHERE created_at < $1 AND created_at >= $2 AND (created_at, id) > ($2, $3)
                ORDER BY created_at, id LIMIT $4),
            gone AS (
                DELETE FROM events e USING old
                WHERE e.id = old.id AND NOT (
                    old.type = 'NEW_MATCH' AND old.watch_release_id IS NOT NULL AND EXISTS (
                        SELECT 1 FROM listings l WHERE l.id = old.listing_id AND l.last_seen_at >= $1))
                RETURNING 1)
            SELECT (SELECT count(*) FROM old) AS seen, (SELECT count(*) FROM gone) AS deleted, last.at, last.id
            FROM (SELECT at, id FROM old ORDER BY at DESC, id DESC LIMIT 1) AS last
            """;

    /** The newest revision stays: from it an index that has just been loaded goes on. */
    private static final String WATCH_CHANGES = """
            WITH old AS (
                SELECT revision FROM watch_changes
                WHERE changed_at < $1 AND revision < (SELECT max(revision) FROM watch_changes)
                ORDER BY revision LIMIT $2),
            gone AS (DELETE FROM watch_changes c USING old WHERE c.revision = old.revision RETURNING 1)
            SELECT count(*) AS seen, count(*) AS deleted FROM gone
            """;

    private static final String IDEMPOTENCY_KEYS = """
            WITH old AS (
                SELECT user_id, route, key FROM idempotency_keys WHERE created_at < $1 ORDER BY created_at LIMIT $2),
            gone AS (
                DELETE FROM idempotency_keys k USING old
                WHERE k.user_id = old.user_id AND k.route = old.route AND k.key = old.key RETURNING 1)
            SELECT count(*) AS seen, count(*) AS deleted FROM gone
            """;

    private static final String QUARANTINED_ROWS = """
            WITH old AS (
                SELECT source, subject FROM quarantined_rows WHERE last_seen_at < $1 ORDER BY last_seen_at LIMIT $2),
            gone AS (
                DELETE FROM quarantined_rows q USING old
                WHERE q.source = old.source AND q.subject = old.subject RETURNING 1)
            SELECT count(*) AS seen, count(*) AS deleted FROM gone
            """;

    private static final String ACCOUNT_DELETIONS = """
            WITH old AS (
                SELECT notification_id FROM account_deletions WHERE handled_at < $1 ORDER BY handled_at LIMIT $2),
            gone AS (
                DELETE FROM account_deletions d USING old WHERE d.notification_id = old.notification_id RETURNING 1)
            SELECT count(*) AS seen, count(*) AS deleted FROM gone
            """;

    private static final UUID LOWEST_ID = new UUID(0, 0);
    private static final OffsetDateTime LONG_AGO = OffsetDateTime.of(1970, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

    /** What grows and is cut. */
    public enum Table {
        PRICE_SNAPSHOTS(RetentionStore.PRICE_SNAPSHOTS, true),
        PROVIDER_REQUESTS(RetentionStore.PROVIDER_REQUESTS, true),
        EVENTS(RetentionStore.EVENTS, true),
        WATCH_CHANGES(RetentionStore.WATCH_CHANGES, false),
        IDEMPOTENCY_KEYS(RetentionStore.IDEMPOTENCY_KEYS, false),
        QUARANTINED_ROWS(RetentionStore.QUARANTINED_ROWS, false),
        ACCOUNT_DELETIONS(RetentionStore.ACCOUNT_DELETIONS, false);

        private final String sql;
        /** Whether old rows may stay, so that a batch has to begin after the last. */
        private final boolean walked;

        Table(String sql, boolean walked) {
            this.sql = sql;
            this.walked = walked;
        }
    }

    /**
     * Where a walk through one table has come to. Some old rows stay for ever; without it each batch would start with them.
     *
     * @param at the time of the last row that was looked at
     * @param id its id
     */
    public record Position(OffsetDateTime at, UUID id) {

        /** Before every row. */
        public static Position start() {
            return new Position(LONG_AGO, LOWEST_ID);
        }
    }

    /**
     * What one batch did.
     *
     * @param seen old rows that were looked at; fewer than the limit means that the table is done
     * @param deleted those that are gone
     * @param reached where the next batch goes on
     */
    public record Batch(int seen, int deleted, Position reached) {}

    private final Database database;

    public RetentionStore(Database database) {
        this.database = database;
    }

    /**
     * Deletes one batch.
     *
     * @param age rows older than this go, by the clock of this process
     * @param limit rows that are looked at, at most
     * @return empty when another scheduler is at it
     */
    public Future<Optional<Batch>> deleteBatch(
            Table table, Duration age, OffsetDateTime now, Position from, int limit) {
        OffsetDateTime before = now.minus(age);
        Tuple parameters = table.walked ? Tuple.of(before, from.at(), from.id(), limit) : Tuple.of(before, limit);
        return database.transaction(connection -> connection
                .preparedQuery(LOCK)
                .execute(Tuple.of(RETENTION_LOCK))
                .compose(locked -> {
                    if (!locked.iterator().next().getBoolean(0)) {
                        return Future.succeededFuture(Optional.<Batch>empty());
                    }
                    return connection
                            .preparedQuery(table.sql)
                            .execute(parameters)
                            .map(rows -> {
                                var row = rows.iterator();
                                return Optional.of(row.hasNext() ? batch(row.next(), from) : new Batch(0, 0, from));
                            });
                }));
    }

    private static Batch batch(Row row, Position from) {
        Position reached =
                row.getColumnIndex("at") < 0 ? from : new Position(row.getOffsetDateTime("at"), row.getUUID("id"));
        return new Batch(row.getInteger("seen"), row.getInteger("deleted"), reached);
    }
}

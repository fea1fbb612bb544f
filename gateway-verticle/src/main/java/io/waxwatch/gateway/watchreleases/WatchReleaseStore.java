package io.waxwatch.gateway.watchreleases;

import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.database.Rows;
import io.waxwatch.common.matching.ReleaseWatch.Mode;
import io.waxwatch.gateway.http.ApiException;
import io.waxwatch.gateway.pagination.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A collector's watched releases. Writes {@code watch_releases}. */
public final class WatchReleaseStore {

    private static final String UNIQUE_VIOLATION = "23505";

    private static final String COLUMNS = """
            id, user_id, discogs_release_id, discogs_master_id, match_mode, title, artist, year, target_price, currency,
            min_condition, is_active, created_at, updated_at
            """;
    private static final String LIST = "SELECT " + COLUMNS + " FROM watch_releases WHERE user_id = $1 " + Page.FILTER;
    private static final String FIND = "SELECT " + COLUMNS + " FROM watch_releases WHERE id = $1 AND user_id = $2";
    /** Not FOR UPDATE: an ingest that stores an event of this release must not have to wait for us. */
    private static final String LOCK = FIND + " FOR NO KEY UPDATE";

    /** That which stands in the way of another: one watch for each release, and one for each master. */
    private static final String LOCK_RESTING = "SELECT " + COLUMNS + """
             FROM watch_releases
            WHERE user_id = $1 AND NOT is_active AND match_mode = $2
              AND CASE $2 WHEN 'master_release' THEN discogs_master_id = $4 ELSE discogs_release_id = $3 END
            FOR NO KEY UPDATE
            """;

    private static final String INSERT = """
            INSERT INTO watch_releases (id, user_id, discogs_release_id, discogs_master_id, match_mode, title, artist, year,
                target_price, currency, min_condition, is_active, imported_from_wantlist, imported_from_collection,
                created_at, updated_at)
            VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, false, false, now(), now())
            RETURNING
            """ + " " + COLUMNS;
    private static final String UPDATE = """
            UPDATE watch_releases
            SET discogs_release_id = $2, discogs_master_id = $3, match_mode = $4, title = $5, artist = $6, year = $7,
                target_price = $8, currency = $9, min_condition = $10, is_active = $11, updated_at = now()
            WHERE id = $1
            RETURNING
            """ + " " + COLUMNS;

    private static final String CURRENCY = "SELECT currency FROM users WHERE id = $1";
    private static final String REST_ALL = """
            UPDATE watch_releases SET is_active = false, updated_at = now() WHERE user_id = $1 AND is_active RETURNING id
            """;

    private final Database database;

    public WatchReleaseStore(Database database) {
        this.database = database;
    }

    Future<List<WatchRelease>> list(UUID userId, Page page) {
        return database.query(LIST, Tuple.of(userId, page.before(), page.beforeId(), page.limit(), page.offset()))
                .map(rows -> Rows.all(rows, WatchReleaseStore::release));
    }

    Future<Optional<WatchRelease>> find(UUID userId, UUID id) {
        return database.query(FIND, Tuple.of(id, userId)).map(WatchReleaseStore::first);
    }

    /** Reads a release and keeps other writers of it out until this transaction ends. */
    Future<Optional<WatchRelease>> lock(SqlConnection connection, UUID userId, UUID id) {
        return connection.preparedQuery(LOCK).execute(Tuple.of(id, userId)).map(WatchReleaseStore::first);
    }

    /** The owner's watch on the same release or master, if there is one that rests; kept until this transaction ends. */
    Future<Optional<WatchRelease>> lockResting(SqlConnection connection, UUID userId, ReleaseState state) {
        return connection
                .preparedQuery(LOCK_RESTING)
                .execute(Tuple.of(userId, state.mode().wireName(), state.releaseId(), state.masterId()))
                .map(WatchReleaseStore::first);
    }

    /** Fails with 409 when the owner watches it already. */
    Future<WatchRelease> insert(SqlConnection connection, UUID userId, ReleaseState state) {
        return write(connection, INSERT, userId, state);
    }

    /** Fails with 409 when another of the owner's watches is on the same release. */
    Future<WatchRelease> update(SqlConnection connection, UUID id, ReleaseState state) {
        return write(connection, UPDATE, id, state);
    }

    /** The currency of the user's profile; empty for none. */
    Future<Optional<String>> currency(SqlConnection connection, UUID userId) {
        return connection
                .preparedQuery(CURRENCY)
                .execute(Tuple.of(userId))
                .map(rows -> Rows.first(rows, row -> Optional.ofNullable(row.getString(0)))
                        .flatMap(stored -> stored));
    }

    /** Lays every active watch of this user to rest, and tells which. */
    public Future<List<UUID>> restAll(SqlConnection connection, UUID userId) {
        return connection.preparedQuery(REST_ALL).execute(Tuple.of(userId)).map(rows -> {
            var ids = new ArrayList<UUID>();
            rows.forEach(row -> ids.add(row.getUUID(0)));
            return ids;
        });
    }

    private static Future<WatchRelease> write(SqlConnection connection, String sql, UUID key, ReleaseState state) {
        return connection
                .preparedQuery(sql)
                .execute(Tuple.from(new Object[] {
                    key,
                    state.releaseId(),
                    state.masterId(),
                    state.mode().wireName(),
                    state.title(),
                    state.artist(),
                    state.year(),
                    state.targetPrice(),
                    state.currency(),
                    state.minCondition(),
                    state.active()
                }))
                .map(rows -> first(rows).orElseThrow())
                .recover(cause -> Future.failedFuture(
                        cause instanceof PgException pg && UNIQUE_VIOLATION.equals(pg.getSqlState())
                                ? ApiException.http(409, "Watch release already exists")
                                : cause));
    }

    private static Optional<WatchRelease> first(RowSet<Row> rows) {
        return Rows.first(rows, WatchReleaseStore::release);
    }

    private static WatchRelease release(Row row) {
        return new WatchRelease(
                row.getUUID(0),
                row.getUUID(1),
                new ReleaseState(
                        row.getLong(2),
                        row.getLong(3),
                        Mode.fromWireName(row.getString(4)).orElseThrow(),
                        row.getString(5),
                        row.getString(6),
                        row.getInteger(7),
                        row.getBigDecimal(8),
                        row.getString(9),
                        row.getString(10),
                        row.getBoolean(11)),
                row.getOffsetDateTime(12),
                row.getOffsetDateTime(13));
    }
}

package io.waxwatch.provider.discogs.imports;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Rows;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * Watch releases that come from a collector's shelf. What the collector decided stays: a disabled watch is not enabled, a
 * watch of a master is not narrowed, what was written is not overwritten; only gaps are filled and the source is noted.
 * Writes {@code watch_releases}, beside the gateway's store.
 */
final class ImportedReleaseStore {

    /** Rows that would not change are not touched and not returned. */
    private static final String STORE = """
            WITH item AS (
                SELECT * FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::int[])
                    AS i (release_id, master_id, title, artist, year)),
            master AS (
                UPDATE watch_releases w
                SET imported_from_wantlist = w.imported_from_wantlist OR $7,
                    imported_from_collection = w.imported_from_collection OR $8, updated_at = now()
                FROM item
                WHERE w.user_id = $1 AND w.discogs_release_id = item.release_id AND w.match_mode = 'master_release'
                  AND NOT (w.imported_from_wantlist >= $7 AND w.imported_from_collection >= $8))
            INSERT INTO watch_releases AS w (id, user_id, discogs_release_id, discogs_master_id, match_mode, title, artist, year,
                currency, is_active, imported_from_wantlist, imported_from_collection, created_at, updated_at)
            SELECT gen_random_uuid(), $1, i.release_id, i.master_id, 'exact_release', i.title, i.artist, i.year, 'USD', true,
                   $7, $8, now(), now()
            FROM item i
            WHERE NOT EXISTS (SELECT 1 FROM watch_releases m WHERE m.user_id = $1 AND m.discogs_release_id = i.release_id
                                AND m.match_mode = 'master_release')
            ORDER BY i.release_id
            ON CONFLICT (user_id, discogs_release_id) WHERE match_mode = 'exact_release' DO UPDATE SET
                discogs_master_id = coalesce(w.discogs_master_id, excluded.discogs_master_id),
                artist = coalesce(w.artist, excluded.artist), year = coalesce(w.year, excluded.year),
                imported_from_wantlist = w.imported_from_wantlist OR $7,
                imported_from_collection = w.imported_from_collection OR $8, updated_at = now()
            WHERE NOT (w.imported_from_wantlist >= $7 AND w.imported_from_collection >= $8)
               OR (w.discogs_master_id IS NULL AND excluded.discogs_master_id IS NOT NULL)
               OR (w.artist IS NULL AND excluded.artist IS NOT NULL) OR (w.year IS NULL AND excluded.year IS NOT NULL)
            RETURNING id, discogs_release_id, xmax = 0
            """;

    private static final String COUNT = "SELECT count(*) FROM watch_releases WHERE user_id = $1";

    /**
     * A watch that the import changed.
     *
     * @param created whether it is new
     */
    record Touched(UUID id, long releaseId, boolean created) {}

    /** How many releases the user watches, resting ones included; of a user whose account is held. */
    Future<Long> count(SqlConnection connection, UUID userId) {
        return connection
                .preparedQuery(COUNT)
                .execute(Tuple.of(userId))
                .map(rows -> rows.iterator().next().getLong(0));
    }

    /** Stores the items of one page, no release twice among them. */
    Future<List<Touched>> store(SqlConnection connection, UUID userId, ShelfSource source, List<ShelfItem> items) {
        if (items.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        return connection
                .preparedQuery(STORE)
                .execute(Tuple.of(userId)
                        .addValue(column(items, ShelfItem::releaseId, new Long[0]))
                        .addValue(column(items, ShelfItem::masterId, new Long[0]))
                        .addValue(column(items, ShelfItem::title, new String[0]))
                        .addValue(column(items, ShelfItem::artist, new String[0]))
                        .addValue(column(items, ShelfItem::year, new Integer[0]))
                        .addBoolean(source == ShelfSource.WANTLIST)
                        .addBoolean(source == ShelfSource.COLLECTION))
                .map(rows -> Rows.all(rows, row -> new Touched(row.getUUID(0), row.getLong(1), row.getBoolean(2))));
    }

    private static <T> T[] column(List<ShelfItem> items, Function<ShelfItem, T> field, T[] type) {
        return items.stream().map(field).toArray(size -> java.util.Arrays.copyOf(type, size));
    }
}

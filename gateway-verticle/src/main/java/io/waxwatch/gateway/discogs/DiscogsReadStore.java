package io.waxwatch.gateway.discogs;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.database.Rows;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What a caller can see of their Discogs account; it writes nothing, the provider does. */
final class DiscogsReadStore {

    private static final String STATUS = """
            SELECT external_user_id, connected_at, access_token IS NOT NULL,
                   (SELECT waiting_reason FROM import_jobs
                    WHERE user_id = $1 AND provider = 'discogs' AND status IN ('pending', 'running')
                      AND waiting_reason IS NOT NULL
                    ORDER BY updated_at DESC LIMIT 1)
            FROM external_account_links WHERE user_id = $1 AND provider = 'discogs'
            """;
    private static final String JOB = """
            SELECT id, user_id, import_scope, status, cursor, page, processed_count, imported_count, created_count,
                   updated_count, error_count,
                   CASE WHEN errors <> 'null' THEN jsonb_path_query_array(errors, '$[*] ? (@.type() == "object")')::text END,
                   started_at, completed_at, created_at, updated_at, waiting_reason
            FROM import_jobs WHERE id = $1 AND user_id = $2 AND provider = 'discogs'
            """;
    private static final String OF_SOURCE = """
            AND CASE $2 WHEN 'wantlist' THEN imported_from_wantlist ELSE imported_from_collection END
            """;
    private static final String ITEMS = """
            SELECT id, discogs_release_id, discogs_master_id, title, artist, year FROM watch_releases
            WHERE user_id = $1 AND is_active
            """ + OF_SOURCE + "ORDER BY updated_at DESC, id DESC LIMIT $3 OFFSET $4";
    private static final String ITEM = """
            SELECT discogs_release_id FROM watch_releases WHERE user_id = $1 AND id = $3 AND is_active
            """ + OF_SOURCE;

    private final Database database;

    DiscogsReadStore(Database database) {
        this.database = database;
    }

    Future<DiscogsLinkStatus> status(UUID userId) {
        return database.query(STATUS, Tuple.of(userId))
                .map(rows -> Rows.first(
                                rows,
                                row -> new DiscogsLinkStatus(
                                        row.getString(0),
                                        row.getOffsetDateTime(1),
                                        row.getBoolean(2),
                                        row.getString(3)))
                        .orElse(DiscogsLinkStatus.NONE));
    }

    Future<Optional<ImportJob>> job(UUID userId, UUID jobId) {
        return database.query(JOB, Tuple.of(jobId, userId)).map(rows -> Rows.first(rows, DiscogsReadStore::job));
    }

    Future<List<ImportedItem>> items(UUID userId, String source, int limit, long offset) {
        return database.query(ITEMS, Tuple.of(userId, source, limit, offset))
                .map(rows -> Rows.all(
                        rows,
                        row -> new ImportedItem(
                                row.getUUID(0),
                                row.getLong(1),
                                row.getLong(2),
                                row.getString(3),
                                row.getString(4),
                                row.getInteger(5))));
    }

    /** The release of an imported item. */
    Future<Optional<Long>> release(UUID userId, String source, UUID watchReleaseId) {
        return database.query(ITEM, Tuple.of(userId, source, watchReleaseId))
                .map(rows -> Rows.first(rows, row -> row.getLong(0)));
    }

    private static ImportJob job(Row row) {
        return new ImportJob(
                row.getUUID(0),
                row.getUUID(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getInteger(5),
                new ImportJob.Counts(
                        row.getInteger(6), row.getInteger(7), row.getInteger(8), row.getInteger(9), row.getInteger(10)),
                row.getString(11),
                row.getOffsetDateTime(12),
                row.getOffsetDateTime(13),
                row.getOffsetDateTime(14),
                row.getOffsetDateTime(15),
                row.getString(16));
    }
}

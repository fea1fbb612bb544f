package io.waxwatch.provider.ebay;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.database.Rows;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;

/** How far each sweep has read. Writes {@code sweep_progress}. */
final class SweepProgressStore {

    private static final String FIND =
            "SELECT complete_until, gap_since, gap_offset FROM sweep_progress WHERE poll_id = $1";

    private static final String SAVE = """
            INSERT INTO sweep_progress (poll_id, complete_until, gap_since, gap_offset) VALUES ($1, $2, $3, $4)
            ON CONFLICT (poll_id) DO UPDATE SET complete_until = excluded.complete_until, gap_since = excluded.gap_since,
                gap_offset = excluded.gap_offset
            """;

    private static final String MISSED = """
            UPDATE sweep_progress SET missed_from = $2, missed_until = $3, looked_again = false WHERE poll_id = $1
            """;

    private final Database database;

    SweepProgressStore(Database database) {
        this.database = database;
    }

    /** Empty for one that never ended. */
    Future<Optional<SweepProgress>> find(UUID poll) {
        return database.query(FIND, Tuple.of(poll))
                .map(rows -> Rows.first(
                        rows,
                        row -> new SweepProgress(
                                row.getOffsetDateTime(0),
                                row.getOffsetDateTime(1),
                                row.getInteger(2) == null ? 0 : row.getInteger(2))));
    }

    Future<Void> save(SqlConnection connection, UUID poll, SweepProgress progress) {
        return connection
                .preparedQuery(SAVE)
                .execute(Tuple.of(
                        poll,
                        progress.completeUntil(),
                        progress.gapSince(),
                        progress.hasGap() ? progress.gapOffset() : null))
                .mapEmpty();
    }

    /** Something that was listed in this time could not be read any more. */
    Future<Void> missed(SqlConnection connection, UUID poll, OffsetDateTime from, OffsetDateTime until) {
        return connection
                .preparedQuery(MISSED)
                .execute(Tuple.of(poll, from, until))
                .mapEmpty();
    }
}

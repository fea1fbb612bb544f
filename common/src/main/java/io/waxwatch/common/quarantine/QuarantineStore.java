package io.waxwatch.common.quarantine;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import java.util.UUID;

/** What could not be stored or worked on. Writes {@code quarantined_rows}. */
final class QuarantineStore {

    /** Enough to see what is wrong; more of the same would tell nobody more. */
    private static final int MOST = 10_000;

    private static final String KEEP = """
            INSERT INTO quarantined_rows AS q (source, subject, user_id, reason, body, times, first_seen_at, last_seen_at)
            SELECT $1, $2, $3, $4, $5, 1, now(), now()
            WHERE (SELECT count(*) FROM quarantined_rows) < %d
            ON CONFLICT (source, subject) DO UPDATE SET
                reason = excluded.reason, body = excluded.body, times = q.times + 1, last_seen_at = excluded.last_seen_at
            """.formatted(MOST);

    private final Database database;

    QuarantineStore(Database database) {
        this.database = database;
    }

    Future<Void> keep(String source, String subject, UUID userId, String reason, String body) {
        return database.query(KEEP, Tuple.of(source, subject, userId, reason, body))
                .mapEmpty();
    }
}

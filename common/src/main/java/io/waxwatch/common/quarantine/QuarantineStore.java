package io.waxwatch.common.quarantine;

import io.vertx.core.Future;
import io.vertx.core.json.Json;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.SqlResult;
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

    /** Offers are kept as the marketplace told them, in compact JSON; the name is looked for as a text of it. */
    private static final String FORGET_SELLER = """
            DELETE FROM quarantined_rows
            WHERE source = 'listing' AND starts_with(subject, $1::text || ' ')
                AND (strpos(lower(body), lower($2::text)) > 0 OR strpos(lower(body), lower($3::text)) > 0)
            """;

    private final Database database;

    QuarantineStore(Database database) {
        this.database = database;
    }

    Future<Void> keep(String source, String subject, UUID userId, String reason, String body) {
        return database.query(KEEP, Tuple.of(source, subject, userId, reason, body))
                .mapEmpty();
    }

    static Future<Integer> forgetSeller(SqlConnection connection, String provider, String name, String id) {
        return connection
                .preparedQuery(FORGET_SELLER)
                .execute(Tuple.of(provider, quoted(name), quoted(id)))
                .map(SqlResult::rowCount);
    }

    /** With its quotes, so that a short name is not found within another. */
    private static String quoted(String name) {
        return name == null ? null : Json.encode(name);
    }
}

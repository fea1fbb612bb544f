package io.waxwatch.common.watches;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** New or changed rules that have not yet looked over the stored listings. Writes {@code rule_first_looks}. */
public final class FirstLooks {

    private static final String REQUEST = """
            INSERT INTO rule_first_looks (rule_id, next_due) VALUES ($1, now())
            ON CONFLICT (rule_id) DO UPDATE SET next_due = now(), fence = rule_first_looks.fence + 1
            """;
    private static final String CLAIM = """
            UPDATE rule_first_looks SET next_due = now() + make_interval(secs => $1::double precision), fence = fence + 1
            WHERE rule_id = (SELECT rule_id FROM rule_first_looks WHERE next_due <= now()
                             ORDER BY next_due LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING rule_id, fence
            """;
    private static final String DONE = "DELETE FROM rule_first_looks WHERE rule_id = $1 AND fence = $2";

    /** A first look that is ours until its lease ends. */
    public record Claimed(UUID ruleId, long fence) {}

    /** Asks for a first look, in the transaction that writes the rule. */
    public Future<Void> request(SqlConnection connection, UUID ruleId) {
        return connection.preparedQuery(REQUEST).execute(Tuple.of(ruleId)).mapEmpty();
    }

    /** Claims one, if any is due. */
    public Future<Optional<Claimed>> claim(Database database, Duration lease) {
        return database.query(CLAIM, Tuple.of(lease.toMillis() / 1000.0)).map(rows -> {
            var row = rows.iterator();
            return row.hasNext()
                    ? Optional.of(row.next()).map(r -> new Claimed(r.getUUID(0), r.getLong(1)))
                    : Optional.empty();
        });
    }

    /** Ends it, in the transaction of its matches; false when it was no longer ours, then roll back. */
    public Future<Boolean> done(SqlConnection connection, Claimed look) {
        return connection
                .preparedQuery(DONE)
                .execute(Tuple.of(look.ruleId(), look.fence()))
                .map(rows -> rows.rowCount() > 0);
    }
}

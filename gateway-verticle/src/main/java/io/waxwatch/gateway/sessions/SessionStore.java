package io.waxwatch.gateway.sessions;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Iterator;
import java.util.Optional;

/** The browser sessions. Writes {@code browser_sessions}. */
final class SessionStore {

    private static final String FIND =
            "SELECT tokens, refresh_at, version FROM browser_sessions WHERE id = $1 AND expires_at > now()";
    /** Makes room for the new one: each sign-in takes a few of the ended ones away. */
    private static final String CREATE = """
            WITH ended AS (
              DELETE FROM browser_sessions WHERE id IN (
                SELECT id FROM browser_sessions WHERE expires_at <= now() LIMIT 50 FOR UPDATE SKIP LOCKED))
            INSERT INTO browser_sessions (id, tokens, refresh_at, version, expires_at, created_at)
            VALUES ($1, $2, $3, 1, $4, now())
            """;

    private static final String CLAIM = """
            UPDATE browser_sessions SET refreshing_until = now() + make_interval(secs => $3)
            WHERE id = $1 AND version = $2 AND (refreshing_until IS NULL OR refreshing_until < now())
            RETURNING version
            """;
    private static final String RELEASE =
            "UPDATE browser_sessions SET refreshing_until = NULL WHERE id = $1 AND version = $2";
    private static final String REPLACE = """
            UPDATE browser_sessions SET tokens = $3, refresh_at = $4, version = version + 1, refreshing_until = NULL
            WHERE id = $1 AND version = $2
            """;
    private static final String DELETE = "DELETE FROM browser_sessions WHERE id = $1";

    /**
     * A session as stored.
     *
     * @param tokens sealed
     * @param version grows with each refresh
     */
    record Stored(Buffer tokens, Instant refreshAt, long version) {}

    private final Database database;

    SessionStore(Database database) {
        this.database = database;
    }

    /** Empty for one that never was, was ended or has expired. */
    Future<Optional<Stored>> find(Buffer id) {
        return database.query(FIND, Tuple.of(id)).map(rows -> {
            Iterator<Row> row = rows.iterator();
            return row.hasNext() ? Optional.of(stored(row.next())) : Optional.empty();
        });
    }

    Future<Void> create(Buffer id, Buffer tokens, Instant refreshAt, Instant expiresAt) {
        return database.query(CREATE, Tuple.of(id, tokens, at(refreshAt), at(expiresAt)))
                .mapEmpty();
    }

    /** Takes the right to refresh, for so long; false when another gateway has it, or is done. */
    Future<Boolean> claim(Buffer id, long version, Duration lease) {
        return database.query(CLAIM, Tuple.of(id, version, (double) lease.toSeconds()))
                .map(rows -> rows.size() == 1);
    }

    Future<Void> release(Buffer id, long version) {
        return database.query(RELEASE, Tuple.of(id, version)).mapEmpty();
    }

    Future<Void> replace(Buffer id, long version, Buffer tokens, Instant refreshAt) {
        return database.query(REPLACE, Tuple.of(id, version, tokens, at(refreshAt)))
                .mapEmpty();
    }

    Future<Void> delete(Buffer id) {
        return database.query(DELETE, Tuple.of(id)).mapEmpty();
    }

    private static Stored stored(Row row) {
        return new Stored(row.getBuffer(0), row.getOffsetDateTime(1).toInstant(), row.getLong(2));
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}

package io.waxwatch.gateway.sessions;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.database.Rows;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/** The browser sessions. Writes {@code browser_sessions}. */
final class SessionStore {

    /** No sign-out and no deletion of the account since. Asked by whatever would let the session live on. */
    private static final String STANDS = """
            NOT EXISTS (
              SELECT FROM token_cutoffs c
              WHERE c.user_id = s.user_id AND greatest(c.signed_out_at, c.deleted_at) > s.signed_in_at)
            """;

    private static final String FIND = """
            SELECT tokens, refresh_at, version FROM browser_sessions s
            WHERE id = $1 AND expires_at > now() AND\s""" + STANDS;
    /** Makes room for the new one: each sign-in takes a few of the ended ones away. */
    private static final String CREATE = """
            WITH ended AS (
              DELETE FROM browser_sessions WHERE id IN (
                SELECT id FROM browser_sessions WHERE expires_at <= now() LIMIT 50 FOR UPDATE SKIP LOCKED))
            INSERT INTO browser_sessions
              (id, user_id, signed_in_at, tokens, refresh_at, version, expires_at, created_at)
            SELECT $1::bytea, s.user_id, s.signed_in_at, $4::bytea, $5::timestamptz, 1, $6::timestamptz, now()
            FROM (VALUES ($2::uuid, least($3::timestamptz, now()))) AS s (user_id, signed_in_at)
            WHERE\s""" + STANDS + " RETURNING id";

    private static final String CLAIM = """
            UPDATE browser_sessions s SET refreshing_until = now() + make_interval(secs => $3)
            WHERE id = $1 AND version = $2 AND (refreshing_until IS NULL OR refreshing_until < now()) AND\s""" + STANDS + " RETURNING version";
    private static final String REPLACE = """
            UPDATE browser_sessions s
            SET tokens = $3, refresh_at = $4, version = version + 1, refreshing_until = NULL
            WHERE id = $1 AND version = $2 AND\s""" + STANDS + " RETURNING version";
    private static final String DELETE = "DELETE FROM browser_sessions WHERE id = $1";

    /**
     * A session as stored.
     *
     * @param tokens sealed
     * @param version grows with each attempt at a refresh
     */
    record Stored(Buffer tokens, Instant refreshAt, long version) {}

    private final Database database;

    SessionStore(Database database) {
        this.database = database;
    }

    /** Empty for one that never was, was ended or has expired. */
    Future<Optional<Stored>> find(Buffer id) {
        return database.query(FIND, Tuple.of(id)).map(rows -> Rows.first(rows, SessionStore::stored));
    }

    /**
     * Stores a new one.
     *
     * @param tokens sealed; whose they are and when they were issued is stored beside
     * @return false when the user has signed out since the tokens were issued
     */
    Future<Boolean> create(Buffer id, SessionTokens whose, Buffer tokens, Instant refreshAt, Instant expiresAt) {
        return isDone(CREATE, Tuple.of(id, whose.userId(), at(whose.issuedAt()), tokens, at(refreshAt), at(expiresAt)));
    }

    /** Takes the right to refresh, for so long; false when another gateway has it, or is done, or the session is over. */
    Future<Boolean> claim(Buffer id, long version, Duration lease) {
        return isDone(CLAIM, Tuple.of(id, version, (double) lease.toSeconds()));
    }

    /** What came of a refresh; false when another gateway was ahead, or the session is over. */
    Future<Boolean> replace(Buffer id, long version, Buffer tokens, Instant refreshAt) {
        return isDone(REPLACE, Tuple.of(id, version, tokens, at(refreshAt)));
    }

    Future<Void> delete(Buffer id) {
        return database.query(DELETE, Tuple.of(id)).mapEmpty();
    }

    private Future<Boolean> isDone(String sql, Tuple parameters) {
        return database.query(sql, parameters).map(rows -> rows.size() == 1);
    }

    private static Stored stored(Row row) {
        return new Stored(row.getBuffer(0), row.getOffsetDateTime(1).toInstant(), row.getLong(2));
    }

    private static OffsetDateTime at(Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}

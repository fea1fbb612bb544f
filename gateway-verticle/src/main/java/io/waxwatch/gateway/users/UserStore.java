package io.waxwatch.gateway.users;

import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.database.Rows;
import io.waxwatch.gateway.auth.Caller;
import io.waxwatch.gateway.users.Users.Account;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;

/**
 * The rows of users: whether there is one and how it stands, its birth and its end. Writes {@code users}, but for what the
 * profile shows, and {@code token_cutoffs}.
 */
public final class UserStore {

    private static final String ACCOUNT = """
            SELECT u.is_active, c.signed_out_at, c.deleted_at, u.email, u.email_source, u.email_issued_at
            FROM (VALUES ($1::uuid)) AS caller (id)
            LEFT JOIN users u ON u.id = caller.id
            LEFT JOIN token_cutoffs c ON c.user_id = caller.id
            """;
    /** No conflict target: the id or the address may be taken, and either way the row is read again. */
    private static final String CREATE = """
            INSERT INTO users (id, email, email_source, email_issued_at, hashed_password, is_active, created_at, updated_at)
            VALUES ($1, $2, $3, $4, '__dev_stub__', true, now(), now())
            ON CONFLICT DO NOTHING
            """;
    /** Takes the address from whoever had it by an older token; which token of theirs was the last stays as it is. */
    private static final String SUPERSEDE = """
            UPDATE users
            SET email = 'dev+' || id || '@waxwatch.dev', email_source = 'superseded', updated_at = now()
            WHERE email = $2 AND id <> $1
              AND (email_issued_at IS NULL OR email_issued_at <= $3::timestamptz)
            """;
    /** Gives the address, or what is made up where somebody has it by a later token. */
    private static final String CHANGE_EMAIL = """
            UPDATE users u
            SET email = CASE WHEN o.id IS NULL THEN $2 ELSE $5 END,
                email_source = CASE WHEN o.id IS NULL THEN $3 ELSE 'superseded' END,
                email_issued_at = $4, updated_at = now()
            FROM (VALUES ($1::uuid)) AS mine (id)
            LEFT JOIN users o ON o.email = $2 AND o.id <> mine.id
            WHERE u.id = mine.id AND (u.email_issued_at IS NULL OR u.email_issued_at < $4)
            """;

    private static final String HOLD = "SELECT is_active FROM users WHERE id = $1 FOR SHARE";
    private static final String DEACTIVATE =
            "UPDATE users SET is_active = false, updated_at = now() WHERE id = $1 AND is_active RETURNING updated_at";
    /** Everything owned goes with it, by foreign keys. Who stands for the system is nobody's account. */
    private static final String DELETE = """
            WITH gone AS (
                DELETE FROM users WHERE id = $1 AND id <> '00000000-0000-0000-0000-000000000001' RETURNING id)
            INSERT INTO token_cutoffs (user_id, deleted_at) SELECT id, now() FROM gone
            ON CONFLICT (user_id) DO UPDATE SET deleted_at = excluded.deleted_at
            RETURNING deleted_at
            """;
    /** Two sign-outs leave the later one. */
    private static final String SIGN_OUT = """
            INSERT INTO token_cutoffs AS c (user_id, signed_out_at) VALUES ($1, greatest(now(), $2::timestamptz))
            ON CONFLICT (user_id) DO UPDATE SET signed_out_at = greatest(c.signed_out_at, excluded.signed_out_at)
            RETURNING now(), signed_out_at
            """;

    private static final String UNIQUE_VIOLATION = "23505";

    private final Database database;

    public UserStore(Database database) {
        this.database = database;
    }

    /** What a sign-out stored: when it was, and from when on tokens count again. */
    public record SignOut(OffsetDateTime at, OffsetDateTime invalidateBefore) {}

    Future<Account> account(UUID userId) {
        return database.query(ACCOUNT, Tuple.of(userId))
                .map(rows -> account(rows.iterator().next()));
    }

    /** Makes the row, with the token's address, which is then nobody else's. */
    Future<Account> create(Caller caller) {
        KnownEmail first = KnownEmail.first(caller);
        return insert(caller, first)
                .compose(account -> account.active().isPresent()
                                || !first.source().isReal()
                        ? Future.succeededFuture(account)
                        // The address was somebody's.
                        : insert(caller, new KnownEmail(KnownEmail.madeUp(caller.userId()), EmailSource.NONE, null))
                                .compose(made -> change(caller, first)));
    }

    private Future<Account> insert(Caller caller, KnownEmail email) {
        return database.query(
                        CREATE,
                        Tuple.of(
                                caller.userId(), email.address(), email.source().wireName(), at(email.issuedAt())))
                .compose(done -> account(caller.userId()));
    }

    /**
     * Writes what a token has changed about the address, unless a later one was here first. Two users who change places meet in another
     * order each; one of them is undone, and done again.
     */
    Future<Account> change(Caller caller, KnownEmail email) {
        UUID id = caller.userId();
        OffsetDateTime issuedAt = at(email.issuedAt());
        return database.repeatedTransaction(connection -> connection
                        .preparedQuery(SUPERSEDE)
                        .execute(Tuple.of(id, email.address(), issuedAt))
                        .compose(freed -> connection
                                .preparedQuery(CHANGE_EMAIL)
                                .execute(Tuple.of(
                                        id,
                                        email.address(),
                                        email.source().wireName(),
                                        issuedAt,
                                        KnownEmail.madeUp(id)))))
                .<Void>mapEmpty()
                // Somebody else has got the address meanwhile; which of the two tokens is later is seen at the next
                // look.
                .recover(cause -> isTaken(cause) ? Future.succeededFuture() : Future.failedFuture(cause))
                .compose(changed -> account(id));
    }

    private static boolean isTaken(Throwable cause) {
        return cause instanceof PgException pg && UNIQUE_VIOLATION.equals(pg.getSqlState());
    }

    /**
     * Whether the account is active; empty for none. Until this transaction ends it neither ends nor is deleted: else what
     * is written for it could outlive it.
     */
    public Future<Optional<Boolean>> hold(SqlConnection connection, UUID userId) {
        return connection
                .preparedQuery(HOLD)
                .execute(Tuple.of(userId))
                .map(rows -> Rows.first(rows, row -> row.getBoolean(0)));
    }

    /** Deactivates the account, and keeps changes of its watches out until this transaction ends; empty if it was not active. */
    public Future<Optional<OffsetDateTime>> deactivate(SqlConnection connection, UUID userId) {
        return connection.preparedQuery(DEACTIVATE).execute(Tuple.of(userId)).map(UserStore::time);
    }

    /** Whether there is a row, active or not. */
    public Future<Boolean> exists(SqlConnection connection, UUID userId) {
        return connection
                .preparedQuery(ACCOUNT)
                .execute(Tuple.of(userId))
                .map(rows -> account(rows.iterator().next()).active().isPresent());
    }

    /** Deletes the row and all that is owned, and remembers when; empty if there is none. */
    public Future<Optional<OffsetDateTime>> delete(UUID userId) {
        return database.query(DELETE, Tuple.of(userId)).map(UserStore::time);
    }

    /**
     * Refuses the tokens issued until now, on every gateway within {@link Users#KEEP}; needs no row.
     *
     * @param atLeast also those issued before this moment; null for none
     */
    public Future<SignOut> signOut(UUID userId, OffsetDateTime atLeast) {
        return database.query(SIGN_OUT, Tuple.of(userId, atLeast)).map(rows -> {
            Row row = rows.iterator().next();
            return new SignOut(row.getOffsetDateTime(0), row.getOffsetDateTime(1));
        });
    }

    private static Account account(Row row) {
        return new Account(
                Optional.ofNullable(row.getBoolean(0)),
                instant(row.getOffsetDateTime(1)),
                instant(row.getOffsetDateTime(2)),
                row.getString(3) == null
                        ? null
                        : new KnownEmail(
                                row.getString(3), EmailSource.of(row.getString(4)), instant(row.getOffsetDateTime(5))));
    }

    private static OffsetDateTime at(Instant time) {
        return time == null ? null : time.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    private static Optional<OffsetDateTime> time(RowSet<Row> rows) {
        return Rows.first(rows, row -> row.getOffsetDateTime(0));
    }
}

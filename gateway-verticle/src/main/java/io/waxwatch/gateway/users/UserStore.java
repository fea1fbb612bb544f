package io.waxwatch.gateway.users;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.gateway.auth.Caller;
import io.waxwatch.gateway.users.Users.Standing;
import java.util.UUID;
import java.util.regex.Pattern;

/** Reads and makes user rows. Writes {@code users}. */
public final class UserStore {

    private static final String STANDING = "SELECT is_active FROM users WHERE id = $1";
    /** No conflict target: the id or the address may be taken, and either way the row is read again. */
    private static final String CREATE = """
            INSERT INTO users (id, email, hashed_password, is_active, created_at, updated_at)
            VALUES ($1, $2, '__dev_stub__', true, now(), now())
            ON CONFLICT DO NOTHING
            """;

    /** Good enough to send a mail to; whether it is the user's own is the issuer's business. */
    private static final Pattern EMAIL = Pattern.compile("[^@\\s\\x00]{1,64}@[^@\\s\\x00]{1,255}");

    private final Database database;

    public UserStore(Database database) {
        this.database = database;
    }

    Future<Standing> standing(UUID userId) {
        return database.query(STANDING, Tuple.of(userId)).map(UserStore::standing);
    }

    /** Makes the row, with the token's address unless that is missing or somebody else's. */
    Future<Standing> create(Caller caller) {
        String fallback = "dev+" + caller.userId() + "@waxwatch.dev";
        String email = caller.email() != null && EMAIL.matcher(caller.email()).matches() ? caller.email() : fallback;
        return database.query(CREATE, Tuple.of(caller.userId(), email))
                .compose(done -> standing(caller.userId()))
                .compose(standing -> standing == Standing.STRANGER
                        ? database.query(CREATE, Tuple.of(caller.userId(), fallback))
                                .compose(done -> standing(caller.userId()))
                        : Future.succeededFuture(standing));
    }

    private static Standing standing(RowSet<Row> rows) {
        var row = rows.iterator();
        if (!row.hasNext()) {
            return Standing.STRANGER;
        }
        return row.next().getBoolean(0) ? Standing.ACTIVE : Standing.INACTIVE;
    }
}

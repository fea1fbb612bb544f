package io.waxwatch.common.outbox;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;

/**
 * The addresses that get no mail any more, because their mailbox refused one for good. The address is suppressed, not its user: who
 * changes it gets mails again. {@link NotificationStore} and the profile read it by {@code lower(email)}. Writes {@code
 * suppressed_addresses}.
 */
public final class SuppressedAddresses {

    private static final int REASON_LENGTH = 300;

    /** The first reason stays: later ones only repeat it. */
    private static final String ADD = """
            INSERT INTO suppressed_addresses (address, reason, suppressed_at) VALUES (lower($1::text), left($2, %d), now())
            ON CONFLICT (address) DO NOTHING
            """.formatted(REASON_LENGTH);

    private static final String LIFT = "DELETE FROM suppressed_addresses WHERE address = lower($1::text)";

    /**
     * No more mails to this address.
     *
     * @param reason for its owner and for operators
     */
    public Future<Void> add(Database database, String address, String reason) {
        return database.query(ADD, Tuple.of(address, reason)).mapEmpty();
    }

    /** Mails to this address are tried again. */
    public Future<Void> lift(Database database, String address) {
        return database.query(LIFT, Tuple.of(address)).mapEmpty();
    }
}

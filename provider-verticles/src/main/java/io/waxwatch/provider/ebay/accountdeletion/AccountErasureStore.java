package io.waxwatch.provider.ebay.accountdeletion;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.outbox.EventStore;
import io.waxwatch.common.quarantine.Quarantine;
import io.waxwatch.provider.ebay.client.EbayBodies.AccountDeletion;
import io.waxwatch.provider.listings.ListingStore;

/**
 * Forgets an eBay account, whole or not at all, and remembers that it did: a notification that comes again finds its id and changes
 * nothing. Writes {@code account_deletions}.
 */
final class AccountErasureStore {

    private static final String REMEMBER = """
            INSERT INTO account_deletions (notification_id, handled_at) VALUES ($1, now())
            ON CONFLICT (notification_id) DO NOTHING
            """;

    /**
     * What was done.
     *
     * @param repeated the notification had been handled before; nothing was touched
     * @param listings offers whose seller is forgotten
     * @param events entries of collectors' logs that named the seller
     * @param quarantined rows that were put aside and held the name
     */
    record Erased(boolean repeated, int listings, int events, int quarantined) {}

    private final Database database;
    private final ListingStore listings;
    private final EventStore events;

    AccountErasureStore(Database database, ListingStore listings, EventStore events) {
        this.database = database;
        this.listings = listings;
        this.events = events;
    }

    Future<Erased> erase(AccountDeletion account) {
        return database.repeatedTransaction(connection -> connection
                .preparedQuery(REMEMBER)
                .execute(Tuple.of(account.notificationId()))
                .compose(remembered -> remembered.rowCount() == 0
                        ? Future.succeededFuture(new Erased(true, 0, 0, 0))
                        : forget(connection, account)));
    }

    /** A seller is known by name, or, where eBay hides names, by the account's id. */
    private Future<Erased> forget(SqlConnection connection, AccountDeletion account) {
        String name = account.username();
        String id = account.userId();
        return listings.forgetSeller(connection, Provider.EBAY, name, id)
                .compose(ofListings -> events.forgetSeller(connection, Provider.EBAY, name, id)
                        .compose(ofEvents -> Quarantine.forgetSeller(connection, Provider.EBAY, name, id)
                                .map(rows -> new Erased(false, ofListings, ofEvents, rows))));
    }
}

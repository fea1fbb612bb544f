package io.waxwatch.gateway.outbound;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.database.Rows;
import java.util.Optional;
import java.util.UUID;

/** Who followed which listing. Writes {@code outbound_clicks}. */
final class ClickStore {

    private static final String URL = "SELECT url FROM listings WHERE id = $1 AND provider = 'ebay'";
    /** A listing that has gone meanwhile leaves no click. */
    private static final String CLICK = """
            INSERT INTO outbound_clicks (id, user_id, listing_id, provider, referrer, created_at)
            SELECT gen_random_uuid(), $1, id, provider, $3, now() FROM listings WHERE id = $2
            """;

    private final Database database;

    ClickStore(Database database) {
        this.database = database;
    }

    /** The stored address of a listing of eBay. */
    Future<Optional<String>> url(UUID listingId) {
        return database.query(URL, Tuple.of(listingId)).map(rows -> Rows.first(rows, row -> row.getString(0)));
    }

    /** @param referrer null for none */
    Future<Void> click(UUID userId, UUID listingId, String referrer) {
        return database.query(CLICK, Tuple.of(userId, listingId, referrer)).mapEmpty();
    }
}

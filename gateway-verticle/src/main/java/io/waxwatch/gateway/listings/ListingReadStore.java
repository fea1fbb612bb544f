package io.waxwatch.gateway.listings;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.listings.Listing;
import io.waxwatch.gateway.listings.ListingDetail.Price;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads a listing; who writes them is the provider's {@code ListingStore}. */
final class ListingReadStore {

    /** Most prices of one answer. */
    static final int MAX_HISTORY = 200;

    private static final String FIND = """
            SELECT %s, h.price AS past_price, h.currency AS past_currency, h.recorded_at
            FROM listings l LEFT JOIN LATERAL (
                SELECT s.price, s.currency, s.recorded_at FROM price_snapshots s WHERE s.listing_id = l.id
                ORDER BY s.recorded_at DESC LIMIT $2) AS h ON true
            WHERE l.id = $1
            ORDER BY h.recorded_at DESC
            """.formatted(Listing.COLUMNS);

    private final Database database;

    ListingReadStore(Database database) {
        this.database = database;
    }

    Future<Optional<ListingDetail>> find(UUID id) {
        return database.query(FIND, Tuple.of(id, MAX_HISTORY + 1)).map(ListingReadStore::detail);
    }

    private static Optional<ListingDetail> detail(RowSet<Row> rows) {
        Listing listing = null;
        List<Price> history = new ArrayList<>();
        for (Row row : rows) {
            listing = listing == null ? Listing.read(row) : listing;
            if (row.getOffsetDateTime("recorded_at") != null) {
                history.add(new Price(
                        row.getBigDecimal("past_price"),
                        row.getString("past_currency"),
                        row.getOffsetDateTime("recorded_at")));
            }
        }
        boolean complete = history.size() <= MAX_HISTORY;
        List<Price> shown = complete ? history : history.subList(0, MAX_HISTORY);
        return Optional.ofNullable(listing).map(found -> new ListingDetail(found, shown, complete));
    }
}

package io.waxwatch.common.listings;

import io.vertx.sqlclient.Row;
import io.waxwatch.common.matching.Offer;
import io.waxwatch.common.matching.Provider;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.UUID;

/**
 * A stored listing, as providers write and match it and collectors see it. Nullable: condition, seller, location and the two Discogs ids.
 *
 * @param price the fixed price, or the current bid of a pure auction
 * @param bid whether the price is a bid, which no bound is compared with
 * @param status {@code active}, {@code ended} or {@code unknown}
 */
public record Listing(
        UUID id,
        Provider provider,
        String externalId,
        String url,
        String title,
        BigDecimal price,
        boolean bid,
        String currency,
        String condition,
        String seller,
        String location,
        Long discogsReleaseId,
        Long discogsMasterId,
        String status,
        OffsetDateTime firstSeenAt,
        OffsetDateTime lastSeenAt) {

    /** What {@link #read} wants of the table {@code listings}, whose alias is {@code l}. */
    public static final String COLUMNS = """
            l.id AS listing_id, l.provider::text AS provider, l.external_id, l.url, l.title, l.price, l.price_kind,
            l.currency, l.condition, l.seller, l.location, l.discogs_release_id, l.discogs_master_id,
            l.status::text AS status, l.first_seen_at, l.last_seen_at""";

    /** A row with {@link #COLUMNS}. */
    public static Listing read(Row row) {
        return new Listing(
                row.getUUID("listing_id"),
                Provider.fromWireName(row.getString("provider")).orElseThrow(),
                row.getString("external_id"),
                row.getString("url"),
                row.getString("title"),
                row.getBigDecimal("price"),
                "bid".equals(row.getString("price_kind")),
                row.getString("currency"),
                row.getString("condition"),
                row.getString("seller"),
                row.getString("location"),
                row.getLong("discogs_release_id"),
                row.getLong("discogs_master_id"),
                row.getString("status"),
                row.getOffsetDateTime("first_seen_at"),
                row.getOffsetDateTime("last_seen_at"));
    }

    /** As matching sees it. */
    public Offer offer() {
        return Offer.ofListing(provider, title, price, bid, currency, condition, discogsReleaseId, discogsMasterId);
    }
}

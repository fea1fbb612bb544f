package io.waxwatch.gateway.listings;

import io.vertx.sqlclient.Row;
import io.waxwatch.common.listings.PublicUrl;
import io.waxwatch.common.matching.Offer;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.gateway.http.JsonWriter;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.UUID;

/**
 * A stored listing as collectors see it. Nullable: condition, seller, location and the two Discogs ids.
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

    /** One object. */
    public static void write(JsonWriter json, Listing listing) {
        json.startObject();
        listing.writeFields(json);
        json.endObject();
    }

    void writeFields(JsonWriter json) {
        json.uuid("id", id);
        json.text("provider", provider.wireName());
        json.text("external_id", externalId);
        json.text("title", title);
        json.text("url", url);
        json.text("public_url", PublicUrl.of(provider.wireName(), id, url));
        json.money("price", price);
        json.text("price_kind", bid ? "bid" : "fixed");
        json.text("currency", currency);
        json.text("condition", condition);
        json.text("seller", seller);
        json.text("location", location);
        json.whole("discogs_release_id", discogsReleaseId);
        json.whole("discogs_master_id", discogsMasterId);
        json.text("status", status);
        json.time("first_seen_at", firstSeenAt);
        json.time("last_seen_at", lastSeenAt);
    }
}

package io.waxwatch.gateway.development;

import io.vertx.sqlclient.Row;
import io.waxwatch.common.listings.PublicUrl;
import io.waxwatch.gateway.http.JsonWriter;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.UUID;

/** A listing as a developer sees it: all that is stored of it, but for the raw row. */
record IngestedListing(
        UUID id,
        String provider,
        String externalId,
        String url,
        String title,
        String normalizedTitle,
        BigDecimal price,
        String currency,
        String condition,
        String seller,
        String location,
        String status,
        Long discogsReleaseId,
        Long discogsMasterId,
        OffsetDateTime firstSeenAt,
        OffsetDateTime lastSeenAt) {

    static IngestedListing read(Row row) {
        return new IngestedListing(
                row.getUUID(0),
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getBigDecimal(6),
                row.getString(7),
                row.getString(8),
                row.getString(9),
                row.getString(10),
                row.getString(11),
                row.getLong(12),
                row.getLong(13),
                row.getOffsetDateTime(14),
                row.getOffsetDateTime(15));
    }

    void write(JsonWriter json) {
        json.startObject();
        json.uuid("id", id);
        json.text("provider", provider);
        json.text("external_id", externalId);
        json.text("url", url);
        json.text("title", title);
        json.text("normalized_title", normalizedTitle);
        json.money("price", price);
        json.text("currency", currency);
        json.text("condition", condition);
        json.text("seller", seller);
        json.text("location", location);
        json.text("status", status);
        json.whole("discogs_release_id", discogsReleaseId);
        json.whole("discogs_master_id", discogsMasterId);
        json.time("first_seen_at", firstSeenAt);
        json.time("last_seen_at", lastSeenAt);
        json.text("public_url", PublicUrl.of(provider, id, url));
        json.endObject();
    }
}

package io.waxwatch.gateway.development;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.sqlclient.Row;
import io.waxwatch.common.listings.PublicUrl;
import io.waxwatch.gateway.http.JsonOut;
import java.io.IOException;
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

    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        JsonOut.uuid(json, "id", id);
        JsonOut.text(json, "provider", provider);
        JsonOut.text(json, "external_id", externalId);
        JsonOut.text(json, "url", url);
        JsonOut.text(json, "title", title);
        JsonOut.text(json, "normalized_title", normalizedTitle);
        JsonOut.money(json, "price", price);
        JsonOut.text(json, "currency", currency);
        JsonOut.text(json, "condition", condition);
        JsonOut.text(json, "seller", seller);
        JsonOut.text(json, "location", location);
        JsonOut.text(json, "status", status);
        JsonOut.whole(json, "discogs_release_id", discogsReleaseId);
        JsonOut.whole(json, "discogs_master_id", discogsMasterId);
        JsonOut.time(json, "first_seen_at", firstSeenAt);
        JsonOut.time(json, "last_seen_at", lastSeenAt);
        JsonOut.text(json, "public_url", PublicUrl.of(provider, id, url));
        json.writeEndObject();
    }
}

package io.waxwatch.gateway.listings;

import com.fasterxml.jackson.core.JsonGenerator;
import io.waxwatch.gateway.http.JsonOut;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * A listing and what it has cost.
 *
 * @param history the newest prices, newest first
 * @param complete whether that is all that is stored
 */
record ListingDetail(Listing listing, List<Price> history, boolean complete) {

    /** A price from the moment when it was first seen. */
    record Price(BigDecimal price, String currency, OffsetDateTime recordedAt) {

        static void write(JsonGenerator json, Price price) throws IOException {
            json.writeStartObject();
            JsonOut.money(json, "price", price.price);
            JsonOut.text(json, "currency", price.currency);
            JsonOut.time(json, "recorded_at", price.recordedAt);
            json.writeEndObject();
        }
    }

    static void write(JsonGenerator json, ListingDetail detail) throws IOException {
        json.writeStartObject();
        detail.listing.writeFields(json);
        json.writeFieldName("price_history");
        JsonOut.list(detail.history, Price::write).write(json);
        json.writeBooleanField("price_history_complete", detail.complete);
        json.writeEndObject();
    }
}

package io.waxwatch.gateway.listings;

import io.waxwatch.common.listings.Listing;
import io.waxwatch.gateway.http.JsonOut;
import io.waxwatch.gateway.http.JsonWriter;
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

        static void write(JsonWriter json, Price price) {
            json.startObject();
            json.money("price", price.price);
            json.text("currency", price.currency);
            json.time("recorded_at", price.recordedAt);
            json.endObject();
        }
    }

    static void write(JsonWriter json, ListingDetail detail) {
        json.startObject();
        ListingJson.writeFields(json, detail.listing);
        json.name("price_history");
        JsonOut.list(detail.history, Price::write).write(json);
        json.bool("price_history_complete", detail.complete);
        json.endObject();
    }
}

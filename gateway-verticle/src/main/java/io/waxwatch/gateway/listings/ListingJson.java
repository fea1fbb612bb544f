package io.waxwatch.gateway.listings;

import io.waxwatch.common.listings.Listing;
import io.waxwatch.common.listings.PublicUrl;
import io.waxwatch.gateway.http.JsonWriter;

/** A listing as the API shows it. */
public final class ListingJson {

    private ListingJson() {}

    /** One object. */
    public static void write(JsonWriter json, Listing listing) {
        json.startObject();
        writeFields(json, listing);
        json.endObject();
    }

    static void writeFields(JsonWriter json, Listing listing) {
        json.uuid("id", listing.id());
        json.text("provider", listing.provider().wireName());
        json.text("external_id", listing.externalId());
        json.text("title", listing.title());
        json.text("url", listing.url());
        json.text("public_url", PublicUrl.of(listing.provider().wireName(), listing.id(), listing.url()));
        json.money("price", listing.price());
        json.text("price_kind", listing.bid() ? "bid" : "fixed");
        json.text("currency", listing.currency());
        json.text("condition", listing.condition());
        json.text("seller", listing.seller());
        json.text("location", listing.location());
        json.whole("discogs_release_id", listing.discogsReleaseId());
        json.whole("discogs_master_id", listing.discogsMasterId());
        json.text("status", listing.status());
        json.time("first_seen_at", listing.firstSeenAt());
        json.time("last_seen_at", listing.lastSeenAt());
    }
}

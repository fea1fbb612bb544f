package io.waxwatch.gateway.search;

import com.fasterxml.jackson.core.JsonGenerator;
import io.waxwatch.common.bus.SearchHit;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.gateway.http.JsonOut;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.UUID;

/** A search's answer as JSON. */
final class SearchJson {

    /** What stands where the contract wants a price and there is none; {@code kind} tells. */
    private static final BigDecimal NO_PRICE = new BigDecimal("0.0");

    private static final String NO_CURRENCY = "USD";

    private SearchJson() {}

    /** @param stored listing ids by {@link SearchListingStore#key} */
    static void write(JsonGenerator json, SearchResults results, Map<String, UUID> stored) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("items");
        for (SearchHit hit : results.items()) {
            item(json, hit, stored.get(SearchListingStore.key(hit)));
        }
        json.writeEndArray();
        pagination(json, results);
        json.writeArrayFieldStart("providers_searched");
        for (String provider : results.query().providers()) {
            json.writeString(provider);
        }
        json.writeEndArray();
        json.writeObjectFieldStart("provider_errors");
        for (Map.Entry<String, String> error : results.errors().entrySet()) {
            json.writeStringField(error.getKey(), error.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void item(JsonGenerator json, SearchHit hit, UUID listingId) throws IOException {
        boolean forSale = hit.price() != null;
        json.writeStartObject();
        JsonOut.text(json, "id", SearchListingStore.key(hit));
        JsonOut.uuid(json, "listing_id", listingId);
        JsonOut.text(json, "provider", hit.provider());
        JsonOut.text(json, "external_id", hit.externalId());
        JsonOut.text(json, "kind", forSale ? "listing" : "catalogue_entry");
        JsonOut.text(json, "title", hit.title());
        JsonOut.text(json, "url", hit.url());
        JsonOut.money(json, "price", forSale ? hit.price() : NO_PRICE);
        JsonOut.text(json, "currency", forSale ? hit.currency() : NO_CURRENCY);
        JsonOut.text(json, "condition", hit.condition());
        JsonOut.text(json, "seller", hit.seller());
        JsonOut.text(json, "location", hit.location());
        JsonOut.whole(json, "discogs_release_id", hit.discogsReleaseId());
        JsonOut.text(json, "public_url", publicUrl(hit, listingId));
        json.writeEndObject();
    }

    /** Stored eBay listings are linked through the tracked redirect, everything else directly. */
    private static String publicUrl(SearchHit hit, UUID listingId) {
        boolean tracked = listingId != null && hit.provider().equals(Provider.EBAY.wireName());
        return tracked ? "/api/outbound/ebay/" + listingId : hit.url();
    }

    private static void pagination(JsonGenerator json, SearchResults results) throws IOException {
        json.writeObjectFieldStart("pagination");
        json.writeNumberField("page", results.query().page());
        json.writeNumberField("page_size", results.query().pageSize());
        json.writeNumberField("total", results.total());
        json.writeNumberField("returned", results.items().size());
        json.writeNumberField("total_pages", results.totalPages());
        json.writeBooleanField("has_next", results.hasNext());
        json.writeBooleanField("complete", results.complete());
        json.writeEndObject();
    }
}

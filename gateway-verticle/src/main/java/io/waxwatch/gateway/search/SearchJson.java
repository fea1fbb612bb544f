package io.waxwatch.gateway.search;

import com.fasterxml.jackson.core.JsonGenerator;
import io.waxwatch.common.bus.SearchHit;
import io.waxwatch.common.listings.PublicUrl;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.gateway.http.JsonOut;
import io.waxwatch.gateway.outbound.EbayLinks;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.UUID;

/** Writes a search's answer as JSON. */
final class SearchJson {

    /** What stands where the contract wants a price and there is none; {@code kind} tells. */
    private static final BigDecimal NO_PRICE = new BigDecimal("0.0");

    private static final String NO_CURRENCY = "USD";

    private final EbayLinks links;

    SearchJson(EbayLinks links) {
        this.links = links;
    }

    /** @param stored listing ids by {@link SearchListingStore#key} */
    void write(JsonGenerator json, SearchResults results, Map<String, UUID> stored) throws IOException {
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

    private void item(JsonGenerator json, SearchHit hit, UUID listingId) throws IOException {
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

    /** Stored eBay listings are linked through the tracked redirect, others as it would lead there, everything else directly. */
    private String publicUrl(SearchHit hit, UUID listingId) {
        boolean ebay = hit.provider().equals(Provider.EBAY.wireName());
        return ebay && listingId == null
                ? links.destination(hit.url()).orElse(hit.url())
                : PublicUrl.of(hit.provider(), listingId, hit.url());
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

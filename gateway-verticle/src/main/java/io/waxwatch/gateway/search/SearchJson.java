package io.waxwatch.gateway.search;

import io.waxwatch.common.bus.SearchHit;
import io.waxwatch.common.listings.PublicUrl;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.gateway.http.JsonWriter;
import io.waxwatch.gateway.outbound.EbayLinks;
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
    void write(JsonWriter json, SearchResults results, Map<String, UUID> stored) {
        json.startObject();
        json.startArray("items");
        for (SearchHit hit : results.items()) {
            item(json, hit, stored.get(SearchListingStore.key(hit)));
        }
        json.endArray();
        pagination(json, results);
        json.startArray("providers_searched");
        for (String provider : results.query().providers()) {
            json.text(provider);
        }
        json.endArray();
        json.startObject("provider_errors");
        for (Map.Entry<String, String> error : results.errors().entrySet()) {
            json.text(error.getKey(), error.getValue());
        }
        json.endObject();
        json.endObject();
    }

    private void item(JsonWriter json, SearchHit hit, UUID listingId) {
        boolean forSale = hit.price() != null;
        json.startObject();
        json.text("id", SearchListingStore.key(hit));
        json.uuid("listing_id", listingId);
        json.text("provider", hit.provider());
        json.text("external_id", hit.externalId());
        json.text("kind", forSale ? "listing" : "catalogue_entry");
        json.text("title", hit.title());
        json.text("url", hit.url());
        json.money("price", forSale ? hit.price() : NO_PRICE);
        json.text("currency", forSale ? hit.currency() : NO_CURRENCY);
        json.text("condition", hit.condition());
        json.text("seller", hit.seller());
        json.text("location", hit.location());
        json.whole("discogs_release_id", hit.discogsReleaseId());
        json.text("public_url", publicUrl(hit, listingId));
        json.endObject();
    }

    /** Stored eBay listings are linked through the tracked redirect, others as it would lead there, everything else directly. */
    private String publicUrl(SearchHit hit, UUID listingId) {
        boolean ebay = hit.provider().equals(Provider.EBAY.wireName());
        return ebay && listingId == null
                ? links.destination(hit.url()).orElse(hit.url())
                : PublicUrl.of(hit.provider(), listingId, hit.url());
    }

    private static void pagination(JsonWriter json, SearchResults results) {
        json.startObject("pagination");
        json.number("page", results.query().page());
        json.number("page_size", results.query().pageSize());
        json.number("total", results.total());
        json.number("returned", results.items().size());
        json.number("total_pages", results.totalPages());
        json.bool("has_next", results.hasNext());
        json.bool("complete", results.complete());
        json.endObject();
    }
}

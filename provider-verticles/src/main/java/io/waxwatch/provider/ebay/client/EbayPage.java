package io.waxwatch.provider.ebay.client;

import io.waxwatch.provider.http.MarketListing;
import java.util.List;
import java.util.Optional;

/**
 * One page of search results.
 *
 * @param listings rows that have an id, a title and an address, in eBay's order
 * @param next link to the next page, on our base URL; empty on the last. {@link EbaySearch#after} follows it
 * @param total an indicator that moves from page to page: never page by it
 */
public record EbayPage(List<MarketListing> listings, Optional<String> next, int total) {

    public EbayPage {
        listings = List.copyOf(listings);
    }
}

package io.waxwatch.provider.ebay;

import io.vertx.core.Future;
import io.waxwatch.common.bus.BusMessage.SearchAnswered;
import io.waxwatch.common.bus.SearchHit;
import io.waxwatch.common.matching.CanonicalQuery;
import io.waxwatch.common.matching.RuleQuery;
import io.waxwatch.provider.ebay.client.EbayClient;
import io.waxwatch.provider.ebay.client.EbayPage;
import io.waxwatch.provider.ebay.client.EbaySearch;
import io.waxwatch.provider.http.CallOrigin;
import io.waxwatch.provider.http.MarketListing;
import io.waxwatch.provider.search.ProviderSearchService;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Searches eBay: the best 200 listings of the category at a fixed price, in one call. Words go upstream in the same form
 * as those of a rule; without any, the category's best are answered. Price and condition stay out of the call, so that
 * one answer serves every collector who looks for the same words.
 */
public final class EbayListings implements ProviderSearchService.Search {

    private final EbayClient ebay;
    private final String categoryId;

    public EbayListings(EbayClient ebay, String categoryId) {
        this.ebay = ebay;
        this.categoryId = categoryId;
    }

    @Override
    public Optional<String> whyNot(String words) {
        return Optional.empty();
    }

    @Override
    public Future<SearchAnswered> search(String words, CallOrigin onBehalf) {
        var search = new EbaySearch(upstream(words), categoryId, null, EbaySearch.MAX_LIMIT, 0, List.of(), null);
        return ebay.search(search, onBehalf).map(EbayListings::answer);
    }

    private static String upstream(String words) {
        var query = new RuleQuery(Set.of(), List.of(words), List.of(), null, null, null, null);
        return CanonicalQuery.ebay(query).orElse(null);
    }

    private static SearchAnswered answer(EbayPage page) {
        List<SearchHit> hits = page.listings().stream()
                // An auction shows a bid, for which nobody can buy it.
                .filter(listing -> listing.price() != null)
                .map(EbayListings::hit)
                .toList();
        return new SearchAnswered(hits, page.next().isPresent());
    }

    private static SearchHit hit(MarketListing listing) {
        return new SearchHit(
                listing.provider(),
                listing.externalId(),
                listing.title(),
                listing.url(),
                listing.price(),
                listing.currency(),
                listing.condition(),
                listing.seller(),
                listing.location(),
                listing.discogsReleaseId());
    }
}

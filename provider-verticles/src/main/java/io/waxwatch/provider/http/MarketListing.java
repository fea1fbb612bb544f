package io.waxwatch.provider.http;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One offer as a provider shows it. Null means "the provider did not say", never zero.
 *
 * @param provider wire name
 * @param externalId the provider's id of the offer
 * @param url absolute http or https address of the offer, undecorated
 * @param title as given, neither trimmed nor normalised
 * @param price what buys it now; null for a pure auction
 * @param currency of price, currentBid and shippingCost; three upper-case letters; null when there is no amount
 * @param currentBid the highest bid, or the starting price before any; null unless it is an auction
 * @param condition the provider's text
 * @param conditionId the provider's code
 * @param seller name
 * @param location country, or the provider's text for it
 * @param discogsReleaseId the release on offer, when the provider says it
 * @param discogsMasterId its master
 * @param shippingCost cheapest known; zero is free, null is unknown
 * @param buyingOptions such as FIXED_PRICE, AUCTION, BEST_OFFER
 * @param listedAt when this offer was created (a relisting counts anew)
 * @param originalPrice the seller's own amount when the provider converted it
 * @param originalCurrency its currency
 * @param raw the row as parsed: maps, lists, strings, booleans, and numbers without loss
 */
public record MarketListing(
        String provider,
        String externalId,
        String url,
        String title,
        BigDecimal price,
        String currency,
        BigDecimal currentBid,
        String condition,
        String conditionId,
        String seller,
        String location,
        Long discogsReleaseId,
        Long discogsMasterId,
        BigDecimal shippingCost,
        List<String> buyingOptions,
        Instant listedAt,
        BigDecimal originalPrice,
        String originalCurrency,
        Map<String, Object> raw) {

    public MarketListing {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(externalId, "externalId");
        Objects.requireNonNull(url, "url");
        Objects.requireNonNull(title, "title");
        buyingOptions = List.copyOf(buyingOptions);
        raw = Collections.unmodifiableMap(new LinkedHashMap<>(raw));
    }
}

package io.waxwatch.provider.listings;

import io.waxwatch.common.matching.Offer;
import io.waxwatch.common.matching.Provider;
import java.math.BigDecimal;
import java.util.UUID;

/**
 * A listing as stored, with what matching and an alert need.
 *
 * @param price the fixed price, or the current bid of a pure auction
 * @param bid whether the price is a bid, which no price cap is compared with
 */
public record StoredListing(
        UUID id,
        Provider provider,
        String url,
        String title,
        BigDecimal price,
        boolean bid,
        String currency,
        String condition,
        String seller,
        String location,
        Long discogsReleaseId,
        Long discogsMasterId) {

    /** As matching sees it. */
    public Offer offer() {
        return Offer.ofListing(provider, title, price, bid, currency, condition, discogsReleaseId, discogsMasterId);
    }
}

package io.waxwatch.common.matching;

import java.math.BigDecimal;
import java.util.Objects;
import java.util.Optional;

/**
 * What matching needs to know of a listing.
 *
 * @param provider where it is for sale
 * @param title as the seller wrote it
 * @param price the fixed price in {@code currency}; null when there is none, as in a pure auction
 * @param currency ISO 4217 code, trimmed and upper-cased here; null when unknown
 * @param condition condition text of the provider; null when it gives none
 * @param discogsReleaseId Discogs release, when the provider states it
 * @param discogsMasterId Discogs master, when the provider states it; 0 (Discogs for "none") becomes null
 */
public record Offer(
        Provider provider,
        String title,
        BigDecimal price,
        String currency,
        String condition,
        Long discogsReleaseId,
        Long discogsMasterId) {
    public Offer {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(title, "title");
        currency = Prices.currency(currency);
        discogsReleaseId = noneIfZero(discogsReleaseId);
        discogsMasterId = noneIfZero(discogsMasterId);
    }

    /**
     * A stored listing as matching sees it: a bid is not a price for which anybody can buy it.
     *
     * @param bid whether the price is the current bid of a pure auction
     */
    public static Offer ofListing(
            Provider provider,
            String title,
            BigDecimal price,
            boolean bid,
            String currency,
            String condition,
            Long discogsReleaseId,
            Long discogsMasterId) {
        return new Offer(provider, title, bid ? null : price, currency, condition, discogsReleaseId, discogsMasterId);
    }

    /** The media grade: of the condition text, else, where that says nothing of a grade, of the title. */
    public Optional<Grade> grade() {
        return Grade.parse(condition).or(() -> Grade.fromTitle(title));
    }

    private static Long noneIfZero(Long id) {
        return id == null || id == 0 ? null : id;
    }
}

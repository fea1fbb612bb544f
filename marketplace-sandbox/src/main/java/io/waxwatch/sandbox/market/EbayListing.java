package io.waxwatch.sandbox.market;

import java.time.Instant;
import java.util.List;

/**
 * One eBay listing. What real rows may lack is null here, and then absent on the wire.
 *
 * @param legacyId the 12 digit listing number
 * @param title as the seller typed it, at most 80 characters
 * @param marketplace the one site that shows it, for example {@code EBAY_US}
 * @param price the buy-it-now price; null for a pure auction
 * @param bid the current bid or the starting price; null unless it is an auction
 * @param buyingOptions FIXED_PRICE, AUCTION, BEST_OFFER, CLASSIFIED_AD
 * @param conditionId 1000 new, 3000 used; null when the seller named none
 * @param grade free text for the item specifics, for example {@code VG+}
 * @param shippingType FIXED or CALCULATED; null for pick-up only
 * @param shippingCost null unless FIXED: a calculated cost depends on the buyer's place
 * @param origin first listing of the item; survives a relist, and is what "newly listed" sorts by
 * @param created creation of this listing
 * @param releaseId the pressing in the catalogue, 0 for none
 */
public record EbayListing(
        long legacyId,
        String title,
        String marketplace,
        Money price,
        Money bid,
        int bidCount,
        List<String> buyingOptions,
        String conditionId,
        String grade,
        String seller,
        int sellerScore,
        String country,
        String shippingType,
        Money shippingCost,
        boolean hasImage,
        Instant origin,
        Instant created,
        Instant ends,
        long releaseId) {

    public EbayListing {
        buyingOptions = List.copyOf(buyingOptions);
    }

    public String itemId() {
        return "v1|" + legacyId + "|0";
    }

    /** What one would pay now: the price, or the bid of a pure auction. */
    public Money effectivePrice() {
        return price != null ? price : bid;
    }

    public boolean isAuction() {
        return buyingOptions.contains("AUCTION");
    }

    /** The same listing at another price: a fixed price changes, a pure auction gets one more bid. */
    public EbayListing repriced(Money next) {
        boolean pureAuction = price == null;
        return new EbayListing(
                legacyId,
                title,
                marketplace,
                pureAuction ? null : next,
                pureAuction ? next : bid,
                pureAuction ? bidCount + 1 : bidCount,
                buyingOptions,
                conditionId,
                grade,
                seller,
                sellerScore,
                country,
                shippingType,
                shippingCost,
                hasImage,
                origin,
                created,
                ends,
                releaseId);
    }
}

package io.waxwatch.common.listings;

import io.waxwatch.common.matching.Provider;
import java.util.UUID;

/** Where collectors are sent for a listing. */
public final class PublicUrl {

    /** The gateway's redirect to eBay, which logs the click; the id of a stored listing follows. */
    public static final String EBAY = "/api/outbound/ebay/";

    private PublicUrl() {}

    /**
     * Through the redirect for listings of eBay that are stored, else straight to the marketplace.
     *
     * @param provider wire name
     * @param listingId null for one that is not stored
     * @param url the marketplace's own
     */
    public static String of(String provider, UUID listingId, String url) {
        return Provider.EBAY.wireName().equals(provider) && listingId != null ? EBAY + listingId : url;
    }
}

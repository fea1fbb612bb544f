package io.waxwatch.sandbox.market;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The live eBay listings, oldest first. Confined to the sandbox's event loop. */
public final class EbayMarket {

    /** The oldest listing ends when there would be more. */
    public static final int CAPACITY = 12_000;

    /** The range of eBay's own sandbox, so that an id that leaks is nobody's listing. */
    private static final long FIRST_ID = 110_700_000_001L;

    private final Map<Long, EbayListing> live = new LinkedHashMap<>();
    private long nextId = FIRST_ID;

    public long allocateId() {
        return nextId++;
    }

    public void add(EbayListing listing) {
        live.put(listing.legacyId(), listing);
        if (live.size() > CAPACITY) {
            live.remove(live.keySet().iterator().next());
        }
    }

    public Optional<EbayListing> find(long legacyId) {
        return Optional.ofNullable(live.get(legacyId));
    }

    /** Accepts {@code v1|123|0} and the bare listing number. */
    public Optional<EbayListing> find(String itemId) {
        String number = itemId.startsWith("v1|") ? itemId.substring(3).split("\\|", 2)[0] : itemId;
        return number.matches("\\d{1,18}") ? find(Long.parseLong(number)) : Optional.empty();
    }

    public Optional<EbayListing> end(String itemId) {
        return find(itemId).map(listing -> live.remove(listing.legacyId()));
    }

    public Optional<EbayListing> reprice(String itemId, Money price) {
        return find(itemId).map(listing -> listing.repriced(price)).map(listing -> {
            live.put(listing.legacyId(), listing);
            return listing;
        });
    }

    public Collection<EbayListing> all() {
        return Collections.unmodifiableCollection(live.values());
    }
}

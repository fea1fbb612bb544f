package io.waxwatch.sandbox.market;

import io.waxwatch.sandbox.catalog.Pressing;
import io.waxwatch.sandbox.catalog.SandboxCatalog;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;

/**
 * Both marketplaces and the passing of time. All that happens by itself is drawn from one seeded generator, so the state is
 * a function of the seed and the number of ticks. Confined to the sandbox's event loop.
 */
public final class Market {

    private static final int OFFERS_PER_SHOP = 30;
    private static final int KEPT = 50;
    /** How many pressings at the head of the catalogue come up more often: those that demo rules name. */
    private static final int POPULAR = 6;

    private final SandboxCatalog catalog;
    private final Clock clock;
    private final ListingFactory draws;
    private final EbayMarket ebay = new EbayMarket();
    private final DiscogsMarket discogs = new DiscogsMarket();
    private long ticks;

    public Market(SandboxCatalog catalog, long seed, int initialListings, Clock clock) {
        this.catalog = catalog;
        this.clock = clock;
        this.draws = new ListingFactory(new Random(seed));
        Instant now = now();
        for (int i = 0; i < initialListings; i++) {
            // The newest is a minute old, so that what a test lists is the newest.
            listOnEbay(now.minus(Duration.ofMinutes(initialListings - i)));
        }
        catalog.pressings().forEach(this::firstFloor);
        for (String shop : DiscogsMarket.SHOPS) {
            for (int i = 0; i < OFFERS_PER_SHOP; i++) {
                offerOnDiscogs(shop, now.minus(Duration.ofHours(OFFERS_PER_SHOP - i)));
            }
        }
    }

    public SandboxCatalog catalog() {
        return catalog;
    }

    public EbayMarket ebay() {
        return ebay;
    }

    public DiscogsMarket discogs() {
        return discogs;
    }

    public long ticks() {
        return ticks;
    }

    /** The time as the wire shows it: whole milliseconds. */
    public Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** One step of time: one new eBay listing, and now and then a lower Discogs floor, a new offer or an ended listing. */
    public EbayListing tick() {
        ticks++;
        EbayListing listing = listOnEbay(now());
        if (draws.oneIn(3)) {
            lowerFloor(anyPressing());
        }
        if (draws.oneIn(4)) {
            offerOnDiscogs(draws.pick(DiscogsMarket.SHOPS), now());
        }
        // Few listings all stay: a test that starts empty must find what it was told was listed.
        if (draws.oneIn(5) && ebay.all().size() > KEPT) {
            ebay.end(ebay.all().iterator().next().itemId());
        }
        return listing;
    }

    private EbayListing listOnEbay(Instant at) {
        EbayListing listing = draws.ebay(ebay.allocateId(), anyPressing(), at);
        ebay.add(listing);
        return listing;
    }

    private void offerOnDiscogs(String shop, Instant at) {
        discogs.add(draws.discogs(discogs.allocateId(), anyPressing(), shop, at));
    }

    /** Now and then one of the popular: a demo that hardly ever sees its records shows nothing. */
    private Pressing anyPressing() {
        return draws.oneIn(5) ? draws.pick(catalog.pressings().subList(0, POPULAR)) : draws.pick(catalog.pressings());
    }

    private void firstFloor(Pressing pressing) {
        boolean scarce = draws.oneIn(9);
        // Demo rules watch the first three: they are always for sale.
        if (scarce && pressing.releaseId() > SandboxCatalog.SECOND_SUMMER) {
            discogs.setFloor(pressing.releaseId(), Floor.NONE);
        } else {
            int count = draws.pick(List.of(1, 2, 3, 5, 8, 13, 21));
            discogs.setFloor(pressing.releaseId(), new Floor(count, draws.price(pressing, "USD")));
        }
    }

    private void lowerFloor(Pressing pressing) {
        Floor floor = discogs.floor(pressing.releaseId());
        Money next = floor.lowest() == null
                ? draws.price(pressing, "USD")
                : floor.lowest().times(draws.pick(List.of(new BigDecimal("0.95"), new BigDecimal("0.85"))));
        discogs.setFloor(pressing.releaseId(), new Floor(floor.numForSale() + 1, next));
    }
}

package io.waxwatch.sandbox.market;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Floors by release and the inventories of the sandbox's shops. Confined to the sandbox's event loop. */
public final class DiscogsMarket {

    /** The shops; user ids are their positions from 1. */
    public static final List<String> SHOPS = List.of(
            "HarbourLightsRecords",
            "second.spin_berlin",
            "Plattenkiste-Ost",
            "disques_du_canal",
            "TinRoofVinyl",
            "shinonome-records",
            "waxbarn",
            "NinthFloorMusic");

    /** The oldest offer is sold when there would be more. */
    public static final int CAPACITY = 12_000;

    private static final long FIRST_ID = 4_350_000_001L;

    private final Map<Long, Floor> floors = new LinkedHashMap<>();
    private final Map<Long, DiscogsOffer> offers = new LinkedHashMap<>();
    private long nextId = FIRST_ID;

    public long allocateId() {
        return nextId++;
    }

    public Floor floor(long releaseId) {
        return floors.getOrDefault(releaseId, Floor.NONE);
    }

    public void setFloor(long releaseId, Floor floor) {
        floors.put(releaseId, floor);
    }

    /** Adds the offer and counts it in the floor of its release. */
    public void add(DiscogsOffer offer) {
        offers.put(offer.id(), offer);
        setFloor(offer.releaseId(), floor(offer.releaseId()).with(offer.price()));
        if (offers.size() > CAPACITY) {
            offers.remove(offers.keySet().iterator().next());
        }
    }

    public Optional<DiscogsOffer> find(long id) {
        return Optional.ofNullable(offers.get(id));
    }

    /** Takes the offer away; the floor keeps standing, as other sellers are outside the sandbox. */
    public Optional<DiscogsOffer> remove(long id) {
        return Optional.ofNullable(offers.remove(id));
    }

    public Optional<String> shop(String username) {
        return SHOPS.stream()
                .filter(shop -> shop.toLowerCase(Locale.ROOT).equals(username.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /** One shop's offers, newest first. */
    public List<DiscogsOffer> inventory(String shop) {
        return offers.values().stream()
                .filter(offer -> offer.seller().equals(shop))
                .sorted(Comparator.comparing(DiscogsOffer::posted)
                        .thenComparingLong(DiscogsOffer::id)
                        .reversed())
                .toList();
    }
}

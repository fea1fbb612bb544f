package io.waxwatch.sandbox.discogs;

import io.vertx.core.MultiMap;
import io.waxwatch.sandbox.catalog.Pressing;
import io.waxwatch.sandbox.catalog.SandboxCatalog;
import io.waxwatch.sandbox.market.DiscogsOffer;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Which of a shop's offers a caller sees, and in which order. */
record DiscogsInventory(SandboxCatalog catalog) {

    static final List<String> MEDIA = List.of(
            "Mint (M)",
            "Near Mint (NM or M-)",
            "Very Good Plus (VG+)",
            "Very Good (VG)",
            "Good Plus (G+)",
            "Good (G)",
            "Fair (F)",
            "Poor (P)");
    static final List<String> SLEEVES = List.of(
            "Generic",
            "Not Graded",
            "No Cover",
            "Mint (M)",
            "Near Mint (NM or M-)",
            "Very Good Plus (VG+)",
            "Very Good (VG)",
            "Good Plus (G+)",
            "Good (G)",
            "Fair (F)",
            "Poor (P)");

    /** What a status may be; strangers see what is for sale, whichever they ask for. */
    static final Set<String> STATUSES =
            Set.of("All", "Deleted", "Draft", "Expired", "For Sale", "Sold", "Suspended", "Violation");

    private static final Set<String> OPEN_STATUSES = Set.of("All", "For Sale");

    List<DiscogsOffer> shown(List<DiscogsOffer> offers, MultiMap params) {
        String status = params.contains("status") ? params.get("status") : "For Sale";
        String q = params.contains("q") ? params.get("q") : "";
        // Without a sort the real order is by listing date, newest first.
        boolean descending = params.contains("sort")
                ? "desc".equalsIgnoreCase(params.get("sort_order"))
                : !"asc".equalsIgnoreCase(params.get("sort_order"));
        Comparator<DiscogsOffer> order = order(params.contains("sort") ? params.get("sort") : "listed");
        return offers.stream()
                .filter(offer -> OPEN_STATUSES.contains(status))
                .filter(offer -> q.isBlank()
                        || DiscogsSearch.words(DiscogsSales.description(pressing(offer)) + " " + offer.comments(), q))
                .sorted(descending ? Collections.reverseOrder(order) : order)
                .toList();
    }

    private Comparator<DiscogsOffer> order(String sort) {
        Comparator<DiscogsOffer> listed =
                Comparator.comparing(DiscogsOffer::posted).thenComparingLong(DiscogsOffer::id);
        return switch (sort) {
            case "price" ->
                Comparator.<DiscogsOffer, java.math.BigDecimal>comparing(
                                offer -> offer.price().in("USD").value())
                        .thenComparing(listed);
            case "item" -> by(DiscogsSales::description).thenComparing(listed);
            case "artist" -> by(Pressing::artist).thenComparing(listed);
            case "label" -> by(Pressing::label).thenComparing(listed);
            case "catno" -> by(Pressing::catno).thenComparing(listed);
            // No offer here has a sound sample, so "audio" tells none from another; nor do unknown sorts.
            default -> listed;
        };
    }

    private Comparator<DiscogsOffer> by(Function<Pressing, String> text) {
        return Comparator.comparing(offer -> text.apply(pressing(offer)), String.CASE_INSENSITIVE_ORDER);
    }

    private Pressing pressing(DiscogsOffer offer) {
        return catalog.release(offer.releaseId()).orElseThrow();
    }
}

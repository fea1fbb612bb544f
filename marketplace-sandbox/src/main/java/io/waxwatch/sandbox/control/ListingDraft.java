package io.waxwatch.sandbox.control;

import io.waxwatch.sandbox.catalog.Pressing;
import io.waxwatch.sandbox.catalog.SandboxCatalog;
import io.waxwatch.sandbox.market.DiscogsMarket;
import io.waxwatch.sandbox.market.DiscogsOffer;
import io.waxwatch.sandbox.market.EbayListing;
import io.waxwatch.sandbox.market.Market;
import io.waxwatch.sandbox.market.Marketplaces;
import io.waxwatch.sandbox.market.Money;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Turns the JSON of {@code POST /control/listings} and {@code POST /control/offers} into rows; what is not said is plain and the same each time. */
final class ListingDraft {

    private static final Set<String> BUYING_OPTIONS = Set.of("FIXED_PRICE", "AUCTION", "BEST_OFFER", "CLASSIFIED_AD");
    private static final BigDecimal DEFAULT_PRICE = new BigDecimal("24.00");
    private static final BigDecimal DEFAULT_SHIPPING = new BigDecimal("4.99");
    private static final int TITLE_LIMIT = 80;

    private final SandboxCatalog catalog;
    private final Market market;
    private final ControlBody body;

    ListingDraft(SandboxCatalog catalog, Market market, ControlBody body) {
        this.catalog = catalog;
        this.market = market;
        this.body = body;
    }

    EbayListing ebay() {
        Optional<Pressing> pressing = pressing();
        String marketplace = body.text("marketplaceId", Marketplaces.DEFAULT);
        if (!Marketplaces.isServed(marketplace)) {
            throw new IllegalArgumentException("marketplaceId is not one that the sandbox serves");
        }
        String currency = body.text("currency", Marketplaces.currencyOf(marketplace));
        List<String> buying = body.texts("buyingOptions", List.of("FIXED_PRICE"));
        if (buying.isEmpty() || !BUYING_OPTIONS.containsAll(buying)) {
            throw new IllegalArgumentException("buyingOptions must be some of "
                    + BUYING_OPTIONS.stream().sorted().toList());
        }
        Money price = new Money(body.decimal("price", DEFAULT_PRICE), currency);
        boolean auction = buying.contains("AUCTION");
        boolean fixed = buying.stream().anyMatch(option -> !option.equals("AUCTION"));
        Instant now = market.now();
        return new EbayListing(
                market.ebay().allocateId(),
                title(pressing),
                marketplace,
                fixed ? price : null,
                auction ? new Money(body.decimal("bid", price.value()), currency) : null,
                (int) body.number("bidCount", 0, 0, 1_000),
                buying,
                condition(),
                body.text("grade", "VG+"),
                body.text("seller", "sandbox-seller"),
                100,
                body.text("country", "US"),
                calculated() ? "CALCULATED" : "FIXED",
                calculated() ? null : new Money(body.decimal("shippingCost", DEFAULT_SHIPPING), currency),
                pressing.isPresent(),
                instant("originDate", now),
                now,
                now.plus(Duration.ofDays(30)),
                pressing.map(Pressing::releaseId).orElse(0L));
    }

    DiscogsOffer discogs() {
        Pressing pressing = pressing().orElse(catalog.pressings().get(0));
        String shop = market.discogs()
                .shop(body.text("seller", DiscogsMarket.SHOPS.get(0)))
                .orElseThrow(() -> new IllegalArgumentException("seller must be one of " + DiscogsMarket.SHOPS));
        String currency = body.text("currency", "USD");
        return new DiscogsOffer(
                market.discogs().allocateId(),
                pressing.releaseId(),
                shop,
                new Money(body.decimal("price", DEFAULT_PRICE), currency),
                body.text("condition", "Very Good Plus (VG+)"),
                body.text("sleeveCondition", "Very Good Plus (VG+)"),
                body.text("comments", ""),
                body.text("shipsFrom", "United States"),
                calculated() ? null : new Money(body.decimal("shippingCost", DEFAULT_SHIPPING), currency),
                market.now());
    }

    private Optional<Pressing> pressing() {
        long releaseId = body.number("releaseId", 0, 0, Long.MAX_VALUE);
        if (releaseId == 0) {
            // Neither said: the first of the catalogue. With a title alone the listing is of no known pressing.
            return body.has("title")
                    ? Optional.empty()
                    : Optional.of(catalog.pressings().get(0));
        }
        return Optional.of(catalog.release(releaseId)
                .orElseThrow(() -> new IllegalArgumentException("releaseId is not in the catalogue")));
    }

    private String title(Optional<Pressing> pressing) {
        String fallback = pressing.map(p -> p.displayArtist() + " - " + p.title() + " LP " + p.year() + " VG+ Vinyl")
                .orElse("");
        String title = body.text("title", fallback);
        if (title.isBlank()) {
            throw new IllegalArgumentException("title must not be blank");
        }
        return title.length() > TITLE_LIMIT ? title.substring(0, TITLE_LIMIT) : title;
    }

    private String condition() {
        String condition = body.text("condition", "USED");
        return switch (condition) {
            case "NEW" -> "1000";
            case "USED" -> "3000";
            case "UNSPECIFIED" -> null;
            default -> {
                if (!condition.matches("\\d{4}")) {
                    throw new IllegalArgumentException(
                            "condition must be NEW, USED, UNSPECIFIED or an eBay condition id");
                }
                yield condition;
            }
        };
    }

    /** An explicit null for the shipping cost means that nobody knows it. */
    private boolean calculated() {
        return body.has("shippingCost") && body.json().getValue("shippingCost") == null;
    }

    private Instant instant(String name, Instant otherwise) {
        String text = body.text(name, null);
        try {
            return text == null ? otherwise : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(name + " must be an instant such as 2026-01-31T12:00:00Z", e);
        }
    }
}

package io.waxwatch.sandbox.ebay;

import io.vertx.core.json.JsonObject;
import io.waxwatch.sandbox.market.EbayListing;
import io.waxwatch.sandbox.market.Money;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The {@code filter} parameter. A part that is not valid becomes a warning and filters nothing: that is how eBay does it, and
 * what a client must notice.
 */
final class EbayFilter {

    private static final Set<String> BUYING_OPTIONS = Set.of("FIXED_PRICE", "AUCTION", "BEST_OFFER", "CLASSIFIED_AD");
    private static final Set<String> CONDITIONS = Set.of("NEW", "USED", "UNSPECIFIED");
    /** Real filters that change nothing here. */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "deliveryCountry",
            "deliveryPostalCode",
            "itemLocationRegion",
            "sellerAccountTypes",
            "returnsAccepted",
            "searchInDescription",
            "excludeCategoryIds",
            "charityOnly",
            "deliveryOptions",
            "pickupCountry",
            "pickupPostalCode",
            "pickupRadius",
            "pickupRadiusUnit",
            "qualifiedPrograms",
            "guaranteedDeliveryInDays",
            "priorityListing",
            "paymentMethods",
            "itemEndDate");

    private static final int MAX_SELLERS = 250;

    private final List<JsonObject> warnings = new ArrayList<>();
    private final List<Predicate<EbayListing>> parts = new ArrayList<>();
    private JsonObject refusal;
    private boolean buyingOptionsGiven;

    private EbayFilter() {}

    static EbayFilter parse(String text) {
        var filter = new EbayFilter();
        Map<String, String> values = split(text);
        if (values.containsKey("itemLocationCountry") && values.containsKey("itemLocationRegion")) {
            filter.refusal = EbayErrors.TWO_LOCATIONS;
        }
        filter.price(values.get("price"), values.get("priceCurrency"));
        values.forEach(filter::add);
        if (!filter.buyingOptionsGiven) {
            // A hybrid leaves the default set with its first bid.
            filter.parts.add(listing -> listing.buyingOptions().contains("FIXED_PRICE") && listing.bidCount() == 0);
        }
        return filter;
    }

    Optional<JsonObject> refusal() {
        return Optional.ofNullable(refusal);
    }

    List<JsonObject> warnings() {
        return List.copyOf(warnings);
    }

    boolean matches(EbayListing listing) {
        return parts.stream().allMatch(part -> part.test(listing));
    }

    private void add(String name, String value) {
        switch (name) {
            case "price", "priceCurrency" -> {
                // Together, before the others.
            }
            case "buyingOptions" -> {
                Set<String> wanted = set(value);
                if (wanted.isEmpty() || !BUYING_OPTIONS.containsAll(wanted)) {
                    warn(name, value);
                } else {
                    buyingOptionsGiven = true;
                    parts.add(listing -> listing.buyingOptions().stream().anyMatch(wanted::contains));
                }
            }
            case "conditions" -> {
                Set<String> wanted = set(value);
                if (wanted.isEmpty() || !CONDITIONS.containsAll(wanted)) {
                    warn(name, value);
                } else {
                    parts.add(listing -> wanted.contains(conditionGroup(listing)));
                }
            }
            case "conditionIds" -> {
                Set<String> wanted = set(value);
                if (wanted.isEmpty() || !wanted.stream().allMatch(id -> id.matches("\\d{4}"))) {
                    warn(name, value);
                } else {
                    parts.add(listing -> listing.conditionId() != null && wanted.contains(listing.conditionId()));
                }
            }
            case "itemStartDate" -> startDate(value);
            case "itemLocationCountry" -> parts.add(listing -> value.equals(listing.country()));
            case "sellers" -> sellers(name, value, true);
            case "excludeSellers" -> sellers(name, value, false);
            case "maxDeliveryCost" -> {
                if (!value.equals("0")) {
                    warn(name, value);
                } else {
                    parts.add(listing -> listing.shippingCost() != null
                            && listing.shippingCost().value().signum() == 0);
                }
            }
            case "bidCount" ->
                range(value, BigDecimal::new)
                        .ifPresentOrElse(
                                range -> parts.add(listing ->
                                        listing.isAuction() && range.holds(BigDecimal.valueOf(listing.bidCount()))),
                                () -> warn(name, value));
            default -> {
                if (!WITHOUT_EFFECT.contains(name)) {
                    warn(name, value);
                }
            }
        }
    }

    /** Both or neither: one alone filters nothing. */
    private void price(String price, String currency) {
        if (price == null && currency == null) {
            return;
        }
        Optional<Range<BigDecimal>> range = price == null ? Optional.empty() : range(price, BigDecimal::new);
        boolean knownCurrency = currency != null && Money.knows(currency);
        if (range.isPresent() && knownCurrency) {
            Range<BigDecimal> wanted = range.get();
            parts.add(listing ->
                    wanted.holds(listing.effectivePrice().in(currency).value()));
            return;
        }
        if (range.isEmpty() && price != null) {
            warn("price", price);
        } else if (currency == null) {
            warn("price", price);
        } else {
            warn("priceCurrency", currency);
        }
        warnings.add(EbayErrors.PRICE_WARNING.copy());
    }

    private void startDate(String value) {
        range(value, Instant::parse)
                .ifPresentOrElse(
                        range -> parts.add(listing -> range.holds(listing.created())),
                        () -> warn("itemStartDate", value));
    }

    private void sellers(String name, String value, boolean wanted) {
        Set<String> sellers = set(value);
        if (sellers.size() > MAX_SELLERS) {
            refusal = EbayErrors.TOO_MANY_SELLERS;
        } else if (sellers.isEmpty()) {
            warn(name, value);
        } else {
            parts.add(listing -> sellers.contains(listing.seller()) == wanted);
        }
    }

    private void warn(String name, String value) {
        warnings.add(EbayErrors.filterWarning(name, value));
    }

    private static String conditionGroup(EbayListing listing) {
        if (listing.conditionId() == null) {
            return "UNSPECIFIED";
        }
        return listing.conditionId().startsWith("1") ? "NEW" : "USED";
    }

    /** Splits at the commas that are outside of braces and brackets. */
    private static Map<String, String> split(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? ',' : text.charAt(i);
            if (c == '{' || c == '[') {
                depth++;
            } else if (c == '}' || c == ']') {
                depth--;
            } else if (c == ',' && (depth == 0 || i == text.length())) {
                String part = text.substring(from, i).strip();
                int colon = part.indexOf(':');
                if (colon > 0) {
                    values.put(part.substring(0, colon), part.substring(colon + 1));
                }
                from = i + 1;
            }
        }
        return values;
    }

    private static Set<String> set(String value) {
        if (!value.startsWith("{") || !value.endsWith("}") || value.length() < 3) {
            return Set.of();
        }
        return Set.copyOf(Arrays.asList(value.substring(1, value.length() - 1).split("\\|")));
    }

    private static <T extends Comparable<T>> Optional<Range<T>> range(String value, Function<String, T> bound) {
        if (!value.startsWith("[") || !value.endsWith("]") || value.length() < 3) {
            return Optional.empty();
        }
        String inner = value.substring(1, value.length() - 1);
        int dots = inner.indexOf("..");
        String low = dots < 0 ? inner : inner.substring(0, dots);
        String high = dots < 0 ? "" : inner.substring(dots + 2);
        try {
            return Optional.of(
                    new Range<>(low.isEmpty() ? null : bound.apply(low), high.isEmpty() ? null : bound.apply(high)));
        } catch (NumberFormatException | DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** Both bounds inclusive; null is open. */
    private record Range<T extends Comparable<T>>(T low, T high) {

        boolean holds(T value) {
            return (low == null || value.compareTo(low) >= 0) && (high == null || value.compareTo(high) <= 0);
        }
    }
}

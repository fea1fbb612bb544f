package io.waxwatch.sandbox.market;

import java.util.Map;
import java.util.Set;

/** The eBay sites: those the Browse search serves, with their currencies, and those it refuses. */
public final class Marketplaces {

    /** What a missing or misspelt marketplace header silently means. */
    public static final String DEFAULT = "EBAY_US";

    private static final Map<String, String> CURRENCIES = Map.ofEntries(
            Map.entry("EBAY_AT", "EUR"),
            Map.entry("EBAY_AU", "AUD"),
            Map.entry("EBAY_BE", "EUR"),
            Map.entry("EBAY_CA", "CAD"),
            Map.entry("EBAY_CH", "CHF"),
            Map.entry("EBAY_DE", "EUR"),
            Map.entry("EBAY_ES", "EUR"),
            Map.entry("EBAY_FR", "EUR"),
            Map.entry("EBAY_GB", "GBP"),
            Map.entry("EBAY_HK", "HKD"),
            Map.entry("EBAY_IE", "EUR"),
            Map.entry("EBAY_IT", "EUR"),
            Map.entry("EBAY_NL", "EUR"),
            Map.entry("EBAY_PL", "PLN"),
            Map.entry("EBAY_SG", "SGD"),
            Map.entry("EBAY_US", "USD"));

    private static final Set<String> REFUSED =
            Set.of("EBAY_IN", "EBAY_MY", "EBAY_PH", "EBAY_TH", "EBAY_TW", "EBAY_VN", "EBAY_MOTORS_US");

    private Marketplaces() {}

    public static boolean isServed(String marketplace) {
        return CURRENCIES.containsKey(marketplace);
    }

    /** True for a real site that Browse does not serve: it answers 409/12019. */
    public static boolean isRefused(String marketplace) {
        return REFUSED.contains(marketplace);
    }

    public static String currencyOf(String marketplace) {
        return CURRENCIES.get(marketplace);
    }
}

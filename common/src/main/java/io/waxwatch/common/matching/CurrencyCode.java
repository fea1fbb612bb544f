package io.waxwatch.common.matching;

import java.util.Currency;
import java.util.Optional;

/** Reads the code of a currency that something can be priced in. */
public final class CurrencyCode {
    /** What is wrong with any other. */
    public static final String UNKNOWN = "unknown currency";

    private CurrencyCode() {}

    /**
     * The code in upper case, without blanks around it.
     *
     * @return empty for null and for what ISO 4217 does not have ({@code EURO}, {@code BTC}, a sign), or has for no money
     *     ({@code XXX}, {@code XAU})
     */
    public static Optional<String> read(String text) {
        String code = Prices.currency(text);
        if (code == null || code.length() != 3) {
            return Optional.empty();
        }
        try {
            return Currency.getInstance(code).getDefaultFractionDigits() < 0 ? Optional.empty() : Optional.of(code);
        } catch (IllegalArgumentException unknown) {
            return Optional.empty();
        }
    }
}

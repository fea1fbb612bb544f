package io.waxwatch.common.matching;

import java.util.Currency;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the code of a currency that something can be priced in. */
public final class CurrencyCode {
    /** What is wrong with any other, and what a good one looks like. */
    public static final String UNKNOWN =
            "unknown currency; give three letters of ISO 4217 for one that is in use, such as EUR";

    /**
     * Java knows every code that ISO 4217 ever had, and not which were withdrawn, but it does know what each country of ISO 3166
     * pays with, from the same list one of ISO 4217. What no country pays with is withdrawn ({@code DEM}, {@code HRK}), a unit of
     * account ({@code CLF}, {@code CHE}), or no money ({@code XXX}, {@code XAU}).
     */
    private static final Set<String> IN_USE = Stream.of(Locale.getISOCountries())
            .map(country -> Currency.getInstance(new Locale("", country)))
            .filter(Objects::nonNull)
            .map(Currency::getCurrencyCode)
            .collect(Collectors.toUnmodifiableSet());

    private CurrencyCode() {}

    /**
     * The code in upper case, without blanks around it.
     *
     * @return empty for null and for what is no currency in use ({@code EURO}, {@code BTC}, {@code DEM}, a sign)
     */
    public static Optional<String> read(String text) {
        return Optional.ofNullable(Prices.currency(text)).filter(IN_USE::contains);
    }

    /** The same for what was stored while it was in use, or before we looked: every code of money that ISO 4217 ever had. */
    static Optional<String> readStored(String text) {
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

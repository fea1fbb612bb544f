package io.waxwatch.sandbox.market;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;

/**
 * An amount in one currency. Converts at rates fixed in this file: invented, roughly those of the twenties, and the same
 * for ever, so that tests can count on them.
 *
 * @param value two decimals, none for JPY
 * @param currency ISO 4217 code, one of those with a rate here
 */
public record Money(BigDecimal value, String currency) {

    private static final Map<String, BigDecimal> IN_USD = Map.ofEntries(
            Map.entry("USD", BigDecimal.ONE),
            Map.entry("EUR", new BigDecimal("1.10")),
            Map.entry("GBP", new BigDecimal("1.28")),
            Map.entry("CAD", new BigDecimal("0.73")),
            Map.entry("AUD", new BigDecimal("0.66")),
            Map.entry("JPY", new BigDecimal("0.0067")),
            Map.entry("CHF", new BigDecimal("1.13")),
            Map.entry("MXN", new BigDecimal("0.055")),
            Map.entry("BRL", new BigDecimal("0.18")),
            Map.entry("NZD", new BigDecimal("0.61")),
            Map.entry("SEK", new BigDecimal("0.095")),
            Map.entry("ZAR", new BigDecimal("0.054")),
            Map.entry("PLN", new BigDecimal("0.25")),
            Map.entry("HKD", new BigDecimal("0.128")),
            Map.entry("SGD", new BigDecimal("0.75")));

    public Money {
        if (!IN_USD.containsKey(currency)) {
            throw new IllegalArgumentException("no rate for this currency");
        }
        if (value.signum() < 0) {
            throw new IllegalArgumentException("an amount must not be negative");
        }
        value = value.setScale("JPY".equals(currency) ? 0 : 2, RoundingMode.HALF_UP);
    }

    public static boolean knows(String currency) {
        return IN_USD.containsKey(currency);
    }

    /** The amount, or nothing when the text is not a decimal number of at least zero or the currency is unknown. */
    public static Optional<Money> parse(String value, String currency) {
        try {
            return Optional.of(new Money(new BigDecimal(value), currency));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    public Money in(String target) {
        if (currency.equals(target)) {
            return this;
        }
        BigDecimal usd = value.multiply(IN_USD.get(currency));
        BigDecimal rate = IN_USD.get(target);
        if (rate == null) {
            throw new IllegalArgumentException("no rate for this currency");
        }
        return new Money(usd.divide(rate, 4, RoundingMode.HALF_UP), target);
    }

    public Money plus(Money other) {
        return new Money(value.add(other.in(currency).value), currency);
    }

    public Money times(BigDecimal factor) {
        return new Money(value.multiply(factor), currency);
    }
}

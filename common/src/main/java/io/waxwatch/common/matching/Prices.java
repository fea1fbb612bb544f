package io.waxwatch.common.matching;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Price clauses. Prices are compared only within one currency: nothing is converted. */
final class Prices {
    static final String DEFAULT_CURRENCY = "USD";

    private static final Set<String> WITHOUT_MINOR_UNIT = Set.of("JPY", "KRW", "CLP", "VND", "ISK");
    // Beyond this a number is written with an exponent: plain digits could fill the heap.
    private static final int LONGEST_PLAIN = 40;

    private Prices() {}

    /** Trimmed and upper-cased; null when null or blank. */
    static String currency(String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        return text.strip().toUpperCase(Locale.ROOT);
    }

    static void decide(List<Clause> clauses, BigDecimal min, BigDecimal max, String currency, Offer offer) {
        if (min != null) {
            clauses.add(clause(Clause.MIN_PRICE, min, currency, offer, 1));
        }
        if (max != null) {
            clauses.add(clause(Clause.MAX_PRICE, max, currency, offer, -1));
        }
    }

    private static Clause clause(String name, BigDecimal bound, String currency, Offer offer, int wantedSign) {
        String expected = show(bound, currency);
        if (offer.price() == null) {
            return new Clause(name, Outcome.UNKNOWN, expected, "");
        }
        String seen = show(offer.price(), offer.currency());
        if (!currency.equals(offer.currency())) {
            return new Clause(name, Outcome.UNKNOWN, expected, seen);
        }
        int sign = offer.price().compareTo(bound);
        return new Clause(name, sign == 0 || sign == wantedSign ? Outcome.PASS : Outcome.FAIL, expected, seen);
    }

    static String show(BigDecimal amount, String currency) {
        String unit = currency == null ? "of unknown currency" : currency;
        int digits = WITHOUT_MINOR_UNIT.contains(unit) ? 0 : 2;
        if (Math.abs((long) amount.scale()) > LONGEST_PLAIN || amount.precision() > LONGEST_PLAIN) {
            return amount + " " + unit;
        }
        BigDecimal plain = amount.stripTrailingZeros();
        return (plain.scale() < digits ? plain.setScale(digits) : plain).toPlainString() + " " + unit;
    }
}

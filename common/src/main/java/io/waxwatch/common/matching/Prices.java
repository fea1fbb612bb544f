package io.waxwatch.common.matching;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Set;

/** How amounts of money and their currencies are read and shown. */
final class Prices {
    static final String DEFAULT_CURRENCY = "USD";

    private static final Set<String> WITHOUT_MINOR_UNIT = Set.of("JPY", "KRW", "CLP", "VND", "ISK");
    // Beyond this a number is written with an exponent: plain digits could fill the heap.
    private static final int LONGEST_PLAIN = 40;

    private Prices() {}

    /**
     * Trimmed, and in upper case if it is in letters of ASCII; null when null or blank. Other letters stay: a Turkish dotless i
     * would become an I, and a word that is no code would be one.
     */
    static String currency(String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        String code = text.strip();
        return code.chars().allMatch(letter -> letter < 0x80) ? code.toUpperCase(Locale.ROOT) : code;
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

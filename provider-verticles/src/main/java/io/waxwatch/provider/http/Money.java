package io.waxwatch.provider.http;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An amount, at the scale of its currency but at most 2: what a listing can be compared and stored at. The excess digits of a
 * converted amount (14.875000000000002) are rounded half up.
 *
 * @param value not negative, below 10^10
 * @param currency three upper-case letters; any, for sellers list in currencies that no list of ours knows
 */
public record Money(BigDecimal value, String currency) {

    private static final Pattern PLAIN = Pattern.compile("\\d{1,18}(\\.\\d{1,30})?");
    private static final Pattern CODE = Pattern.compile("[A-Za-z]{3}");
    private static final BigDecimal LIMIT = BigDecimal.TEN.pow(10);
    private static final int MAX_SCALE = 2;

    /** {@code {value, currency}}, the value as text or as a number; empty when either is missing or no amount. */
    public static Optional<Money> of(JsonView amount, String valueKey, String currencyKey) {
        return currency(amount.text(currencyKey)).flatMap(code -> of(amount.text(valueKey), code));
    }

    /** {@code {value, currency}}. */
    public static Optional<Money> of(JsonView amount) {
        return of(amount, "value", "currency");
    }

    /** A plain decimal number. */
    public static Optional<Money> of(String value, String currency) {
        // The pattern keeps out exponents: setting the scale of 1e999999999 would take all memory.
        if (value == null || !PLAIN.matcher(value.trim()).matches()) {
            return Optional.empty();
        }
        BigDecimal amount = new BigDecimal(value.trim()).setScale(scale(currency), RoundingMode.HALF_UP);
        return amount.compareTo(LIMIT) < 0 ? Optional.of(new Money(amount, currency)) : Optional.empty();
    }

    /** A currency code in upper case, or empty for what cannot be one. */
    public static Optional<String> currency(String text) {
        return Optional.ofNullable(text)
                .map(String::trim)
                // Before the case changes: a Turkish dotless i would become an I.
                .filter(code -> CODE.matcher(code).matches())
                .map(code -> code.toUpperCase(Locale.ROOT));
    }

    private static int scale(String currency) {
        try {
            int digits = Currency.getInstance(currency).getDefaultFractionDigits();
            return digits < 0 ? MAX_SCALE : Math.min(digits, MAX_SCALE);
        } catch (IllegalArgumentException unknown) {
            return MAX_SCALE;
        }
    }
}

package io.waxwatch.gateway.validation;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/** Lenient numbers and truth values: what the contract converts, from JSON or from a query string. */
public final class Numbers {

    /** The largest amount that a numeric(14,2) column holds. */
    private static final BigDecimal MAX_MONEY = new BigDecimal("999999999999.99");

    private static final Pattern WHOLE = Pattern.compile("\\s*[+-]?[0-9]{1,40}(?:\\.0*)?\\s*");
    private static final Pattern NUMBER =
            Pattern.compile("\\s*[+-]?(?:[0-9]{1,100}\\.?[0-9]{0,100}|\\.[0-9]{1,100})(?:[eE][+-]?[0-9]{1,4})?\\s*");
    private static final Set<String> TRUE = Set.of("yes", "on", "y", "t", "true", "1");
    private static final Set<String> FALSE = Set.of("no", "off", "n", "f", "false", "0");

    private Numbers() {}

    public static OptionalLong whole(Object value, List<?> loc, long min, long max, Violations violations) {
        BigInteger number;
        if (value instanceof Boolean bool) {
            number = bool ? BigInteger.ONE : BigInteger.ZERO;
        } else if (value instanceof Integer || value instanceof Long) {
            number = BigInteger.valueOf(((Number) value).longValue());
        } else if (value instanceof BigInteger big) {
            number = big;
        } else if (value instanceof BigDecimal real) {
            if (real.stripTrailingZeros().scale() > 0) {
                violations.add(
                        "int_from_float",
                        loc,
                        "Input should be a valid integer, got a number with a fractional part",
                        value,
                        null);
                return OptionalLong.empty();
            }
            number = real.toBigInteger();
        } else if (value instanceof String text) {
            if (!WHOLE.matcher(text).matches()) {
                violations.add(
                        "int_parsing",
                        loc,
                        "Input should be a valid integer, unable to parse string as an integer",
                        value,
                        null);
                return OptionalLong.empty();
            }
            number = new BigDecimal(text.strip()).toBigInteger();
        } else {
            violations.add("int_type", loc, "Input should be a valid integer", value, null);
            return OptionalLong.empty();
        }
        if (number.compareTo(BigInteger.valueOf(min)) < 0) {
            violations.tooLow(loc, value, min);
            return OptionalLong.empty();
        }
        if (number.compareTo(BigInteger.valueOf(max)) > 0) {
            violations.tooHigh(loc, value, max);
            return OptionalLong.empty();
        }
        return OptionalLong.of(number.longValueExact());
    }

    static Optional<BigDecimal> money(Object value, List<?> loc, Violations violations) {
        BigDecimal number;
        if (value instanceof Number given) {
            number = new BigDecimal(given.toString());
        } else if (value instanceof String text) {
            if (!NUMBER.matcher(text).matches()) {
                violations.add(
                        "float_parsing",
                        loc,
                        "Input should be a valid number, unable to parse string as a number",
                        value,
                        null);
                return Optional.empty();
            }
            number = new BigDecimal(text.strip());
        } else {
            violations.add("float_type", loc, "Input should be a valid number", value, null);
            return Optional.empty();
        }
        if (number.signum() < 0) {
            violations.tooLow(loc, value, 0.0);
            return Optional.empty();
        }
        if (number.compareTo(MAX_MONEY) > 0) {
            violations.tooHigh(loc, value, MAX_MONEY);
            return Optional.empty();
        }
        return Optional.of(number.setScale(2, RoundingMode.HALF_UP));
    }

    static Optional<Boolean> bool(Object value, List<?> loc, Violations violations) {
        if (value instanceof Boolean bool) {
            return Optional.of(bool);
        }
        if (value instanceof Number || value instanceof String) {
            String text = value instanceof BigDecimal number
                    ? number.stripTrailingZeros().toPlainString()
                    : value.toString().strip().toLowerCase(Locale.ROOT).replaceFirst("\\.0$", "");
            if (TRUE.contains(text)) {
                return Optional.of(true);
            }
            if (FALSE.contains(text)) {
                return Optional.of(false);
            }
        }
        violations.add("bool_parsing", loc, "Input should be a valid boolean, unable to interpret input", value, null);
        return Optional.empty();
    }
}

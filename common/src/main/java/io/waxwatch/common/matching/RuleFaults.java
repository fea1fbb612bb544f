package io.waxwatch.common.matching;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What would keep a rule from ever doing what it says, in words that tell its owner the way out. Judged when a rule is
 * written; one that is stored already is read as {@link RuleQuery#fromStored} says.
 */
public final class RuleFaults {
    private static final String NO_WORD =
            "there is no word to look for: give at least one keyword with a letter or a digit";

    private RuleFaults() {}

    /**
     * The first fault of a rule's query: a bound that is no number, an unknown currency or grade, a lowest price above the
     * highest, words of which none can be looked for. A rule that names neither {@code keywords} nor {@code q} is not at
     * fault: it is not finished, and matches nothing yet.
     *
     * @param query the stored form
     */
    public static Optional<String> first(Map<String, Object> query) {
        return bound("min_price", query.get("min_price"))
                .or(() -> bound("max_price", query.get("max_price")))
                .or(() -> currency(query.get("currency")))
                .or(() -> grade(query.get("min_condition")))
                .or(() -> judge(query));
    }

    /** What is wrong with a lowest grade; empty for one that is known, and for a blank text, which asks for none. */
    public static Optional<String> ofGrade(String text) {
        return text == null || text.isBlank() || Grade.parse(text).isPresent()
                ? Optional.empty()
                : Optional.of("unknown grade; the grades are " + Grade.abbreviations()
                        + ", also by their names (Near Mint); leave it out for any");
    }

    /** What is wrong with words to look for; empty when at least one of them has a letter or a digit. */
    public static Optional<String> ofWords(RuleQuery query) {
        if (!query.keywords().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(query.excluded().isEmpty() ? NO_WORD : NO_WORD + ", beside what is excluded");
    }

    private static Optional<String> judge(Map<String, Object> stored) {
        Map<String, Object> anywhere = new HashMap<>(stored);
        // Marketplaces of which none is known leave no keyword either, and are not what is judged here.
        anywhere.remove("sources");
        RuleQuery query = RuleQuery.fromStored(anywhere);
        BigDecimal min = query.minPrice();
        BigDecimal max = query.maxPrice();
        if (min != null && max != null && min.compareTo(max) > 0) {
            return Optional.of("query.min_price is above query.max_price, so no price is between them; exchange them,"
                    + " or leave one out");
        }
        boolean named = stored.get("keywords") != null || stored.get("q") != null;
        return named ? ofWords(query).map(fault -> "query.keywords and query.q: " + fault) : Optional.empty();
    }

    private static Optional<String> bound(String name, Object value) {
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof Number number) || !Double.isFinite(number.doubleValue())) {
            return Optional.of("query." + name + " must be a numeric value");
        }
        return number.doubleValue() < 0 ? Optional.of("query." + name + " must be non-negative") : Optional.empty();
    }

    private static Optional<String> currency(Object value) {
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof String text)) {
            return Optional.of("query.currency must be a string when provided");
        }
        return text.isBlank() || CurrencyCode.read(text).isPresent()
                ? Optional.empty()
                : Optional.of(
                        "query.currency: " + CurrencyCode.UNKNOWN + "; give three letters of ISO 4217, such as EUR,"
                                + " or leave it out for the currency of your profile");
    }

    private static Optional<String> grade(Object value) {
        if (value == null) {
            return Optional.empty();
        }
        return value instanceof String text
                ? ofGrade(text).map(fault -> "query.min_condition: " + fault)
                : Optional.of("query.min_condition must be a string when provided");
    }
}

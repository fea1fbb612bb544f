package io.waxwatch.common.matching;

import java.util.Objects;

/**
 * One condition of a watch, and what the offer had to say about it.
 *
 * @param name which condition; one of the constants of this class
 * @param outcome pass, fail or unknown
 * @param expected what the watch asks for, readable
 * @param seen what the offer shows, readable; empty when it shows nothing
 */
public record Clause(String name, Outcome outcome, String expected, String seen) {
    public static final String SOURCE = "source";
    public static final String TERMS = "terms";
    public static final String KEYWORD = "keyword";
    public static final String EXCLUDED = "excluded";
    public static final String MIN_PRICE = "min_price";
    public static final String MAX_PRICE = "max_price";
    public static final String MIN_CONDITION = "min_condition";
    public static final String RELEASE = "release";
    public static final String RELEASE_TITLE = "release_title";

    public Clause {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(expected, "expected");
        Objects.requireNonNull(seen, "seen");
    }

    /** The clause as a sentence for the collector. */
    String sentence() {
        return Criteria.sentence(this);
    }
}

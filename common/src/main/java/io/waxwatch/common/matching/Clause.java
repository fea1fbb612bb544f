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
        return switch (name) {
            case SOURCE -> pass() ? "found on " + seen : seen + " is not " + expected;
            case TERMS -> "the watch has no searchable keyword";
            case KEYWORD -> pass() ? "title has \"" + expected + "\"" : "title lacks \"" + expected + "\"";
            case EXCLUDED ->
                pass()
                        ? "title does not have \"" + expected + "\""
                        : "title has \"" + expected + "\", which is excluded";
            case MIN_PRICE -> priceSentence("is at least", "is below");
            case MAX_PRICE -> priceSentence("is at most", "is above");
            case MIN_CONDITION ->
                outcome == Outcome.UNKNOWN
                        ? "no grade is stated, so it may not be at least " + expected
                        : seen + (pass() ? " is at least " : " is below ") + expected;
            case RELEASE -> pass() ? "it is " + expected : "it is " + seen + ", not " + expected;
            case RELEASE_TITLE ->
                switch (outcome) {
                    case PASS -> "title has every word of \"" + expected + "\"";
                    case FAIL -> "title lacks a word of \"" + expected + "\"";
                    case UNKNOWN -> "the offer does not say which release it is";
                };
            default -> name + ": wanted " + expected + ", seen " + seen;
        };
    }

    private String priceSentence(String holds, String fails) {
        return switch (outcome) {
            case PASS -> seen + " " + holds + " " + expected;
            case FAIL -> seen + " " + fails + " " + expected;
            case UNKNOWN ->
                seen.isEmpty()
                        ? "there is no fixed price to compare with " + expected
                        : seen + " cannot be compared with " + expected;
        };
    }

    private boolean pass() {
        return outcome == Outcome.PASS;
    }
}

package io.waxwatch.common.matching;

import java.util.Optional;
import java.util.TreeSet;

/**
 * The upstream search text that rules share: rules that reduce to the same text are served by one poll.
 *
 * <p>Only what widens stays: the words of the required phrases. Phrase order, exclusions, price and grade are judged here,
 * by {@link RuleMatcher}, on what comes back.
 */
public final class CanonicalQuery {
    /** Longest {@code q} of eBay's Browse search, in characters. */
    public static final int EBAY_MAX_LENGTH = 100;

    private CanonicalQuery() {}

    /**
     * Sorted distinct folded words joined by a blank, at most {@link #EBAY_MAX_LENGTH} characters: words that do not fit are
     * dropped from the end, whole, which only makes the search wider.
     *
     * @return empty when the rule has no term, or none that fits
     */
    public static Optional<String> ebay(RuleQuery query) {
        TreeSet<String> words = new TreeSet<>();
        query.keywords().forEach(phrase -> words.addAll(TitleText.words(phrase)));
        StringBuilder text = new StringBuilder();
        for (String word : words) {
            if (word.length() > EBAY_MAX_LENGTH) {
                continue;
            }
            int length = text.length() + (text.isEmpty() ? 0 : 1) + word.length();
            if (length > EBAY_MAX_LENGTH) {
                break;
            }
            text.append(text.isEmpty() ? "" : " ").append(word);
        }
        return text.isEmpty() ? Optional.empty() : Optional.of(text.toString());
    }
}

package io.waxwatch.common.matching;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a collector would type: {@code q}. Each word is required; {@code "a phrase"} in quotes is required as such; a leading
 * {@code -} excludes the word or phrase. Judges what is excluded.
 */
final class SearchTextCriterion extends Criterion {

    SearchTextCriterion() {
        super("q", Index.FILES, Clause.EXCLUDED);
    }

    @Override
    public Optional<String> faultOfNull() {
        return Optional.of(named(" must be a string when provided"));
    }

    @Override
    public Optional<String> fault(Object given) {
        if (!(given instanceof String text)) {
            return faultOfNull();
        }
        return text.isBlank() ? Optional.of(named(" must be non-empty when provided")) : Optional.empty();
    }

    @Override
    public Object normal(Object given) {
        return ((String) given).strip().toLowerCase(Locale.ROOT);
    }

    @Override
    boolean read(Object stored, RuleQuery.Draft into) {
        if (!(stored instanceof String text)) {
            return false;
        }
        int at = 0;
        while (at < text.length()) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
                continue;
            }
            boolean exclude = text.charAt(at) == '-';
            while (at < text.length() && text.charAt(at) == '-') {
                at++;
            }
            boolean quoted = at < text.length() && isQuote(text.charAt(at));
            int start = quoted ? at + 1 : at;
            int end = endOf(text, start, quoted);
            if (exclude) {
                into.exclude(text.substring(start, end));
            } else {
                into.require(text.substring(start, end));
            }
            at = quoted ? end + 1 : end;
        }
        return true;
    }

    private static int endOf(String text, int start, boolean quoted) {
        int end = start;
        while (end < text.length()
                && !isQuote(text.charAt(end))
                && (quoted || !Character.isWhitespace(text.charAt(end)))) {
            end++;
        }
        return end;
    }

    private static boolean isQuote(char c) {
        return c == '"' || c == '\u201C' || c == '\u201D' || c == '\u201E';
    }

    @Override
    void judge(RuleQuery query, Offer offer, String title, List<Clause> clauses) {
        for (String excluded : query.excluded()) {
            boolean found = Phrases.wholeIn(title, excluded);
            clauses.add(new Clause(Clause.EXCLUDED, found ? Outcome.FAIL : Outcome.PASS, excluded, title));
        }
    }

    @Override
    String sentence(Clause clause) {
        return passed(clause)
                ? "title does not have \"" + clause.expected() + "\""
                : "title has \"" + clause.expected() + "\", which is excluded";
    }
}

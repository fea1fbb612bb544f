package io.waxwatch.common.matching;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keys of a query that no condition has, but that look as if one was meant: {@code keyword}, {@code max_prize}, {@code minPrice}.
 * They are kept as their owner's own, and look for nothing, which nobody would notice.
 */
public final class MistypedKeys {

    /** So many letters left out, added or exchanged. */
    private static final int MOST_MISTAKES = 2;
    /** Of shorter keys ({@code q}) anything would be a slip. */
    private static final int SHORTEST = 2 * MOST_MISTAKES + 1;

    private MistypedKeys() {}

    /** A sentence for each, with the way out, in the order of the query. */
    public static List<String> notes(Map<String, Object> query) {
        return query.keySet().stream()
                .flatMap(key -> meant(key)
                        .map(known ->
                                "query." + key + " is kept, and looks for nothing; for the condition write " + known)
                        .stream())
                .toList();
    }

    private static Optional<String> meant(String key) {
        List<String> known = Criteria.all().stream().map(Criterion::key).toList();
        if (known.contains(key) || key.length() > 40) {
            return Optional.empty();
        }
        return known.stream()
                .filter(each -> each.length() >= SHORTEST && distance(key, each) <= MOST_MISTAKES)
                .min(Comparator.comparingInt(each -> distance(key, each)));
    }

    /** Levenshtein's: the fewest letters to leave out, add or exchange. */
    static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int exchanged = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(exchanged, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }
}

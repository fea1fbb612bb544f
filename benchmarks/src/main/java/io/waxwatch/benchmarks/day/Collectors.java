package io.waxwatch.benchmarks.day;

import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.matching.RuleQuery;
import io.waxwatch.common.polls.PollPlanner;
import io.waxwatch.common.polls.PollSpec;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Rules of many collectors and titles of records, of one vocabulary: a rule names an artist, and half of them a word of the
 * record too; a title names an artist, a record of two words, and what else sellers write. Few artists are wanted by many.
 */
final class Collectors {

    private static final int ARTISTS = 30_000;
    private static final int WORDS = 8_000;
    private static final double SKEW = 0.8;
    private static final List<String> EXTRAS =
            List.of("LP", "vinyl", "VG+", "original", "reissue", "1973", "stereo", "gatefold");
    private static final List<String> SYLLABLES = List.of(
            "ba", "ko", "ri", "ta", "mu", "sen", "lo", "vi", "dar", "po", "ne", "sha", "gu", "el", "an", "tor", "fi",
            "zu", "ma", "re");

    private final SplittableRandom random;
    private final String[] artists = new String[ARTISTS];
    private final String[] words = new String[WORDS];
    private final double[] weights = new double[ARTISTS];

    Collectors(long seed) {
        this.random = new SplittableRandom(seed);
        double sum = 0;
        for (int i = 0; i < ARTISTS; i++) {
            artists[i] = word(2) + i % 97 + " " + word(3);
            sum += 1 / Math.pow(i + 1, SKEW);
            weights[i] = sum;
        }
        for (int i = 0; i < WORDS; i++) {
            words[i] = word(2 + i % 2);
        }
    }

    private String word(int syllables) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < syllables; i++) {
            word.append(SYLLABLES.get(random.nextInt(SYLLABLES.size())));
        }
        return word.toString();
    }

    private String artist() {
        int at = java.util.Arrays.binarySearch(weights, random.nextDouble() * weights[ARTISTS - 1]);
        return artists[at < 0 ? Math.min(ARTISTS - 1, -at - 1) : at];
    }

    private String record() {
        return words[random.nextInt(WORDS)];
    }

    RuleQuery rule() {
        List<String> keywords = random.nextBoolean() ? List.of(artist()) : List.of(artist(), record());
        BigDecimal cap = random.nextBoolean() ? BigDecimal.valueOf(random.nextInt(15, 120)) : null;
        return new RuleQuery(Set.of(Provider.EBAY), keywords, List.of(), null, cap, "USD", null);
    }

    String title() {
        return artist() + " " + record() + " " + record() + " " + EXTRAS.get(random.nextInt(EXTRAS.size()));
    }

    BigDecimal price() {
        return BigDecimal.valueOf(random.nextInt(5, 150));
    }

    double uniform() {
        return random.nextDouble();
    }

    /** What the planner makes of rules: by poll, whose rules it serves. */
    static Map<String, List<UUID>> polls(PollPlanner planner, Map<UUID, RuleQuery> rules) {
        Map<String, List<UUID>> polls = new HashMap<>();
        rules.forEach((id, rule) -> {
            for (PollSpec spec : planner.forRule(rule, 600)) {
                polls.computeIfAbsent(spec.key().text(), key -> new ArrayList<>())
                        .add(id);
            }
        });
        return polls;
    }
}

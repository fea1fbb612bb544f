package io.waxwatch.common.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WatchIndexTest {
    private static final UUID ID = new UUID(1, 2);

    private final WatchIndex index = new WatchIndex();

    @Test
    void finds_a_rule_by_the_start_of_a_word() {
        index.putRule(ID, keywords("art"));

        assertThat(index.match(titled("Artists of the world")).rules()).containsExactly(ID);
        assertThat(index.match(titled("Party music")).isEmpty()).isTrue();
    }

    @Test
    void put_replaces_and_remove_forgets() {
        index.putRule(ID, keywords("old"));
        index.putRule(ID, keywords("new"));

        assertThat(index.size()).isOne();
        assertThat(index.match(titled("old")).isEmpty()).isTrue();
        assertThat(index.match(titled("new")).rules()).containsExactly(ID);
        assertThat(index.contains(ID)).isTrue();
        assertThat(index.remove(ID)).isTrue();
        assertThat(index.remove(ID)).isFalse();
        assertThat(index.match(titled("new")).isEmpty()).isTrue();
    }

    @Test
    void a_rule_without_terms_is_held_and_matches_nothing() {
        index.putRule(ID, keywords());

        assertThat(index.size()).isOne();
        assertThat(index.match(titled("anything")).isEmpty()).isTrue();
        assertThat(index.remove(ID)).isTrue();
    }

    @Test
    void a_release_found_by_id_and_by_title_is_given_once() {
        index.putRelease(
                ID, new ReleaseWatch(7, 9L, ReleaseWatch.Mode.MASTER, "Blue Harbour", "The Tides", null, null, null));

        Offer offer = new Offer(Provider.DISCOGS, "Tides - Blue Harbour", null, null, null, 7L, 9L);
        assertThat(index.match(offer).releases()).containsExactly(ID);
    }

    @Test
    void holds_a_rule_of_two_thousand_words() {
        List<String> many = IntStream.range(0, 2_000).mapToObj(n -> "word" + n).toList();
        index.putRule(ID, new RuleQuery(Set.of(), many, List.of(), null, null, null, null));
        index.putRelease(
                new UUID(3, 4),
                new ReleaseWatch(1, null, ReleaseWatch.Mode.EXACT, String.join(" ", many), "artist", null, null, null));

        Hits hits = index.match(titled("artist " + String.join(" ", many)));
        assertThat(hits.rules()).containsExactly(ID);
        assertThat(hits.releases()).hasSize(1);
        assertThat(index.match(titled("word0 word1999")).isEmpty()).isTrue();
        assertThat(index.remove(ID)).isTrue();
        assertThat(index.remove(new UUID(3, 4))).isTrue();
    }

    /** Enough watches to grow, shrink and reuse every table, which the property's short histories do not. */
    @Test
    void agrees_with_brute_force_through_heavy_churn() {
        SplittableRandom random = new SplittableRandom(20_261_121);
        List<String> words = IntStream.range(0, 400)
                .mapToObj(n -> Integer.toString(random.nextInt(1, 40_000), 36))
                .toList();
        RuleQuery[] rules = new RuleQuery[4_000];
        for (int round = 0; round < 30_000; round++) {
            int n = random.nextInt(rules.length);
            // Waves: mostly adding, then mostly taking out.
            boolean add = random.nextInt(100) < ((round / 6_000) % 2 == 0 ? 80 : 25);
            if (add) {
                rules[n] = keywords(pick(words, random, 1 + random.nextInt(3)).split(" "));
                index.putRule(new UUID(n, n * 31L), rules[n]);
            } else {
                rules[n] = null;
                index.remove(new UUID(n, n * 31L));
            }
            if (round % 150 == 0) {
                Offer offer = titled(pick(words, random, 8));
                List<UUID> expected = IntStream.range(0, rules.length)
                        .filter(i -> rules[i] != null
                                && RuleMatcher.decide(rules[i], offer).matched())
                        .mapToObj(i -> new UUID(i, i * 31L))
                        .toList();
                assertThat(index.match(offer).rules()).containsExactlyInAnyOrderElementsOf(expected);
            }
        }
    }

    /** Halves that cancel out under a careless hash would make this quadratic: minutes instead of a moment. */
    @Test
    @Timeout(30)
    void ids_with_a_pattern_do_not_collide() {
        for (int n = 0; n < 100_000; n++) {
            index.putRule(new UUID(n * 0x9E3779B97F4A7C15L, n), keywords("word" + n % 1_000));
        }
        for (int n = 0; n < 100_000; n++) {
            assertThat(index.remove(new UUID(n * 0x9E3779B97F4A7C15L, n))).isTrue();
        }
        assertThat(index.size()).isZero();
    }

    @Test
    void churn_does_not_grow_the_heap() {
        SplittableRandom random = new SplittableRandom(7);
        long settled = 0;
        for (int round = 0; round < 200_000; round++) {
            String word = "term" + random.nextInt(1_000_000);
            RuleQuery rule =
                    new RuleQuery(Set.of(), List.of(word, "x" + word), List.of(), null, BigDecimal.TEN, "EUR", null);
            index.putRule(new UUID(0, round % 1_000), rule);
            if (round == 20_000) {
                settled = index.heapBytes();
            }
        }
        assertThat(index.heapBytes()).isLessThan(settled + settled / 4);
    }

    private static String pick(List<String> words, SplittableRandom random, int count) {
        List<String> picked = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            picked.add(words.get(random.nextInt(1 + random.nextInt(words.size()))));
        }
        return picked.stream().collect(Collectors.joining(" "));
    }

    private static RuleQuery keywords(String... keywords) {
        return new RuleQuery(Set.of(), List.of(keywords), List.of(), null, null, null, null);
    }

    private static Offer titled(String title) {
        return new Offer(Provider.EBAY, title, null, null, null, null, null);
    }
}

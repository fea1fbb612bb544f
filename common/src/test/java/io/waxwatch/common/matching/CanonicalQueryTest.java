package io.waxwatch.common.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CanonicalQueryTest {
    @Test
    void sorts_folds_and_leaves_exclusions_out() {
        assertThat(CanonicalQuery.ebay(RuleQuery.fromStored(
                        Map.of("keywords", List.of("Blue Harbour", "Björk"), "q", "blue -live vinyl"))))
                .contains("bjork blue harbour vinyl");
        assertThat(CanonicalQuery.ebay(RuleQuery.fromStored(Map.of("q", "-live"))))
                .isEmpty();
    }

    @Test
    void drops_whole_words_from_the_end() {
        String a = "a".repeat(60);
        String b = "b".repeat(39);

        assertThat(CanonicalQuery.ebay(query(List.of(b, a)))).contains(a + " " + b);
        assertThat(CanonicalQuery.ebay(query(List.of(b + "b", a, "c")))).contains(a);
        assertThat(CanonicalQuery.ebay(query(List.of("z".repeat(101))))).isEmpty();
    }

    @Property
    void does_not_depend_on_order_case_or_repetition(@ForAll("keywords") List<String> keywords, @ForAll Random random) {
        List<String> changed = new ArrayList<>(keywords);
        keywords.forEach(keyword -> changed.add(random.nextBoolean() ? keyword.toUpperCase(Locale.ROOT) : keyword));
        Collections.shuffle(changed, random);

        assertThat(CanonicalQuery.ebay(query(changed))).isEqualTo(CanonicalQuery.ebay(query(keywords)));
    }

    @Property
    void is_idempotent_and_short_enough(@ForAll("keywords") List<String> keywords) {
        Optional<String> canonical = CanonicalQuery.ebay(query(keywords));

        assertThat(canonical.flatMap(text -> CanonicalQuery.ebay(query(List.of(text)))))
                .isEqualTo(canonical);
        assertThat(canonical.orElse("")).hasSizeLessThanOrEqualTo(CanonicalQuery.EBAY_MAX_LENGTH);
    }

    /** Upstream must not miss what we would match here, as far as whole words go. */
    @Property
    void asks_for_nothing_that_the_rule_does_not(@ForAll("keywords") List<String> keywords) {
        Set<String> words = Set.copyOf(TitleText.words(String.join(" ", keywords)));

        assertThat(words)
                .containsAll(
                        TitleText.words(CanonicalQuery.ebay(query(keywords)).orElse("")));
    }

    @Provide
    Arbitrary<List<String>> keywords() {
        Arbitrary<String> word =
                Arbitraries.strings().alpha().withChars("äØ日+ -").ofMaxLength(40);
        return word.list().ofMaxSize(6);
    }

    private static RuleQuery query(List<String> keywords) {
        return new RuleQuery(Set.of(), keywords, List.of(), null, null, null, null);
    }
}

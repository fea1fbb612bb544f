package io.waxwatch.common.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RuleMatcherTest {
    @Test
    void explains_a_match_to_the_collector() {
        RuleQuery query = new RuleQuery(
                Set.of(Provider.EBAY),
                List.of("Blue Harbour"),
                List.of("live"),
                new BigDecimal("5"),
                new BigDecimal("25"),
                "USD",
                Grade.VERY_GOOD);

        Decision decision = RuleMatcher.decide(query, offer("Tides: BLUE harbour (LP)", "18.5", "USD", "VG+"));

        assertThat(decision.matched()).isTrue();
        assertThat(decision.reasons())
                .containsExactly(
                        "found on eBay",
                        "title has \"blue harbour\"",
                        "title does not have \"live\"",
                        "18.50 USD is at least 5.00 USD",
                        "18.50 USD is at most 25.00 USD",
                        "VG+ is at least VG");
    }

    @Test
    void explains_a_refusal() {
        RuleQuery query = new RuleQuery(
                Set.of(Provider.DISCOGS),
                List.of("harbour"),
                List.of("live"),
                null,
                BigDecimal.TEN,
                "EUR",
                Grade.NEAR_MINT);

        Decision decision = RuleMatcher.decide(query, offer("Harbor live", "18.5", "EUR", "Used"));

        assertThat(decision.matched()).isFalse();
        assertThat(decision.reasons())
                .containsExactly(
                        "eBay is not Discogs",
                        "title lacks \"harbour\"",
                        "title has \"live\", which is excluded",
                        "18.50 EUR is above 10.00 EUR",
                        "no grade is stated, so it may not be at least NM");
        assertThat(decision.clauses().get(4))
                .isEqualTo(new Clause(Clause.MIN_CONDITION, Outcome.UNKNOWN, "NM", "Used"));
    }

    @Test
    void a_keyword_matches_only_at_the_start_of_a_word() {
        assertThat(matches("art", "Artist")).isTrue();
        assertThat(matches("art", "pop-art")).isTrue();
        assertThat(matches("art", "party")).isFalse();
        assertThat(matches("AC/DC", "ac dc live")).isTrue();
        assertThat(matches("björk", "BJORK debut")).isTrue();
        assertThat(matches("日本", "LP 日本盤")).isTrue();
        assertThat(matches("か", "がらす")).isFalse();
    }

    @Test
    void a_phrase_is_contiguous_and_ends_in_the_start_of_a_word() {
        assertThat(matches("blue harb", "Blue Harbour")).isTrue();
        assertThat(matches("blue harbour", "Blue old Harbour")).isFalse();
        assertThat(matches("blu harbour", "Blue Harbour")).isFalse();
        assertThat(matches("blue harbour", "true blue harbour")).isTrue();
        assertThat(matches("a b", "xa b a b")).isTrue();
    }

    @Test
    void an_exclusion_hides_whole_words_only() {
        RuleQuery query = RuleQuery.fromStored(Map.of("q", "band -live"));

        assertThat(RuleMatcher.decide(query, titled("band LIVE!")).matched()).isFalse();
        assertThat(RuleMatcher.decide(query, titled("band Liverpool")).matched())
                .isTrue();
    }

    @Test
    void prices_need_one_currency_and_a_fixed_price() {
        RuleQuery capped = new RuleQuery(Set.of(), List.of("x"), List.of(), null, BigDecimal.TEN, null, null);

        assertThat(RuleMatcher.decide(capped, offer("x", "10.00", "usd", null)).matched())
                .isTrue();
        assertThat(RuleMatcher.decide(capped, offer("x", "10.01", "USD", null)).matched())
                .isFalse();
        RuleQuery pounds = new RuleQuery(Set.of(), List.of("x"), List.of(), null, BigDecimal.TEN, " gbp", null);
        assertThat(RuleMatcher.decide(pounds, offer("x", "1", "GBP", null)).matched())
                .isTrue();
        Decision other = RuleMatcher.decide(pounds, offer("x", "1", "USD", null));
        assertThat(other.clauses().get(1).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(other.reasons()).contains("1.00 USD cannot be compared with 10.00 GBP");
        Decision auction = RuleMatcher.decide(capped, offer("x", null, "USD", null));
        assertThat(auction.matched()).isFalse();
        assertThat(auction.reasons()).contains("there is no fixed price to compare with 10.00 USD");
    }

    @Test
    void a_rule_without_a_term_matches_nothing() {
        Decision decision = RuleMatcher.decide(RuleQuery.fromStored(Map.of()), titled("anything"));

        assertThat(decision.matched()).isFalse();
        assertThat(decision.reasons()).containsExactly("the watch has no searchable keyword");
    }

    @Test
    void a_grade_in_the_title_serves_when_the_condition_has_none() {
        RuleQuery graded = new RuleQuery(Set.of(), List.of("x"), List.of(), null, null, null, Grade.VERY_GOOD);

        assertThat(RuleMatcher.decide(graded, offer("x NM/NM", null, null, "Used"))
                        .matched())
                .isTrue();
        assertThat(RuleMatcher.decide(graded, offer("x NM/NM", null, null, "Good (G)"))
                        .matched())
                .isFalse();
    }

    private static boolean matches(String keyword, String title) {
        RuleQuery query = new RuleQuery(Set.of(), List.of(keyword), List.of(), null, null, null, null);
        return RuleMatcher.decide(query, titled(title)).matched();
    }

    private static Offer titled(String title) {
        return offer(title, null, null, null);
    }

    private static Offer offer(String title, String price, String currency, String condition) {
        BigDecimal amount = price == null ? null : new BigDecimal(price);
        return new Offer(Provider.EBAY, title, amount, currency, condition, null, null);
    }
}

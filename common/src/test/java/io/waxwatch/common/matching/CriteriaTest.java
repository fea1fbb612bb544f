package io.waxwatch.common.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CriteriaTest {

    @Test
    void are_listed_alike_as_they_are_judged_and_as_they_are_checked() {
        assertThat(Criteria.asChecked()).containsExactlyInAnyOrderElementsOf(Criteria.all());
        assertThat(Criteria.filters())
                .containsExactly("keywords", "q", "min_price", "max_price", "currency", "min_condition");
    }

    @Test
    void every_clause_of_a_verdict_has_its_sentence() {
        var rule = RuleQuery.fromStored(Map.of(
                "sources",
                List.of("ebay"),
                "keywords",
                List.of("tides"),
                "q",
                "harbour -live",
                "min_price",
                5,
                "max_price",
                6,
                "min_condition",
                "VG"));
        var offers = List.of(
                new Offer(Provider.EBAY, "Tides harbour", new BigDecimal("5.5"), "USD", "NM", null, null),
                new Offer(Provider.DISCOGS, "Live", new BigDecimal("4"), "USD", "G", null, null),
                new Offer(Provider.DISCOGS, "Live", new BigDecimal("7"), "EUR", "", null, null));

        assertThat(offers)
                .allSatisfy(offer -> assertThat(RuleMatcher.decide(rule, offer).reasons())
                        .hasSize(7)
                        .doesNotContain(""));
        assertThat(RuleMatcher.decide(RuleQuery.fromStored(Map.of()), offers.get(0))
                        .reasons())
                .containsExactly("the watch has no searchable keyword");
    }

    @Test
    void what_cannot_be_judged_is_named_and_counts_as_absent() {
        Map<String, Object> stored = Map.of(
                "sources",
                List.of("ebay", "napster"),
                "keywords",
                List.of("tides", 7),
                "q",
                8,
                "min_price",
                "cheap",
                "max_price",
                20,
                "currency",
                List.of("EUR"),
                "min_condition",
                7,
                "colour",
                "blue");

        assertThat(Criteria.ignored(stored))
                .containsExactly("sources", "keywords", "q", "min_price", "currency", "min_condition");
        assertThat(RuleQuery.fromStored(stored))
                .isEqualTo(RuleQuery.fromStored(
                        Map.of("sources", List.of("ebay"), "keywords", List.of("tides"), "max_price", 20)));
    }

    @ParameterizedTest
    @CsvSource({
        "min_price, cheap, query.min_price must be a numeric value",
        "min_condition, mint-ish, query.min_condition: unknown grade",
        "currency, EURO, query.currency: unknown currency",
        "keywords, tides, query.keywords must be a list when provided"
    })
    void a_value_of_the_wrong_kind_is_a_fault_with_the_way_out(String key, String value, String told) {
        var query = new HashMap<String, Object>(Map.of("keywords", List.of("tides")));
        query.put(key, value);

        assertThat(Criteria.fault(query))
                .hasValueSatisfying(fault -> assertThat(fault).startsWith(told));
    }

    @Test
    void a_rule_that_can_do_what_it_says_has_none() {
        assertThat(Criteria.fault(Map.of(
                        "keywords",
                        List.of("tides"),
                        "q",
                        "-live",
                        "min_price",
                        5,
                        "max_price",
                        5.0,
                        "currency",
                        " eur",
                        "min_condition",
                        "near-mint")))
                .isEmpty();
        assertThat(Criteria.fault(Map.of())).as("not finished").isEmpty();
    }

    @Test
    void what_marketplaces_a_rule_names_is_not_judged_here() {
        assertThat(Criteria.fault(Map.of("sources", List.of("nowhere"), "keywords", List.of("tides"))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"日本", "Кино", "١٩٧٧", "1977", "½", "ß", "한국"})
    void letters_and_digits_of_any_script_are_words(String keyword) {
        assertThat(Criteria.fault(Map.of("keywords", List.of(keyword)))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"★", "!!!", "+", "🎷", "—"})
    void signs_are_none(String keyword) {
        assertThat(Criteria.fault(Map.of("keywords", List.of(keyword))))
                .hasValueSatisfying(text -> assertThat(text).contains("no word to look for"));
    }

    @ParameterizedTest
    @CsvSource({"eur, EUR", "' usd ', USD", "JPY, JPY", "EURO,", "€,", "BTC,", "XXX,", "XAU,", "'',", ","})
    void reads_currencies_that_something_can_be_priced_in(String text, String code) {
        assertThat(CurrencyCode.read(text).orElse(null)).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({"eur, EUR", "EURO, USD", ", USD"})
    void who_has_no_currency_means_dollars(String owners, String currency) {
        assertThat(RuleQuery.currencyOf(owners)).isEqualTo(currency);
    }
}

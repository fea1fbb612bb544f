package io.waxwatch.common.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleFaultsTest {

    @Test
    void a_rule_that_can_do_what_it_says_has_none() {
        assertThat(RuleFaults.first(Map.of(
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
        assertThat(RuleFaults.first(Map.of())).as("not finished").isEmpty();
    }

    @Test
    void what_marketplaces_a_rule_names_is_not_judged_here() {
        assertThat(RuleFaults.first(Map.of("sources", List.of("nowhere"), "keywords", List.of("tides"))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"日本", "Кино", "١٩٧٧", "1977", "½", "ß", "한국"})
    void letters_and_digits_of_any_script_are_words(String keyword) {
        assertThat(RuleFaults.first(Map.of("keywords", List.of(keyword)))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"★", "!!!", "+", "🎷", "—"})
    void signs_are_none(String keyword) {
        assertThat(RuleFaults.first(Map.of("keywords", List.of(keyword))))
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

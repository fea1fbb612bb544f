package io.waxwatch.common.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CurrencyCodeTest {

    @ParameterizedTest
    @CsvSource({"EUR, EUR", "eur, EUR", "' usd ', USD", "jPy, JPY", "idr, IDR", "CHF, CHF", "XOF, XOF", "try, TRY"})
    void reads_what_some_country_pays_with(String text, String code) {
        assertThat(CurrencyCode.read(text)).contains(code);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "EU",
                "EURO",
                "BTC",
                "$",
                "XXX",
                "XAU",
                "XTS", // none, or no money
                "DEM",
                "FRF",
                "ITL",
                "NLG",
                "HRK",
                "LTL",
                "ZWL",
                "VEF",
                "BYR",
                "YUM", // withdrawn
                "CLF",
                "CHE",
                "USN",
                "XDR", // units of account
                "\u0131dr",
                "\u0131DR",
                "TR\u0178",
                "\uff25\uff35\uff32",
                "u\u017fd", // other letters
            })
    void knows_no_other(String text) {
        assertThat(CurrencyCode.read(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"DEM", "dem", "HRK"})
    void what_was_stored_while_it_was_in_use_keeps_its_meaning(String stored) {
        assertThat(RuleQuery.currencyOf(stored)).isEqualTo(stored.toUpperCase(java.util.Locale.ROOT));
        assertThat(RuleQuery.fromStored(Map.of("max_price", 20, "currency", stored))
                        .boundCurrency())
                .isEqualTo(stored.toUpperCase(java.util.Locale.ROOT));
    }
}

package io.waxwatch.common.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MistypedKeysTest {

    @ParameterizedTest
    @CsvSource({
        "keyword, keywords",
        "Keywords, keywords",
        "keywrods, keywords",
        "source, sources",
        "curency, currency",
        "max_prize, max_price",
        "maxPrice, max_price",
        "minprice, min_price",
        "min_conditon, min_condition"
    })
    void what_is_one_or_two_slips_away_is_told_with_what_may_be_meant(String key, String meant) {
        assertThat(MistypedKeys.notes(Map.of(key, 1)))
                .containsExactly("query." + key + " is kept, and looks for nothing; for the condition write " + meant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"keywords", "q", "Q", "qq", "own", "id", "note", "colour", "key", "price", "shelf_mark", ""})
    void other_keys_are_their_owners_own(String key) {
        assertThat(MistypedKeys.notes(Map.of(key, 1))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"a, a, 0", "'', abc, 3", "abc, '', 3", "kitten, sitting, 3", "flaw, lawn, 2", "ab, ba, 2"})
    void counts_letters_to_leave_out_add_or_exchange(String one, String other, int expected) {
        assertThat(MistypedKeys.distance(one, other)).isEqualTo(expected);
        assertThat(MistypedKeys.distance(other, one)).isEqualTo(expected);
    }
}

package io.waxwatch.common.matching;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TitleTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Björk – Début (AC/DC) 日本盤 VG+ | bjork debut ac dc 日本盤 vg",
                "  Blue   HARBOUR\t12\"  | blue harbour 12",
                "Sigur Rós - Ágætis Byrjun | sigur ros agaetis byrjun",
                "MØ Straße Łódź | mo strasse lodz",
                "İstanbul ISTANBUL ıslak | istanbul istanbul islak",
                "ΟΔΟΣ οδός | οδοσ οδοσ",
                "Кино - Звезда по имени Солнце | кино звезда по имени солнце",
                "ガラスの森 カラス | ガラスの森 カラス",
                "ｆｕｌｌｗｉｄｔｈ ﾊﾟﾝｸ | fullwidth パンク",
                "방탄소년단 | 방탄소년단",
                "हिन्दी गीत | हिन्दी गीत",
                "Sony™ ﬁne №5 | sony fine no5",
                "Don't | don t",
                "🎵 Jazz 🎷 Nights 🔥 | jazz nights",
                "so\u00ADft zero\u200Bwidth le\u200Fft | soft zero width left",
            })
    void folds(String title, String folded) {
        assertThat(TitleText.fold(title)).isEqualTo(folded);
    }

    @Test
    void nothing_folds_to_nothing() {
        assertThat(TitleText.fold(null)).isEmpty();
        assertThat(TitleText.fold(" !!! +/- ")).isEmpty();
        assertThat(TitleText.words("--")).isEmpty();
        assertThat(TitleText.words("AC/DC")).containsExactly("ac", "dc");
    }

    @Test
    void folding_any_single_character_is_idempotent() {
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            String folded = TitleText.fold("x" + Character.toString(codePoint) + "y");
            assertThat(TitleText.fold(folded)).as("U+%04X", codePoint).isEqualTo(folded);
        }
    }

    @Property
    void folding_is_idempotent_and_leaves_single_blanks(@ForAll String text) {
        String folded = TitleText.fold(text);
        assertThat(TitleText.fold(folded)).isEqualTo(folded);
        assertThat(folded).isEqualTo(folded.strip()).doesNotContain("  ");
        assertThat(TitleText.words(text)).doesNotContain("");
    }

    @Property
    void words_do_not_depend_on_what_stands_around_them(@ForAll String left, @ForAll String right) {
        assertThat(TitleText.fold(left + " - " + right))
                .isEqualTo((TitleText.fold(left) + " " + TitleText.fold(right)).strip());
    }
}

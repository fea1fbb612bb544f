package io.waxwatch.common.matching;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GradeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Mint (M) | MINT",
                "Near Mint (NM or M-) | NEAR_MINT",
                "Very Good Plus (VG+) | VERY_GOOD_PLUS",
                "Very Good (VG) | VERY_GOOD",
                "Good Plus (G+) | GOOD_PLUS",
                "Good (G) | GOOD",
                "Fair (F) | FAIR",
                "Poor (P) | POOR",
                "m | MINT",
                "M- | NEAR_MINT",
                " nm | NEAR_MINT",
                "NM- | VERY_GOOD_PLUS",
                "VG++ | VERY_GOOD_PLUS",
                "ex | VERY_GOOD_PLUS",
                "E- | VERY_GOOD",
                "VG- | GOOD_PLUS",
                "very  good   plus | VERY_GOOD_PLUS",
                "VG+/VG | VERY_GOOD_PLUS",
                "NM or M- | NEAR_MINT",
                "VG plus | VERY_GOOD_PLUS",
                "VGplus | VERY_GOOD_PLUS",
                "VG + | VERY_GOOD_PLUS",
                "VG(+) | VERY_GOOD_PLUS",
                "VG＋ | VERY_GOOD_PLUS",
                "Good Plus | GOOD_PLUS",
                "near-mint | NEAR_MINT",
                "Near-Mint (NM) | NEAR_MINT",
                "Very-Good-Plus | VERY_GOOD_PLUS",
                "Mint minus | NEAR_MINT",
                "VG minus | GOOD_PLUS",
                "Mint - | NEAR_MINT",
                "VG plus / VG | VERY_GOOD_PLUS",
                "New | MINT",
                "Brand New | MINT",
                "Neu | MINT",
                "Like New | NEAR_MINT",
                "Very Good | VERY_GOOD",
                "Acceptable | FAIR",
            })
    void parses(String text, Grade grade) {
        assertThat(Grade.parse(text)).contains(grade);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Used", "Pre-owned", "Not Graded", "Generic", "No Cover", "", " ", "10", "vg+ish", "()", "/"})
    void knows_what_it_does_not_know(String text) {
        assertThat(Grade.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void parses_its_own_abbreviation(Grade grade) {
        assertThat(Grade.parse(grade.abbreviation())).contains(grade);
        assertThat(Grade.parse(grade.name().replace('_', ' '))).contains(grade);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "The Tides - Blue Harbour LP VG+/VG | VERY_GOOD_PLUS",
                "Blue Harbour (NM/EX) UK | NEAR_MINT",
                "Blue Harbour M/M sealed copy | MINT",
                "Blue Harbour Vinyl VG++ | VERY_GOOD_PLUS",
                "Blue Harbour near mint 1975 | NEAR_MINT",
                "Blue Harbour sleeve: VG, vinyl: NM | NEAR_MINT",
                "Blue Harbour Cover G+ Media VG | VERY_GOOD",
                "Blue Harbour [EX+] | VERY_GOOD_PLUS",
                "Blue Harbour LP EX | VERY_GOOD_PLUS",
                "Blue Harbour STILL SEALED | MINT",
                "Blue Harbour vg | VERY_GOOD",
            })
    void reads_the_medium_out_of_a_title(String title, Grade grade) {
        assertThat(Grade.fromTitle(title)).contains(grade);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "M - Pop Muzik",
                "The Ex - Singles",
                "THE EX Tumult LP",
                "Mint Condition - Meant To Be Mint",
                "Signed Sealed Delivered",
                "G Love & Special Sauce",
                "Blue Harbour cover VG",
                "AVG VGA NMR",
                "Blue Harbour",
            })
    void a_name_is_not_a_grade(String title) {
        assertThat(Grade.fromTitle(title)).isEmpty();
    }

    @Test
    void ranks() {
        assertThat(Grade.values()).isSorted();
        assertThat(Grade.VERY_GOOD_PLUS.atLeast(Grade.VERY_GOOD)).isTrue();
        assertThat(Grade.GOOD.atLeast(Grade.GOOD_PLUS)).isFalse();
    }
}

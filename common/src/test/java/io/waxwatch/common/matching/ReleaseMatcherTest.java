package io.waxwatch.common.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class ReleaseMatcherTest {
    private static final ReleaseWatch EXACT = watch(ReleaseWatch.Mode.EXACT, "Blue Harbour", "Tides, The (2)");
    private static final ReleaseWatch MASTER = watch(ReleaseWatch.Mode.MASTER, "Blue Harbour", "Tides*");

    @Test
    void ids_decide_where_the_offer_has_them() {
        assertThat(matches(EXACT, "anything", 7L, null)).isTrue();
        assertThat(matches(EXACT, "Tides Blue Harbour", 8L, 9L)).isFalse();
        assertThat(matches(MASTER, "anything", 8L, 9L)).isTrue();
        assertThat(matches(MASTER, "anything", 7L, null)).isTrue();
        assertThat(matches(MASTER, "Tides Blue Harbour", 8L, 10L)).isFalse();
        assertThat(matches(EXACT, "Tides Blue Harbour", null, 10L)).isFalse();
    }

    @Test
    void an_offer_without_ids_is_recognised_by_artist_and_title() {
        assertThat(matches(EXACT, "THE TIDES – Blue Harbour LP, 1975 VG+", null, null))
                .isTrue();
        assertThat(matches(EXACT, "harbour blue by tides", null, null)).isTrue();
        assertThat(matches(EXACT, "Tides - Blue Harbours", null, null)).isFalse();
        assertThat(matches(EXACT, "Blue Harbour", null, null)).isFalse();
        assertThat(matches(MASTER, "Tides Blue Harbour", null, null)).isTrue();
    }

    @Test
    void a_title_without_an_artist_is_not_enough() {
        Decision decision = ReleaseMatcher.decide(
                watch(ReleaseWatch.Mode.EXACT, "Greatest Hits", null), offer("Greatest Hits", null, null));

        assertThat(decision.matched()).isFalse();
        assertThat(decision.clauses().get(0).outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void a_name_of_stop_words_keeps_them() {
        ReleaseWatch watch = watch(ReleaseWatch.Mode.EXACT, "The LP", "The The");

        assertThat(watch.significantWords()).containsExactlyInAnyOrder("the", "lp");
    }

    @Test
    void target_price_and_grade_are_judged_too() {
        ReleaseWatch watch = new ReleaseWatch(
                7, 9L, ReleaseWatch.Mode.EXACT, "Blue Harbour", "Tides", BigDecimal.TEN, "eur", Grade.VERY_GOOD_PLUS);
        Offer good = new Offer(Provider.DISCOGS, "t", new BigDecimal("9.99"), "EUR", "Near Mint (NM or M-)", 7L, 9L);
        Offer dear = new Offer(Provider.DISCOGS, "t", new BigDecimal("10.01"), "EUR", "Near Mint (NM or M-)", 7L, 9L);
        Offer other = new Offer(Provider.DISCOGS, "t", new BigDecimal("1"), "USD", "Near Mint (NM or M-)", 7L, 9L);
        Offer worn = new Offer(Provider.DISCOGS, "t", new BigDecimal("1"), "EUR", "Very Good (VG)", 7L, 9L);

        assertThat(ReleaseMatcher.decide(watch, good).reasons())
                .containsExactly("it is Discogs release 7", "9.99 EUR is at most 10.00 EUR", "NM is at least VG+");
        assertThat(ReleaseMatcher.decide(watch, good).matched()).isTrue();
        assertThat(ReleaseMatcher.decide(watch, dear).matched()).isFalse();
        assertThat(ReleaseMatcher.decide(watch, other).matched()).isFalse();
        assertThat(ReleaseMatcher.decide(watch, worn).matched()).isFalse();
    }

    private static boolean matches(ReleaseWatch watch, String title, Long release, Long master) {
        return ReleaseMatcher.decide(watch, offer(title, release, master)).matched();
    }

    private static ReleaseWatch watch(ReleaseWatch.Mode mode, String title, String artist) {
        return new ReleaseWatch(7, 9L, mode, title, artist, null, null, null);
    }

    private static Offer offer(String title, Long release, Long master) {
        return new Offer(Provider.EBAY, title, null, null, null, release, master);
    }
}

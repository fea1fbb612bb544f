package io.waxwatch.common.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RuleQueryTest {
    @Test
    void reads_every_stored_key() {
        RuleQuery query = RuleQuery.fromStored(Map.of(
                "sources",
                List.of("ebay", " Discogs ", "napster"),
                "keywords",
                Arrays.asList("Björk", "blue harbour", "  ", null, 7, "björk"),
                "q",
                "debut -live -\"box set\" \"first press\" ac/dc",
                "min_price",
                5,
                "max_price",
                25.5,
                "currency",
                "eur ",
                "min_condition",
                "VG+",
                "extra",
                Map.of("a", 1)));

        assertThat(query.sources()).containsExactly(Provider.DISCOGS, Provider.EBAY);
        assertThat(query.keywords()).containsExactly("bjork", "blue harbour", "debut", "first press", "ac dc");
        assertThat(query.excluded()).containsExactly("live", "box set");
        assertThat(query.minPrice()).isEqualByComparingTo("5");
        assertThat(query.maxPrice()).isEqualByComparingTo("25.5");
        assertThat(query.currency()).isEqualTo("EUR");
        assertThat(query.minCondition()).isEqualTo(Grade.VERY_GOOD_PLUS);
    }

    @Test
    void a_wrong_type_counts_as_absent() {
        RuleQuery query = RuleQuery.fromStored(Map.of(
                "sources",
                "ebay",
                "keywords",
                "blue",
                "q",
                4,
                "min_price",
                "5",
                "max_price",
                true,
                "currency",
                9,
                "min_condition",
                List.of("NM")));

        assertThat(query).isEqualTo(RuleQuery.fromStored(Map.of())).isEqualTo(RuleQuery.fromStored(null));
        assertThat(RuleQuery.fromStored(Map.of("max_price", Double.NaN)).maxPrice())
                .isNull();
        assertThat(RuleQuery.fromStored(Map.of("max_price", Float.NEGATIVE_INFINITY))
                        .maxPrice())
                .isNull();
    }

    @Test
    void only_unknown_sources_mean_nowhere_rather_than_everywhere() {
        RuleQuery query = RuleQuery.fromStored(Map.of("sources", List.of("napster"), "keywords", List.of("blue")));

        assertThat(query.keywords()).isEmpty();
        assertThat(CanonicalQuery.ebay(query)).isEmpty();
    }

    @Test
    void a_loose_dash_and_an_open_quote_do_no_harm() {
        RuleQuery query = RuleQuery.fromStored(Map.of("q", "tides - harbour jean-michel --live \"open end"));

        assertThat(query.keywords()).containsExactly("tides", "harbour", "jean michel", "open end");
        assertThat(query.excluded()).containsExactly("live");
    }

    @Property
    void never_fails_on_stored_rubbish(@ForAll("rubbish") Map<String, Object> stored) {
        assertThatCode(() -> {
                    RuleQuery query = RuleQuery.fromStored(new HashMap<>(stored));
                    Offer offer = new Offer(Provider.EBAY, "any title", BigDecimal.ONE, "USD", null, null, null);
                    RuleMatcher.decide(query, offer).reasons();
                    CanonicalQuery.ebay(query);
                })
                .doesNotThrowAnyException();
    }

    @Provide
    Arbitrary<Map<String, Object>> rubbish() {
        Arbitrary<Object> values = Arbitraries.oneOf(
                Arbitraries.strings().map(Object.class::cast),
                Arbitraries.doubles().map(Object.class::cast),
                Arbitraries.longs().map(Object.class::cast),
                Arbitraries.bigDecimals().map(Object.class::cast),
                Arbitraries.of(true, Double.NaN, new BigDecimal("1E+999999999"), new BigDecimal("1E-999999999")),
                Arbitraries.strings().list().ofMaxSize(4).map(Object.class::cast));
        return Arbitraries.maps(
                Arbitraries.of("sources", "keywords", "q", "min_price", "max_price", "currency", "min_condition", "x"),
                values);
    }
}

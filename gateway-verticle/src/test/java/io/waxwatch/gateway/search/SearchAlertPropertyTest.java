package io.waxwatch.gateway.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.waxwatch.common.bus.BusMessage.SearchAnswered;
import io.waxwatch.common.bus.SearchHit;
import io.waxwatch.common.matching.Clause;
import io.waxwatch.common.matching.Offer;
import io.waxwatch.common.matching.Outcome;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.matching.RuleMatcher;
import io.waxwatch.common.matching.RuleQuery;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A search shows what a marketplace found just if the alert saved from it would object to nothing but words. */
class SearchAlertPropertyTest {

    private static final List<String> WORDS = List.of("tides", "Tides Of", "harbour", "HAR", "live", "lp");

    @Property(tries = 2_000)
    void a_search_and_the_alert_saved_from_it_judge_every_listing_alike(
            @ForAll("searches") SearchQuery search,
            @ForAll("listings") SearchHit hit,
            @ForAll("currencies") String owners) {
        var shown = SearchResults.of(
                search, search.judged(owners), List.of(new SearchAnswered(List.of(hit), false)), Map.of());

        // As the alert is stored and read again: through JSON, in its owner's currency.
        var stored = new JsonObject(new JsonObject(search.asRule()).encode());
        if (search.isPriced()) {
            stored.put("currency", RuleQuery.currencyOf(owners));
        }
        var offer = new Offer(
                Provider.fromWireName(hit.provider()).orElseThrow(),
                hit.title(),
                hit.price(),
                hit.currency(),
                hit.condition(),
                hit.discogsReleaseId(),
                null);
        var decision = RuleMatcher.decide(RuleQuery.fromStored(stored.getMap()), offer);
        boolean satisfied = decision.clauses().stream()
                .filter(clause -> !clause.name().equals(Clause.KEYWORD))
                .allMatch(clause -> clause.outcome() == Outcome.PASS);
        assertThat(shown.total()).isEqualTo(satisfied ? 1 : 0);
        if (decision.matched()) {
            assertThat(shown.total()).as("what is alerted of").isEqualTo(1);
        }
    }

    @Provide
    Arbitrary<SearchQuery> searches() {
        return Combinators.combine(
                        Arbitraries.of(WORDS).list().ofMinSize(1).ofMaxSize(2),
                        Arbitraries.of(List.of("ebay"), List.of("discogs"), List.of("discogs", "ebay")),
                        prices().injectNull(0.5),
                        prices().injectNull(0.5),
                        Arbitraries.of("VG+", "near mint", "g").injectNull(0.5))
                .as((words, providers, min, max, grade) -> new SearchQuery(words, providers, min, max, grade, 1, 24));
    }

    @Provide
    Arbitrary<SearchHit> listings() {
        return Combinators.combine(
                        Arbitraries.of("ebay", "discogs"),
                        Arbitraries.of(WORDS).list().ofMinSize(1).ofMaxSize(3),
                        prices(),
                        currencies().filter(code -> code != null),
                        Arbitraries.of("VG+", "Mint (M)", "Used", "").injectNull(0.3))
                .as((provider, words, price, currency, condition) -> new SearchHit(
                        provider,
                        "1",
                        String.join(" ", words),
                        "https://example.com/1",
                        price,
                        currency,
                        condition,
                        null,
                        null,
                        null));
    }

    @Provide
    Arbitrary<String> currencies() {
        return Arbitraries.of("USD", "EUR", "GBP").injectNull(0.2);
    }

    private static Arbitrary<BigDecimal> prices() {
        return Arbitraries.of("0", "10", "10.00", "10.01", "25").map(BigDecimal::new);
    }
}

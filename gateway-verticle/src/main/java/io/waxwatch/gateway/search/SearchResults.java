package io.waxwatch.gateway.search;

import io.waxwatch.common.bus.BusMessage.SearchAnswered;
import io.waxwatch.common.bus.SearchHit;
import io.waxwatch.common.matching.Clause;
import io.waxwatch.common.matching.Grade;
import io.waxwatch.common.matching.Offer;
import io.waxwatch.common.matching.Outcome;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.matching.RuleMatcher;
import io.waxwatch.common.matching.RuleQuery;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What all marketplaces together found, filtered, sorted and cut to a page. Pure.
 *
 * @param items of the page
 * @param total how many there are on all pages
 * @param complete whether that is all there is: false when a marketplace has more than was read, or gave no answer
 * @param errors by marketplace, why it gave no answer
 */
record SearchResults(
        SearchQuery query, List<SearchHit> items, int total, boolean complete, Map<String, String> errors) {

    private static final Set<String> OF_WORDS = Set.of(Clause.TERMS, Clause.KEYWORD, Clause.EXCLUDED);

    /** By price, as numbers; what has none, and is therefore not for sale, comes last. */
    private static final Comparator<SearchHit> ORDER = Comparator.comparing(
                    SearchHit::price, Comparator.nullsLast(Comparator.<BigDecimal>naturalOrder()))
            .thenComparing(SearchHit::provider)
            .thenComparing(SearchHit::externalId);

    /** @param rule what the alert would ask that is made of this search */
    static SearchResults of(
            SearchQuery query, RuleQuery rule, Collection<SearchAnswered> answers, Map<String, String> errors) {
        Set<List<String>> seen = new HashSet<>();
        List<SearchHit> found = answers.stream()
                .flatMap(answer -> answer.hits().stream())
                .filter(hit -> seen.add(List.of(hit.provider(), hit.externalId())))
                .filter(hit -> hit.price() == null ? isSought(query) : isSatisfied(rule, hit))
                .sorted(ORDER)
                .toList();
        long from = Math.min((query.page() - 1) * query.pageSize(), found.size());
        long to = Math.min(from + query.pageSize(), found.size());
        boolean complete = errors.isEmpty() && answers.stream().noneMatch(SearchAnswered::more);
        return new SearchResults(query, found.subList((int) from, (int) to), found.size(), complete, errors);
    }

    int totalPages() {
        return (total + query.pageSize() - 1) / query.pageSize();
    }

    boolean hasNext() {
        return query.page() < totalPages();
    }

    /** A listing is judged as the alert would judge it, but for its words: the marketplace has found it by them. */
    private static boolean isSatisfied(RuleQuery rule, SearchHit hit) {
        var offer = new Offer(
                Provider.fromWireName(hit.provider()).orElseThrow(),
                hit.title(),
                hit.price(),
                hit.currency(),
                hit.condition(),
                hit.discogsReleaseId(),
                null);
        return RuleMatcher.decide(rule, offer).clauses().stream()
                .allMatch(clause -> clause.outcome() == Outcome.PASS || OF_WORDS.contains(clause.name()));
    }

    /** An entry of a catalogue is not for sale: its price counts as 0, as it always has, and it has no grade. */
    private static boolean isSought(SearchQuery query) {
        return (query.minPrice() == null || query.minPrice().signum() <= 0)
                && (query.maxPrice() == null || query.maxPrice().signum() >= 0)
                && Grade.parse(query.minCondition()).isEmpty();
    }
}

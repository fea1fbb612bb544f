package io.waxwatch.gateway.search;

import io.waxwatch.common.bus.BusMessage.SearchAnswered;
import io.waxwatch.common.bus.SearchHit;
import io.waxwatch.common.matching.Grade;
import io.waxwatch.common.matching.Offer;
import io.waxwatch.common.matching.Provider;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** By price, as numbers; what has none, and is therefore not for sale, comes last. */
    private static final Comparator<SearchHit> ORDER = Comparator.comparing(
                    SearchHit::price, Comparator.nullsLast(Comparator.<BigDecimal>naturalOrder()))
            .thenComparing(SearchHit::provider)
            .thenComparing(SearchHit::externalId);

    static SearchResults of(SearchQuery query, Collection<SearchAnswered> answers, Map<String, String> errors) {
        Optional<Grade> minimum = Grade.parse(query.minCondition());
        Set<List<String>> seen = new HashSet<>();
        List<SearchHit> found = answers.stream()
                .flatMap(answer -> answer.hits().stream())
                .filter(hit -> seen.add(List.of(hit.provider(), hit.externalId())))
                .filter(hit -> withinPrice(query, hit))
                .filter(hit -> minimum.isEmpty() || atLeast(minimum.get(), hit))
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

    /** What has no price counts as 0 here, as it always has. */
    private static boolean withinPrice(SearchQuery query, SearchHit hit) {
        BigDecimal price = hit.price() == null ? BigDecimal.ZERO : hit.price();
        return (query.minPrice() == null || price.compareTo(query.minPrice()) >= 0)
                && (query.maxPrice() == null || price.compareTo(query.maxPrice()) <= 0);
    }

    /** What does not tell its grade does not pass, neither here nor in a rule. */
    private static boolean atLeast(Grade minimum, SearchHit hit) {
        Provider provider = Provider.fromWireName(hit.provider()).orElseThrow();
        return new Offer(
                        provider,
                        hit.title(),
                        hit.price(),
                        hit.currency(),
                        hit.condition(),
                        hit.discogsReleaseId(),
                        null)
                .grade()
                .filter(grade -> grade.atLeast(minimum))
                .isPresent();
    }
}

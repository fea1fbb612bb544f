package io.waxwatch.gateway.search;

import io.waxwatch.common.matching.Criteria;
import io.waxwatch.common.matching.RuleQuery;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a collector looks for.
 *
 * @param keywords as written
 * @param providers wire names, each once, in the order asked for; never empty
 * @param minPrice null for none
 * @param maxPrice null for none
 * @param minCondition as written; null for none
 * @param page from 1
 * @param pageSize 1..100
 */
record SearchQuery(
        List<String> keywords,
        List<String> providers,
        BigDecimal minPrice,
        BigDecimal maxPrice,
        String minCondition,
        long page,
        int pageSize) {

    /** The keywords as one text, in the order given. */
    String words() {
        return keywords.stream()
                .map(String::strip)
                .filter(keyword -> !keyword.isEmpty())
                .collect(Collectors.joining(" "));
    }

    /** The query of the rule that is made of this search: keywords as a rule has them, bounds also when they are null, no page. */
    Map<String, Object> asRule() {
        var query = new LinkedHashMap<String, Object>();
        query.put(Criteria.KEYWORDS.key(), Criteria.KEYWORDS.normal(keywords));
        query.put(Criteria.SOURCES.key(), providers);
        query.put(Criteria.MIN_PRICE.key(), number(minPrice));
        query.put(Criteria.MAX_PRICE.key(), number(maxPrice));
        query.put(Criteria.MIN_CONDITION.key(), minCondition);
        return query;
    }

    /**
     * What that rule would ask of an offer.
     *
     * @param owners the currency of the searcher's profile; null for none
     */
    RuleQuery judged(String owners) {
        Map<String, Object> rule = asRule();
        if (isPriced()) {
            rule.put(Criteria.CURRENCY.key(), RuleQuery.currencyOf(owners));
        }
        return RuleQuery.fromStored(rule);
    }

    boolean isPriced() {
        return minPrice != null || maxPrice != null;
    }

    private static Double number(BigDecimal amount) {
        return amount == null ? null : (Double) amount.doubleValue();
    }
}

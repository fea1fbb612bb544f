package io.waxwatch.gateway.search;

import java.math.BigDecimal;
import java.util.List;
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
}

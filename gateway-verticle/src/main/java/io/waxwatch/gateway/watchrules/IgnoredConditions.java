package io.waxwatch.gateway.watchrules;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.waxwatch.common.json.KeptJson;
import io.waxwatch.common.matching.Criteria;
import java.util.List;

/**
 * Which conditions of a stored query count for nothing: what older versions stored may be of a type that cannot be judged. Lists
 * are read again and again, so what a text holds is remembered. Safe for all threads.
 */
final class IgnoredConditions {
    /** Of at most 4 KiB each, and usually of a hundred bytes. */
    private static final int REMEMBERED = 5_000;

    private final Cache<String, List<String>> byQuery =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    /** Keys of the query, in the criteria's order. */
    List<String> in(String query) {
        return byQuery.get(query, text -> Criteria.ignored(KeptJson.object(text)));
    }
}

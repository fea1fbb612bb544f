package io.waxwatch.gateway.watchrules;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.waxwatch.common.json.KeptJson;
import io.waxwatch.common.matching.Criteria;
import io.waxwatch.common.matching.MistypedKeys;
import java.util.List;
import java.util.Map;

/**
 * What there is to say of a stored query that does not do all that it seems to: conditions that count for nothing, because older
 * versions stored what cannot be judged, and keys that look like a condition's and are none. Lists are read again and again, so
 * what a text holds is remembered. Safe for all threads.
 */
final class QueryRemarks {
    /** Of at most 4 KiB each, and usually of a hundred bytes. */
    private static final int REMEMBERED = 5_000;

    /**
     * Of one query.
     *
     * @param ignored keys of conditions that cannot be judged, in the criteria's order
     * @param notes sentences about keys that look mistyped
     */
    record Remarks(List<String> ignored, List<String> notes) {}

    private final Cache<String, Remarks> byQuery =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    Remarks of(String query) {
        return byQuery.get(query, text -> {
            Map<String, Object> read = KeptJson.object(text);
            return new Remarks(Criteria.ignored(read), MistypedKeys.notes(read));
        });
    }
}

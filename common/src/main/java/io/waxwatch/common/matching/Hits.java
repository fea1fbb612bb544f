package io.waxwatch.common.matching;

import java.util.List;
import java.util.UUID;

/**
 * The watches that an offer satisfies. Each id occurs once; the order means nothing.
 *
 * @param rules ids of watch rules
 * @param releases ids of watch releases
 */
public record Hits(List<UUID> rules, List<UUID> releases) {
    public Hits {
        rules = List.copyOf(rules);
        releases = List.copyOf(releases);
    }

    public boolean isEmpty() {
        return rules.isEmpty() && releases.isEmpty();
    }
}

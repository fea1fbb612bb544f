package io.waxwatch.provider.polls;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * What ails single polls and nobody else, such as a release that the marketplace does not know: each is told once, until it has
 * passed or is another. Of one event loop, and of this process: whoever else does the poll next tells it once, too.
 */
final class OwnFaults {

    /** Some megabytes at most; those beyond it whose failure is longest ago are told again. */
    static final int REMEMBERED = 10_000;

    private final Map<UUID, String> told = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, String> longestAgo) {
            return size() > REMEMBERED;
        }
    };

    /**
     * Notes a failure of one poll.
     *
     * @param error a code out of a closed set
     * @return whether nobody was told of it yet
     */
    boolean failed(UUID pollId, String error) {
        return !error.equals(told.put(pollId, error));
    }

    /** Notes a success, and says whether it ends a fault that was told. */
    boolean passed(UUID pollId) {
        return told.remove(pollId) != null;
    }
}

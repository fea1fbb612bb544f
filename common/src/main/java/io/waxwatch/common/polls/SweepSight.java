package io.waxwatch.common.polls;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;

/**
 * How a sweep fares.
 *
 * @param key of its poll
 * @param intervalSeconds that it would like
 * @param sinceLastRun since it last succeeded; null if it never has
 * @param failures in a row
 * @param lastError a code of ours; null for none
 * @param missedSomething whether it could not catch up with all that was listed while it was away, and nobody has asked for that
 *     otherwise yet
 */
public record SweepSight(
        UUID pollId,
        String key,
        int intervalSeconds,
        Duration sinceLastRun,
        int failures,
        String lastError,
        boolean missedSomething) {

    /** One may be chance. */
    private static final int FAILURES = 3;

    /**
     * Errors that are about this very question. With any other the marketplace, or its quota, is away, and asking it ten thousand
     * questions in place of one would not help.
     */
    private static final Set<String> OWN_ERRORS =
            Set.of("client_error", "query_error", "request_ignored", "invalid_body", "body_too_large");

    /** Whether the queries of its category need not be asked by themselves. */
    public boolean sees() {
        return failures < FAILURES || lastError == null || !OWN_ERRORS.contains(lastError);
    }
}

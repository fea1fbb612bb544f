package io.waxwatch.common.polls;

import io.waxwatch.common.matching.Provider;
import java.util.UUID;

/**
 * A poll that is ours until its lease ends.
 *
 * @param fence names this claim; an outcome commits only under the present one
 * @param lagMillis how long it had been due when it was claimed
 * @param reclaimed its former owner never closed it
 */
public record ClaimedPoll(
        UUID pollId,
        Provider provider,
        PollKind kind,
        String key,
        int intervalSeconds,
        long fence,
        long lagMillis,
        boolean reclaimed) {}

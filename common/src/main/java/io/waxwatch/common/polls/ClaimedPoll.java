package io.waxwatch.common.polls;

import io.waxwatch.common.matching.Provider;
import java.util.List;
import java.util.UUID;

/**
 * A poll that is ours until its lease ends.
 *
 * @param key as stored, see {@link PollKey}: handed on unread, so that an unreadable one fails its own poll alone
 * @param fence names this claim; an outcome commits only under the present one
 * @param lagMillis how long it had been due when it was claimed
 * @param reclaimed its former owner never closed it
 * @param lane where it stood
 * @param users for whom it is, some of them; empty for a sweep, which is for everybody
 */
public record ClaimedPoll(
        UUID pollId,
        Provider provider,
        PollKind kind,
        String key,
        int intervalSeconds,
        long fence,
        long lagMillis,
        boolean reclaimed,
        PollLane lane,
        List<UUID> users) {}

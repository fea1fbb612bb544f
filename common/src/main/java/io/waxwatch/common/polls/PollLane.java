package io.waxwatch.common.polls;

import io.waxwatch.common.matching.Provider;
import java.util.stream.IntStream;

/**
 * Polls that wait in one line. Each has buckets of its own in {@code poll_schedule}, so that a sweep never stands behind ten
 * thousand rules that were made at once.
 */
public enum PollLane {
    /** Releases, shops, and queries that no sweep serves. */
    DUE,
    /** Sweeps, which serve everybody. */
    SWEEP,
    /** Queries that have never been asked: a new rule's look over what is listed already. */
    FIRST_LOOK;

    /** Buckets of a provider in {@link #DUE}; see {@link PollSchedule}. */
    static final int DUE_BUCKETS = 64;

    /** Above any bucket of {@link #DUE}. */
    private static final int STEP = 10_000;

    /** Where new polls of a kind stand. */
    static PollLane ofNew(PollKind kind) {
        return switch (kind) {
            case SWEEP -> SWEEP;
            case QUERY -> FIRST_LOOK;
            case RELEASE, SHOP -> DUE;
        };
    }

    int firstBucket(Provider provider) {
        return ordinal() * STEP + provider.ordinal() * buckets();
    }

    int buckets() {
        return this == DUE ? DUE_BUCKETS : 1;
    }

    /** All buckets of a provider, rotated by the turn. */
    Short[] buckets(Provider provider, int turn) {
        return IntStream.range(0, buckets())
                .mapToObj(i -> (short) (firstBucket(provider) + Math.floorMod(i + turn, buckets())))
                .toArray(Short[]::new);
    }
}

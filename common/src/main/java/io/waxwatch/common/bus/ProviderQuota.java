package io.waxwatch.common.bus;

import java.util.List;

/**
 * How a marketplace's budget of calls stands, which all provider processes spend together.
 *
 * @param period {@code minute}, which moves, or {@code day}
 * @param calls that we allow ourselves in a period
 * @param used since the day began; null for a moving minute
 * @param left of the day; null for a moving minute
 * @param resetAtMillis when the day ends, in milliseconds since 1970; null for a moving minute
 * @param heldSeconds how long the marketplace wants to be left alone; 0 when it does not
 * @param alone whether the process that tells counts for itself, because Redis is away
 * @param lanes empty while nothing is known
 */
public record ProviderQuota(
        String period,
        int calls,
        Long used,
        Long left,
        Long resetAtMillis,
        long heldSeconds,
        boolean alone,
        List<Lane> lanes) {

    /**
     * One lane: {@code interactive}, {@code due} or {@code background}.
     *
     * @param share of the budget that is its own, 0 to 1
     * @param saved calls that it could make at once
     * @param used calls of the day, or since the budget is known
     */
    public record Lane(String name, double share, double saved, long used) {}

    public ProviderQuota {
        lanes = lanes == null ? List.of() : List.copyOf(lanes);
    }
}

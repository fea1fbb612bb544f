package io.waxwatch.provider.quota;

import io.waxwatch.provider.http.CallLane;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A budget as operators see it.
 *
 * @param period {@code minute} or {@code day}
 * @param calls that we allow ourselves in a period
 * @param used since the day began; null for a moving minute
 * @param left of the day; null for a moving minute
 * @param resetAt when the day ends; null for a moving minute
 * @param heldFor how long the marketplace wants to be left alone; zero when it does not
 * @param alone whether this process counts for itself, because Redis is away
 * @param lanes empty while nothing is known
 */
public record QuotaState(
        String period,
        int calls,
        Long used,
        Long left,
        Instant resetAt,
        Duration heldFor,
        boolean alone,
        List<Lane> lanes) {

    /**
     * One lane.
     *
     * @param name lower case
     * @param share of the budget that is its own, 0 to 1
     * @param saved calls that it could make at once
     * @param used calls of the day, or since the budget is known
     */
    public record Lane(String name, double share, double saved, long used) {}

    static QuotaState of(Budget budget, QuotaAnswer answer, boolean alone) {
        boolean day = budget.period() == Budget.Period.DAY;
        boolean known = answer != null;
        return new QuotaState(
                budget.period().name().toLowerCase(Locale.ROOT),
                budget.calls(),
                day && known ? answer.used() : null,
                day && known ? Math.max(0, (long) answer.left()) : null,
                day && known && answer.resetMillis() > 0 ? Instant.ofEpochMilli(answer.resetMillis()) : null,
                Duration.ofMillis(known ? answer.heldMillis() : 0),
                alone,
                known ? lanes(budget, answer) : List.of());
    }

    private static List<Lane> lanes(Budget budget, QuotaAnswer answer) {
        double weights =
                budget.lanes().stream().mapToDouble(Budget.LaneShare::weight).sum();
        List<Lane> lanes = new ArrayList<>();
        for (CallLane lane : CallLane.values()) {
            int i = lane.ordinal();
            if (i < answer.lanes().size()) {
                lanes.add(new Lane(
                        lane.name().toLowerCase(Locale.ROOT),
                        budget.lanes().get(i).weight() / weights,
                        answer.lanes().get(i).saved(),
                        answer.lanes().get(i).used()));
            }
        }
        return lanes;
    }
}

package io.waxwatch.provider.quota;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.provider.http.CallLane;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/**
 * What a marketplace gives to one application or address, and how its lanes share it. Each lane has its share for certain,
 * saved up to its {@code atOnce}; what a full lane cannot save goes to the others, so that nothing is left lying.
 *
 * @param name of the marketplace, and of the address where it counts by address; names the budget in Redis
 * @param period of a budget that moves ({@link Period#MINUTE}) or ends at a certain hour ({@link Period#DAY})
 * @param calls what we allow ourselves in a period, below what the marketplace gives
 * @param pause how long to leave it alone after a refusal that does not say for how long
 * @param lanes one for each of {@link CallLane}, in its order
 */
public record Budget(String name, Period period, int calls, Duration pause, List<LaneShare> lanes) {

    /** How a budget comes back. */
    public enum Period {
        /** As much in any 60 seconds, wherever they begin. */
        MINUTE,
        /** As much until midnight in California, then anew. */
        DAY
    }

    /**
     * A lane's part.
     *
     * @param weight its share, relative to the others' weights
     * @param atOnce calls that it may save up, 1 or more
     */
    public record LaneShare(double weight, double atOnce) {}

    /** eBay's day ends at midnight there, with its daylight saving time (07:00 or 08:00 UTC). */
    private static final ZoneId PACIFIC = ZoneId.of("America/Los_Angeles");

    /** What Discogs counts that we do not: calls under way when its window moves. */
    private static final int DISCOGS_MARGIN = 5;

    public Budget {
        lanes = List.copyOf(lanes);
        if (lanes.size() != CallLane.values().length) {
            throw new IllegalArgumentException("a share for each lane");
        }
    }

    /**
     * Discogs: a moving minute. The calls that its lanes may save up are as many as are kept back of what it gives, so that no
     * 60 seconds see more than it gives.
     *
     * @param egress names the address that Discogs sees, where several share one Redis
     * @param perMinute what it gives an address a minute, 10 or more: 60 with a token
     */
    public static Budget discogs(String egress, int perMinute) {
        double unit = DISCOGS_MARGIN / 5.0;
        return new Budget(
                "discogs:" + egress,
                Period.MINUTE,
                perMinute - DISCOGS_MARGIN,
                Duration.ofMinutes(1),
                List.of(new LaneShare(3, 2 * unit), new LaneShare(5, 2 * unit), new LaneShare(2, unit)));
    }

    /**
     * eBay: a day, of which what is left is spread over the time that is left. Searches may save up a little, for collectors come
     * in bursts.
     *
     * @param perDay what it gives the application: 5,000 for a new one
     */
    public static Budget ebay(int perDay) {
        double unit = Math.max(1, perDay / 5_000.0);
        return new Budget(
                "ebay",
                Period.DAY,
                perDay,
                Duration.ofMinutes(15),
                List.of(new LaneShare(2, 30 * unit), new LaneShare(6, 10 * unit), new LaneShare(2, 5 * unit)));
    }

    /** When a day's budget comes back, seen from this moment. */
    public static Instant nextReset(Instant now) {
        return now.atZone(PACIFIC)
                .toLocalDate()
                .plusDays(1)
                .atStartOfDay(PACIFIC)
                .toInstant();
    }

    /** When the present day's budget began. */
    public static Instant lastReset(Instant now) {
        return now.atZone(PACIFIC).toLocalDate().atStartOfDay(PACIFIC).toInstant();
    }

    /** As the script reads it. */
    public String json(Instant now) {
        var shares = new JsonArray();
        lanes.forEach(
                lane -> shares.add(new JsonObject().put("w", lane.weight()).put("cap", lane.atOnce())));
        var told = new JsonObject().put("lanes", shares).put("pause", pause.toMillis());
        if (period == Period.MINUTE) {
            told.put("perMs", calls / 60_000.0);
        } else {
            told.put("limit", calls).put("reset", nextReset(now).toEpochMilli());
        }
        return told.encode();
    }
}

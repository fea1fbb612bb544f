package io.waxwatch.scheduler.claim;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How fast polls are handed out: room for so many a minute, of which a tenth may be taken at once after a quiet time. What
 * has no room stays due and is nobody's, so that another process can take it. Of one event loop.
 */
public final class Pace {

    /** No bound. */
    public static final Pace UNBOUNDED = new Pace(Integer.MAX_VALUE, () -> 0);

    private static final int BURST_SHARE = 10;
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final int perMinute;
    private final double burst;
    private final LongSupplier nanoClock;
    private double room;
    private long filledAt;

    private Pace(int perMinute, LongSupplier nanoClock) {
        this.perMinute = perMinute;
        this.burst = Math.max(1, (double) perMinute / BURST_SHARE);
        this.nanoClock = nanoClock;
        this.room = burst;
        this.filledAt = nanoClock.getAsLong();
    }

    /**
     * @param perMinute 1 or more
     * @param nanoClock as {@link System#nanoTime}
     */
    public static Pace perMinute(int perMinute, LongSupplier nanoClock) {
        return new Pace(perMinute, nanoClock);
    }

    /** How many may be handed out now. */
    int room() {
        if (this == UNBOUNDED) {
            return Integer.MAX_VALUE;
        }
        long now = nanoClock.getAsLong();
        room = Math.min(burst, room + (double) (now - filledAt) * perMinute / MINUTE);
        filledAt = now;
        return (int) room;
    }

    /** So many were handed out; never more than there was room for. */
    void took(int polls) {
        if (this != UNBOUNDED) {
            room -= polls;
        }
    }

    /** How long until there is room for one; empty when there is. */
    Optional<Duration> untilRoom() {
        return room() > 0
                ? Optional.empty()
                : Optional.of(Duration.ofNanos((long) Math.ceil((1 - room) * MINUTE / perMinute)));
    }
}

package io.waxwatch.provider.search;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * How much of a marketplace's quota searches may use in this process: never more than so many in any window, wherever it
 * begins. What they leave is for the polls. Of one event loop.
 */
public final class SearchQuota {

    private final int most;
    private final long windowNanos;
    private final LongSupplier nanoClock;
    /** When the searches of the last window began, the oldest first; at most {@link #most}. */
    private final Deque<Long> begun = new ArrayDeque<>();

    /** @param nanoClock as {@link System#nanoTime} */
    public SearchQuota(int most, Duration window, LongSupplier nanoClock) {
        this.most = most;
        this.windowNanos = window.toNanos();
        this.nanoClock = nanoClock;
    }

    /** Takes a place; zero when there was one, else how long until there will be. */
    public Duration take() {
        long now = nanoClock.getAsLong();
        while (!begun.isEmpty() && now - begun.peekFirst() >= windowNanos) {
            begun.removeFirst();
        }
        if (begun.size() >= most) {
            return Duration.ofNanos(windowNanos - (now - begun.peekFirst()));
        }
        begun.addLast(now);
        return Duration.ZERO;
    }
}

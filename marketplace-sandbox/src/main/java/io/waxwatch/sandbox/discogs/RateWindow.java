package io.waxwatch.sandbox.discogs;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** Calls per address in a moving window of 60 seconds, as Discogs documents it. */
final class RateWindow {

    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final int ADDRESSES = 1_000;

    private final Map<String, Deque<Instant>> calls = new HashMap<>();
    private final Clock clock;

    RateWindow(Clock clock) {
        this.clock = clock;
    }

    /** How many calls of the address lie in the window. */
    int used(String address) {
        Deque<Instant> times = calls.get(address);
        if (times == null) {
            return 0;
        }
        Instant from = clock.instant().minus(WINDOW);
        while (!times.isEmpty() && !times.peekFirst().isAfter(from)) {
            times.removeFirst();
        }
        return times.size();
    }

    /** Counts one call; false, and not counted, when the window is full. */
    boolean take(String address, int limit) {
        if (used(address) >= limit) {
            return false;
        }
        if (calls.size() >= ADDRESSES && !calls.containsKey(address)) {
            calls.clear();
        }
        calls.computeIfAbsent(address, key -> new ArrayDeque<>()).addLast(clock.instant());
        return true;
    }

    void clear() {
        calls.clear();
    }
}

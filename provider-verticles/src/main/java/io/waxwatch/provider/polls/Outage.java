package io.waxwatch.provider.polls;

import java.time.Duration;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What is worth telling of a provider that fails: the first failure of each kind, and the end. It is over with a success
 * after {@link #QUIET} without a failure, for while some polls pass and others do not it goes on. Of one event loop.
 */
public final class Outage {

    static final Duration QUIET = Duration.ofMinutes(2);

    private final LongSupplier nanoClock;
    private final Set<String> told = new HashSet<>();
    private long failures;
    private long lastFailure;

    /** @param nanoClock as {@link System#nanoTime} */
    public Outage(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /**
     * Counts one failure.
     *
     * @param error a code out of a closed set
     * @return whether it is the first of its kind in this outage
     */
    boolean failure(String error) {
        failures++;
        lastFailure = nanoClock.getAsLong();
        return told.add(error);
    }

    /** How many failed, when this success ends an outage. */
    OptionalLong success() {
        if (failures == 0 || nanoClock.getAsLong() - lastFailure < QUIET.toNanos()) {
            return OptionalLong.empty();
        }
        long ended = failures;
        failures = 0;
        told.clear();
        return OptionalLong.of(ended);
    }
}

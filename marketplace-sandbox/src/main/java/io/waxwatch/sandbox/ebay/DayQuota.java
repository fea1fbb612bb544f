package io.waxwatch.sandbox.ebay;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/** A counter of calls that starts again at midnight Pacific, as eBay's do. */
final class DayQuota {

    private static final ZoneId PACIFIC = ZoneId.of("America/Los_Angeles");

    private final Clock clock;
    private LocalDate day;
    private int used;

    DayQuota(Clock clock) {
        this.clock = clock;
        this.day = today();
    }

    /** Counts one call; false, and not counted, when the limit is reached. */
    boolean take(int limit) {
        roll();
        if (used >= limit) {
            return false;
        }
        used++;
        return true;
    }

    int used() {
        roll();
        return used;
    }

    Instant reset() {
        return today().plusDays(1).atStartOfDay(PACIFIC).toInstant();
    }

    void clear() {
        used = 0;
    }

    private void roll() {
        if (!today().equals(day)) {
            day = today();
            used = 0;
        }
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), PACIFIC);
    }
}

package io.waxwatch.notifier.delivery;

import io.waxwatch.common.claims.ClaimLoop;
import java.time.Duration;

/**
 * The bounds of one delivery loop.
 *
 * @param batch notifications that one claim takes at most
 * @param parallel notifications that may be on their way at once
 * @param lease how long a claim lasts
 * @param sweep time between two looks while nothing is due
 */
public record DeliveryLimits(int batch, int parallel, Duration lease, Duration sweep) {

    /** A transaction may append several notifications, each with a nudge of its own. */
    private static final Duration NUDGE_DELAY = Duration.ofMillis(10);

    /** Half must be free again before it is worth another claim, unless a batch is less. */
    ClaimLoop.Limits ofLoop() {
        int refill = Math.max(1, Math.min(batch, parallel / 2));
        return new ClaimLoop.Limits(batch, parallel, refill, sweep, NUDGE_DELAY);
    }
}

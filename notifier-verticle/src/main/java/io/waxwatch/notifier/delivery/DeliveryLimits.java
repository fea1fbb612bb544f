package io.waxwatch.notifier.delivery;

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

    /** How much room must be free again, after all was taken, before it is worth another claim. */
    int refill() {
        return Math.max(1, Math.min(batch, parallel / 2));
    }
}

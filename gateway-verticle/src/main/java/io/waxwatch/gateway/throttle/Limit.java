package io.waxwatch.gateway.throttle;

/**
 * How much a bucket holds and how fast it fills.
 *
 * @param capacity requests at once after a silence
 * @param perSecond requests a second in the long run
 */
public record Limit(int capacity, double perSecond) {

    /** How long an empty bucket takes to be full again: after it, forgetting the bucket changes nothing. */
    long millisToFill() {
        return (long) Math.ceil(capacity / perSecond * 1000);
    }
}

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

    /** The same in whole seconds: the window over which {@link #capacity} requests are granted. */
    long secondsToFill() {
        return (long) Math.ceil(capacity / perSecond);
    }

    /** Whole seconds until there is one request more than now, at least one. */
    long secondsToNext(double left) {
        return Math.max(1, (long) Math.ceil((Math.floor(left) + 1 - left) / perSecond));
    }
}

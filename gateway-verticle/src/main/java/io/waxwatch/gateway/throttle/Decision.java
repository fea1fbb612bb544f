package io.waxwatch.gateway.throttle;

import java.util.List;

/**
 * What came of asking.
 *
 * @param refusedBy the scope whose bucket is empty; null when allowed
 * @param waitMillis until that bucket has a token again; 0 when allowed
 * @param left tokens left in each bucket afterwards, in the order asked; fractions of one included
 */
record Decision(RateLimitScope refusedBy, long waitMillis, List<Double> left) {

    static Decision allowed(List<Double> left) {
        return new Decision(null, 0, left);
    }

    boolean isAllowed() {
        return refusedBy == null;
    }

    /** Whole seconds after which asking again makes sense, at least one; only of a refusal. */
    int retryAfterSeconds() {
        return (int) Math.max(1, (waitMillis + 999) / 1000);
    }
}

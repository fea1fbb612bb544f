package io.waxwatch.gateway.throttle;

/**
 * One bucket in this process. Never lets through more than capacity + rate x time, whatever the order and spacing of the
 * calls; a clock that steps back adds nothing. Safe for all threads.
 */
final class TokenBucket {

    private static final double NANOS = 1e9;

    private final Limit limit;
    private double tokens;
    private long filledAt;

    TokenBucket(Limit limit, long nowNanos) {
        this.limit = limit;
        this.tokens = limit.capacity();
        this.filledAt = nowNanos;
    }

    Limit limit() {
        return limit;
    }

    /** Takes a token; 0 when there was one, else the nanoseconds until there will be. */
    synchronized long take(long nowNanos) {
        fill(nowNanos);
        if (tokens >= 1) {
            tokens -= 1;
            return 0;
        }
        return Math.max(1, (long) Math.ceil((1 - tokens) / limit.perSecond() * NANOS));
    }

    /** Has no more than so many. */
    synchronized void lowerTo(double most, long nowNanos) {
        fill(nowNanos);
        tokens = Math.min(tokens, most);
    }

    /** Puts a token back that was taken for a request which another bucket refused. */
    synchronized void putBack() {
        tokens = Math.min(limit.capacity(), tokens + 1);
    }

    /** The tokens in it, fractions included. */
    synchronized double left(long nowNanos) {
        fill(nowNanos);
        return tokens;
    }

    private void fill(long nowNanos) {
        long passed = nowNanos - filledAt;
        if (passed > 0) {
            tokens = Math.min(limit.capacity(), tokens + passed / NANOS * limit.perSecond());
            filledAt = nowNanos;
        }
    }
}

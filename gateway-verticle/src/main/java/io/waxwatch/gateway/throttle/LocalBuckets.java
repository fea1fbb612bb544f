package io.waxwatch.gateway.throttle;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/** The buckets of this process, for when Redis is off or away. Bounded; shared by all event loops. */
public final class LocalBuckets {

    /** A caller pushed out by so many others starts with a full bucket again. */
    private static final int MAX_BUCKETS = 100_000;

    private static final Duration KEEP = Duration.ofMinutes(10);

    private final LongSupplier nanoClock;
    private final Cache<String, TokenBucket> buckets = Caffeine.newBuilder()
            .maximumSize(MAX_BUCKETS)
            .expireAfterAccess(KEEP)
            .build();

    public LocalBuckets(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Takes one token from each, or from none. */
    Decision take(List<Ask> asks) {
        long now = nanoClock.getAsLong();
        for (int i = 0; i < asks.size(); i++) {
            long wait = bucket(asks.get(i), now).take(now);
            if (wait > 0) {
                for (Ask taken : asks.subList(0, i)) {
                    bucket(taken, now).putBack();
                }
                return Decision.refused(asks.get(i).scope(), wait / 1_000_000 + 1);
            }
        }
        return Decision.ALLOWED;
    }

    private TokenBucket bucket(Ask ask, long now) {
        return buckets.get(ask.key(), key -> new TokenBucket(ask.limit(), now));
    }
}

package io.waxwatch.gateway.throttle;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** The buckets of this process, which decide when Redis is off or away. Bounded; shared by all event loops. */
public final class LocalBuckets {

    /** A caller pushed out by so many others starts with a full bucket again. */
    private static final int MAX_BUCKETS = 100_000;

    private final LongSupplier nanoClock;
    private final AtomicLong latest = new AtomicLong(Long.MIN_VALUE);
    private final Cache<String, TokenBucket> buckets;

    public LocalBuckets(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        // A bucket left alone for as long as it takes to fill is full: forgetting it then gives nothing away.
        this.buckets = Caffeine.newBuilder()
                .maximumSize(MAX_BUCKETS)
                .ticker(this::now)
                .expireAfter(Expiry.<String, TokenBucket>accessing(
                        (key, bucket) -> Duration.ofMillis(bucket.limit().millisToFill() + 1000)))
                .build();
    }

    /** Takes one token from each, or from none. */
    Decision take(List<Ask> asks) {
        long now = now();
        for (int i = 0; i < asks.size(); i++) {
            long wait = bucket(asks.get(i), now).take(now);
            if (wait > 0) {
                for (Ask taken : asks.subList(0, i)) {
                    bucket(taken, now).putBack();
                }
                return new Decision(asks.get(i).scope(), TimeUnit.NANOSECONDS.toMillis(wait) + 1, left(asks, now));
            }
        }
        return Decision.allowed(left(asks, now));
    }

    /** Whether there is not one token; a bucket that nobody has used is full. */
    boolean isEmpty(String key) {
        TokenBucket bucket = buckets.getIfPresent(key);
        return bucket != null && bucket.left(now()) < 1;
    }

    /** Takes over what the shared buckets have left, so that losing them gives nobody a second budget. */
    void follow(List<Ask> asks, Decision shared) {
        long now = now();
        for (int i = 0; i < asks.size(); i++) {
            bucket(asks.get(i), now).lowerTo(shared.left().get(i), now);
        }
    }

    /** Never less than before: a bucket that seems older than it is would be forgotten too soon. */
    private long now() {
        return latest.accumulateAndGet(nanoClock.getAsLong(), Math::max);
    }

    private List<Double> left(List<Ask> asks, long now) {
        return asks.stream().map(ask -> bucket(ask, now).left(now)).toList();
    }

    private TokenBucket bucket(Ask ask, long now) {
        return buckets.get(ask.key(), key -> new TokenBucket(ask.limit(), now));
    }
}

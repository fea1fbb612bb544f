package io.waxwatch.gateway.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class TokenBucketTest {

    private static final long SECOND = 1_000_000_000L;

    @Property(tries = 500)
    void never_lets_through_more_than_capacity_and_rate_times_time(
            @ForAll @IntRange(min = 1, max = 200) int perMinute,
            @ForAll @IntRange(max = 50) int burst,
            @ForAll @Size(min = 1, max = 400) List<@LongRange(min = -SECOND, max = 3 * SECOND) Long> pauses) {
        var limit = new Limit(perMinute + burst, perMinute / 60.0);
        var bucket = new TokenBucket(limit, 0);
        long now = 0;
        long latest = 0;
        int admitted = 0;
        for (long pause : pauses) {
            now += pause;
            latest = Math.max(latest, now);
            if (bucket.take(now) == 0) {
                admitted++;
            }
            assertThat((double) admitted)
                    .isLessThanOrEqualTo(limit.capacity() + limit.perSecond() * latest / SECOND + 1e-6);
        }
    }

    @Property(tries = 200)
    void after_the_wait_it_names_there_is_a_token_and_not_before(
            @ForAll @IntRange(min = 1, max = 100_000) int perMinute, @ForAll @IntRange(max = 20) int burst) {
        var bucket = new TokenBucket(new Limit(perMinute + burst, perMinute / 60.0), 0);
        for (int i = 0; i < perMinute + burst; i++) {
            assertThat(bucket.take(0)).isZero();
        }
        long wait = bucket.take(0);
        assertThat(wait).isPositive();
        assertThat(bucket.take(wait - Math.max(2, wait / 1000))).isPositive();
        assertThat(bucket.take(wait + 2)).isZero();
    }

    @Property(tries = 100)
    void a_refused_request_costs_nothing_anywhere(@ForAll @IntRange(min = 1, max = 30) int small) {
        var buckets = new LocalBuckets(() -> 0);
        var wide = new Ask("wide", RateLimitScope.GLOBAL_AUTHENTICATED, new Limit(100, 1));
        var narrow = new Ask("narrow", RateLimitScope.SEARCH, new Limit(small, 1));
        for (int i = 0; i < 100; i++) {
            assertThat(buckets.take(List.of(wide, narrow)).isAllowed()).isEqualTo(i < small);
        }
        for (int i = small; i < 100; i++) {
            assertThat(buckets.take(List.of(wide)).isAllowed()).isTrue();
        }
        assertThat(buckets.take(List.of(wide)).refusedBy()).isEqualTo(RateLimitScope.GLOBAL_AUTHENTICATED);
    }
}

package io.waxwatch.notifier.email;

import static org.assertj.core.api.Assertions.assertThat;

import io.waxwatch.common.outbox.ClaimedDelivery.Past;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private final RetryPolicy policy = new RetryPolicy(
            Duration.ofSeconds(5), Duration.ofSeconds(1800), 4, Duration.ofHours(24), Duration.ofHours(120));

    private static Past refused(int times, Duration ago) {
        return new Past(times, NOW.minus(ago).atOffset(ZoneOffset.UTC), 0);
    }

    @Test
    void waits_grow_by_doubling_up_to_the_longest() {
        assertThat(policy.pause(1, 0)).isEqualTo(Duration.ofMillis(2500));
        assertThat(policy.pause(2, 0)).isEqualTo(Duration.ofSeconds(5));
        assertThat(policy.pause(3, 0)).isEqualTo(Duration.ofSeconds(10));
        assertThat(policy.pause(1000, 0)).isEqualTo(Duration.ofSeconds(900));
    }

    @Test
    void a_mail_that_is_put_off_is_tried_for_a_day_from_the_first_time_on() {
        assertThat(policy.mayRetry(Past.NONE, NOW)).isTrue();
        assertThat(policy.mayRetry(refused(1000, Duration.ofMinutes(23 * 60 + 59)), NOW))
                .isTrue();
        assertThat(policy.mayRetry(refused(1000, Duration.ofHours(24)), NOW)).isFalse();
    }

    @Test
    void a_mail_whose_host_was_away_most_of_the_day_still_has_its_retries() {
        assertThat(policy.mayRetry(refused(3, Duration.ofDays(3)), NOW)).isTrue();
        assertThat(policy.mayRetry(refused(4, Duration.ofDays(3)), NOW)).isFalse();
    }

    @Test
    void greylisting_of_five_minutes_is_outlasted_soon_after_it() {
        double longestChance = 1 - 1e-9;
        Duration waited = Duration.ZERO;
        int tries = 1;
        while (waited.compareTo(Duration.ofMinutes(5)) < 0) {
            waited = waited.plus(policy.pause(tries++, longestChance));
        }
        assertThat(waited).isLessThan(Duration.ofMinutes(6));
        assertThat(tries).isLessThan(10);
    }

    @Test
    void a_mail_that_may_have_arrived_is_repeated_late_and_seldom() {
        assertThat(policy.pauseWhenUncertain(1, 0)).isEqualTo(Duration.ofSeconds(150));
        assertThat(policy.pauseWhenUncertain(2, 0)).isEqualTo(Duration.ofMinutes(5));
        assertThat(policy.mayRepeat(new Past(0, null, 3))).isTrue();
        assertThat(policy.mayRepeat(new Past(0, null, 4))).isFalse();
    }

    @Test
    void only_age_ends_the_wait_for_a_host() {
        assertThat(policy.mayHold(Duration.ofHours(119))).isTrue();
        assertThat(policy.mayHold(Duration.ofHours(120))).isFalse();
    }

    @Property
    void a_wait_is_never_zero_and_never_too_long(
            @ForAll @IntRange(max = 100_000) int attempt,
            @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double chance) {
        assertThat(policy.pause(attempt, chance)).isBetween(Duration.ofMillis(2500), Duration.ofSeconds(1800));
        assertThat(policy.pauseWhileAway(attempt, chance)).isBetween(Duration.ofMillis(2500), Duration.ofSeconds(30));
        assertThat(policy.pauseWhenUncertain(attempt, chance)).isBetween(Duration.ofSeconds(150), Duration.ofHours(24));
    }
}

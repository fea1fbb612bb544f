package io.waxwatch.notifier.email;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

    private final RetryPolicy policy = new RetryPolicy(Duration.ofSeconds(5), Duration.ofSeconds(600), 4);

    @Test
    void waits_grow_by_doubling_up_to_the_longest() {
        assertThat(policy.pause(1, 0)).isEqualTo(Duration.ofMillis(2500));
        assertThat(policy.pause(2, 0)).isEqualTo(Duration.ofSeconds(5));
        assertThat(policy.pause(3, 0)).isEqualTo(Duration.ofSeconds(10));
        assertThat(policy.pause(1000, 0)).isEqualTo(Duration.ofSeconds(300));
    }

    @Test
    void four_retries_are_five_attempts() {
        assertThat(policy.mayRetry(4)).isTrue();
        assertThat(policy.mayRetry(5)).isFalse();
    }

    @Property
    void a_wait_is_never_zero_and_never_too_long(
            @ForAll @IntRange(max = 100_000) int attempt,
            @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double chance) {
        assertThat(policy.pause(attempt, chance)).isBetween(Duration.ofMillis(2500), Duration.ofSeconds(600));
        assertThat(policy.pauseWhileAway(attempt, chance)).isBetween(Duration.ofMillis(2500), Duration.ofSeconds(30));
    }
}

package io.waxwatch.common.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;

class BackoffTest {

    private static final long CENTURY_MILLIS = 3_155_760_000_000L;

    private static Backoff backoff(long first, long longest) {
        return new Backoff(Duration.ofMillis(first), Duration.ofMillis(longest));
    }

    @Example
    void ceilings_double_up_to_the_longest() {
        Backoff backoff = backoff(250, 5_000);

        assertThat(backoff.ceiling(1)).isEqualTo(Duration.ofMillis(250));
        assertThat(backoff.ceiling(2)).isEqualTo(Duration.ofMillis(500));
        assertThat(backoff.ceiling(5)).isEqualTo(Duration.ofMillis(4_000));
        assertThat(backoff.ceiling(6)).isEqualTo(Duration.ofMillis(5_000));
    }

    @Example
    void a_backoff_without_a_pause_is_refused() {
        assertThatThrownBy(() -> backoff(0, 1_000)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> backoff(1_000, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void every_pause_keeps_its_bounds(
            @ForAll @LongRange(min = 1, max = CENTURY_MILLIS) long first,
            @ForAll @LongRange(min = 1, max = CENTURY_MILLIS) long longest,
            @ForAll int failures,
            @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double chance,
            @ForAll long seed) {
        Backoff backoff = backoff(first, longest);
        Duration ceiling = backoff.ceiling(failures);

        assertThat(ceiling).isBetween(Duration.ofMillis(Math.min(first, longest)), Duration.ofMillis(longest));
        assertThat(backoff.fullJitter(failures, new SplittableRandom(seed))).isBetween(Duration.ZERO, ceiling);
        assertThat(backoff.equalJitter(failures, new SplittableRandom(seed))).isBetween(ceiling.dividedBy(2), ceiling);
        assertThat(backoff.equalJitter(failures, chance)).isBetween(ceiling.dividedBy(2), ceiling);
    }

    @Property
    void the_ceiling_never_falls_from_one_failure_to_the_next(
            @ForAll @LongRange(min = 1, max = CENTURY_MILLIS) long first,
            @ForAll @LongRange(min = 1, max = CENTURY_MILLIS) long longest,
            @ForAll @LongRange(min = Integer.MIN_VALUE, max = Integer.MAX_VALUE - 1L) long failures) {
        Backoff backoff = backoff(first, longest);

        assertThat(backoff.ceiling((int) failures + 1)).isGreaterThanOrEqualTo(backoff.ceiling((int) failures));
    }
}

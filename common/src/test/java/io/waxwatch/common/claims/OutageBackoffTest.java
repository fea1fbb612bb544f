package io.waxwatch.common.claims;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OutageBackoffTest {

    /** Answers zero, or all bits: the least and the most that a bounded draw can give. */
    private static RandomGenerator always(long bits) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                return bits;
            }

            @Override
            public long nextLong(long bound) {
                return bits == 0 ? 0 : bound - 1;
            }
        };
    }

    private static List<Long> rests(RandomGenerator random, int count) {
        var troubles = new OutageBackoff(random);
        return IntStream.range(0, count)
                .mapToObj(i -> troubles.another().toMillis())
                .toList();
    }

    @Test
    void rests_double_up_to_the_longest() {
        assertThat(rests(always(-1), 7)).containsExactly(250L, 500L, 1000L, 2000L, 4000L, 5000L, 5000L);
    }

    @Test
    void a_rest_lasts_at_least_half_of_what_it_may() {
        assertThat(rests(always(0), 7)).containsExactly(125L, 250L, 500L, 1000L, 2000L, 2500L, 2500L);
    }

    @Test
    void even_the_thousandth_rest_is_no_longer() {
        assertThat(rests(always(-1), 1000)).last().isEqualTo(5000L);
    }

    @Test
    void what_is_over_begins_anew() {
        var troubles = new OutageBackoff(always(-1));
        troubles.another();
        troubles.another();
        assertThat(troubles.inARow()).isEqualTo(2);

        troubles.over();

        assertThat(troubles.inARow()).isZero();
        assertThat(troubles.another()).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void the_first_and_every_eighth_after_it_is_worth_telling() {
        var troubles = new OutageBackoff(always(0));
        List<Long> told = LongStream.rangeClosed(1, 20)
                .filter(i -> {
                    troubles.another();
                    return troubles.worthTelling();
                })
                .boxed()
                .toList();
        assertThat(told).containsExactly(1L, 9L, 17L);
    }
}

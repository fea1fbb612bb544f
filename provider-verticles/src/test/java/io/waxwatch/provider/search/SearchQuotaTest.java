package io.waxwatch.provider.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SearchQuotaTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private long now = Long.MAX_VALUE - MINUTE.toNanos();
    private final SearchQuota share = new SearchQuota(2, MINUTE, () -> now);

    @Test
    void refuses_what_is_beyond_and_says_for_how_long() {
        assertThat(share.take()).isZero();
        now += Duration.ofSeconds(20).toNanos();
        assertThat(share.take()).isZero();
        now += Duration.ofSeconds(10).toNanos();

        assertThat(share.take()).isEqualTo(Duration.ofSeconds(30));
        assertThat(share.take()).as("a refusal costs nothing").isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void a_place_is_free_again_when_its_window_is_over_though_the_clock_wraps() {
        share.take();
        share.take();
        now += MINUTE.toNanos() - 1;
        assertThat(share.take()).isEqualTo(Duration.ofNanos(1));
        now += 2;

        assertThat(now).as("wrapped").isNegative();
        assertThat(share.take()).isZero();
        assertThat(share.take()).isZero();
        assertThat(share.take()).isEqualTo(MINUTE);
    }

    @Property
    void never_more_than_its_share_in_any_window(
            @ForAll @IntRange(min = 1, max = 5) int most,
            @ForAll @Size(max = 80) List<@IntRange(min = 0, max = 40) Integer> pausesInSeconds) {
        long[] clock = {0};
        var any = new SearchQuota(most, MINUTE, () -> clock[0]);
        var taken = new ArrayList<Long>();
        for (int pause : pausesInSeconds) {
            clock[0] += Duration.ofSeconds(pause).toNanos();
            if (any.take().isZero()) {
                taken.add(clock[0]);
            }
        }
        for (int i = most; i < taken.size(); i++) {
            assertThat(taken.get(i) - taken.get(i - most)).isGreaterThanOrEqualTo(MINUTE.toNanos());
        }
    }
}

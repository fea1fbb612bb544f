package io.waxwatch.scheduler.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {

    private final AtomicLong nanos = new AtomicLong(5_000);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void hands_out_so_many_a_minute_however_long_it_was_quiet() {
        Pace pace = Pace.perMinute(30, nanos::get);
        pass(Duration.ofHours(3));
        int taken = 0;
        for (int second = 0; second < 60; second++) {
            int room = pace.room();
            pace.took(room);
            taken += room;
            pass(Duration.ofSeconds(1));
        }
        assertThat(taken).as("30, and a tenth at once").isBetween(30, 33);
    }

    @Test
    void says_how_long_there_is_no_room() {
        Pace pace = Pace.perMinute(30, nanos::get);
        assertThat(pace.untilRoom()).isEmpty();
        pace.took(pace.room());
        assertThat(pace.room()).isZero();
        assertThat(pace.untilRoom()).contains(Duration.ofSeconds(2));
        pass(Duration.ofSeconds(2));
        assertThat(pace.room()).isEqualTo(1);
    }

    @Test
    void has_room_for_one_at_once_however_slow_it_is() {
        Pace pace = Pace.perMinute(1, nanos::get);
        assertThat(pace.room()).isEqualTo(1);
        pace.took(1);
        assertThat(pace.untilRoom()).contains(Duration.ofMinutes(1));
    }

    @Test
    void no_bound_is_no_bound() {
        Pace.UNBOUNDED.took(1_000_000);
        assertThat(Pace.UNBOUNDED.room()).isEqualTo(Integer.MAX_VALUE);
        assertThat(Pace.UNBOUNDED.untilRoom()).isEmpty();
    }
}

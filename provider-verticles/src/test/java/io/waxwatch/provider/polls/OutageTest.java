package io.waxwatch.provider.polls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OutageTest {

    private final AtomicLong nanos = new AtomicLong();
    private final Outage outage = new Outage(nanos::get);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void tells_the_first_failure_of_each_kind() {
        assertThat(outage.failure("rate_limited")).isTrue();
        assertThat(outage.failure("rate_limited")).isFalse();
        assertThat(outage.failure("breaker_open")).isTrue();
        assertThat(outage.failure("breaker_open")).isFalse();
    }

    @Test
    void goes_on_while_some_pass_and_others_do_not() {
        outage.failure("timeout");
        for (int i = 0; i < 20; i++) {
            pass(Duration.ofSeconds(30));
            assertThat(outage.success()).isEmpty();
            assertThat(outage.failure("timeout")).isFalse();
        }
    }

    @Test
    void ends_with_a_success_after_a_quiet_time_and_the_next_is_told_again() {
        outage.failure("timeout");
        outage.failure("timeout");
        pass(Outage.QUIET);
        assertThat(outage.success()).hasValue(2);
        assertThat(outage.success()).isEmpty();
        assertThat(outage.failure("timeout")).isTrue();
    }
}

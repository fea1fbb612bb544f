package io.waxwatch.provider.http;

import static io.waxwatch.provider.http.ScriptedSender.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.waxwatch.provider.http.ProviderFailure.Kind;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HeldUntilTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final SetClock clock = new SetClock(NOW);
    private final HeldUntil quota = new HeldUntil("Test", 3, Duration.ofSeconds(30), Duration.ofHours(1), clock);

    @Test
    void lets_everything_pass_until_it_hears_of_a_429() {
        quota.answered(answer(200, "Retry-After", "60"));
        quota.answered(answer(503, "Retry-After", "60"));

        assertThat(admit().succeeded()).isTrue();
    }

    @Test
    void lets_nothing_pass_before_the_time_that_the_429_names() {
        quota.answered(answer(429, "Retry-After", "60"));
        clock.set(NOW.plusSeconds(20));

        assertThat(refusal()).satisfies(failure -> {
            assertThat(failure.kind()).isEqualTo(Kind.RATE_LIMITED);
            assertThat(failure.retryAfter()).contains(Duration.ofSeconds(40));
            assertThat(failure.publicText()).isEqualTo("Test asked to be left alone for a while");
        });

        clock.set(NOW.plusSeconds(60));
        assertThat(admit().succeeded()).isTrue();
    }

    @Test
    void keeps_to_a_pause_of_its_own_after_several_in_a_row_that_name_none() {
        for (String[] between : new String[][] {{}, {"Retry-After", "0"}}) {
            quota.answered(answer(429));
            quota.answered(answer(429));
            assertThat(admit().succeeded()).isTrue();
            quota.answered(between.length == 0 ? answer(200) : answer(429, between));
        }
        quota.answered(answer(429));
        quota.answered(answer(429, "Retry-After", "soon"));
        assertThat(admit().succeeded()).isTrue();

        quota.answered(answer(429));

        assertThat(refusal().retryAfter()).contains(Duration.ofSeconds(30));
    }

    @Test
    void heeds_nothing_for_longer_than_its_bound() {
        quota.answered(answer(429, "Retry-After", "99999999"));

        assertThat(refusal().retryAfter()).contains(Duration.ofHours(1));
    }

    @Test
    void answers_out_of_order_never_shorten_the_pause() {
        quota.answered(answer(429, "Retry-After", "60"));
        quota.answered(answer(429, "Retry-After", "5"));

        assertThat(refusal().retryAfter()).contains(Duration.ofSeconds(60));
    }

    private Future<Void> admit() {
        return quota.admit(CallPurpose.everybody(CallLane.DUE), Duration.ofDays(1));
    }

    private ProviderFailure refusal() {
        assertThat(admit().cause()).isInstanceOf(ProviderFailure.class);
        return (ProviderFailure) admit().cause();
    }
}

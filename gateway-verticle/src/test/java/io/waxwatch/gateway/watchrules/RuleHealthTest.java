package io.waxwatch.gateway.watchrules;

import static org.assertj.core.api.Assertions.assertThat;

import io.waxwatch.gateway.watchrules.RuleHealth.Polls;
import io.waxwatch.gateway.watchrules.RuleHealth.Status;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;

class RuleHealthTest {

    private static final OffsetDateTime NOW = OffsetDateTime.parse("2026-12-01T12:00:00Z");

    /** Of a sweep each two minutes that looked {@code ago} seconds ago. */
    private static Polls looked(long ago, double stretch, OffsetDateTime failingSince, String error) {
        return new Polls(NOW.minusSeconds(ago), 120, stretch, failingSince, error, null, null, NOW.minusDays(9));
    }

    private static RuleHealth of(Polls polls) {
        return RuleHealth.of(polls, NOW);
    }

    @Test
    void is_well_while_it_is_looked_at_in_time() {
        assertThat(of(looked(100, 1, null, null))).isEqualTo(new RuleHealth(Status.OK, null, null));
    }

    @Test
    void is_delayed_when_a_look_is_late_or_fails_and_blind_after_three_intervals() {
        assertThat(of(looked(200, 1, null, null)).status()).isEqualTo(Status.DELAYED);
        assertThat(of(looked(100, 1, NOW.minusSeconds(50), "timeout")))
                .isEqualTo(new RuleHealth(
                        Status.DELAYED, NOW.minusSeconds(50), "the marketplace does not answer in time"));
        assertThat(of(looked(421, 1, NOW.minusSeconds(300), "unauthorized")))
                .isEqualTo(
                        new RuleHealth(Status.BLIND, NOW.minusSeconds(421), "the marketplace refused our credentials"));
        assertThat(of(looked(421, 4, null, null)).status())
                .as("the interval that it has, not the one it would like")
                .isEqualTo(Status.LIMITED);
    }

    @Test
    void is_limited_when_its_interval_is_stretched_and_says_by_how_much() {
        assertThat(of(looked(100, 3, null, null)).reason()).contains("every 360 s instead of every 120 s");
    }

    @Test
    void a_new_rule_is_not_blind_before_anything_could_have_looked() {
        var fresh = new Polls(null, 120, 1, null, null, null, null, NOW.minusSeconds(5));
        assertThat(of(fresh).status()).isEqualTo(Status.OK);
        var forgotten = new Polls(null, 120, 1, null, null, null, null, NOW.minusHours(1));
        assertThat(of(forgotten).status()).isEqualTo(Status.BLIND);
    }

    @Test
    void a_gap_is_told_while_it_is_open_and_for_a_day_when_it_could_not_be_closed() {
        var open = new Polls(NOW, 120, 1, null, null, NOW.minusMinutes(9), null, NOW.minusDays(9));
        assertThat(of(open)).satisfies(health -> {
            assertThat(health.status()).isEqualTo(Status.DELAYED);
            assertThat(health.since()).isEqualTo(NOW.minusMinutes(9));
        });
        var missed = new Polls(NOW, 120, 1, null, null, null, NOW.minusHours(3), NOW.minusDays(9));
        assertThat(of(missed).status()).isEqualTo(Status.DELAYED);
        var longAgo = new Polls(NOW, 120, 1, null, null, null, NOW.minusHours(25), NOW.minusDays(9));
        assertThat(of(longAgo).status()).isEqualTo(Status.OK);
    }

    @Test
    void a_rule_that_no_marketplace_is_asked_for_is_blind_and_told_what_to_do() {
        assertThat(of(null).reason()).contains("Add ebay to its sources");
    }
}

package io.waxwatch.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogBudgetTest {

    private long now;
    private final LogBudget budget = new LogBudget(() -> now);

    @Test
    void says_what_is_the_same_once_a_minute_and_how_often_it_was_passed_over() {
        assertThat(budget.admit("audience", "a")).hasValue(0);
        assertThat(budget.admit("audience", "a")).isEmpty();
        assertThat(budget.admit("audience", "a")).isEmpty();
        assertThat(budget.admit("audience", "b")).hasValue(2);
        now += LogBudget.WINDOW.toNanos();
        assertThat(budget.admit("audience", "a")).hasValue(0);
    }

    @Test
    void whoever_makes_things_up_gets_a_few_lines_a_minute_and_hides_no_other_kind() {
        int said = 0;
        for (int i = 0; i < 1000; i++) {
            said += budget.admit("key_unknown", "made up " + i).isPresent() ? 1 : 0;
        }
        assertThat(said).isEqualTo(LogBudget.MOST_OF_A_KIND);
        assertThat(budget.admit("audience", "a")).hasValue(0);
        now += LogBudget.WINDOW.toNanos();
        assertThat(budget.admit("key_unknown", "real")).hasValue(1000 - LogBudget.MOST_OF_A_KIND);
    }

    @Test
    void cuts_what_is_too_long_for_a_line() {
        assertThat(LogBudget.cut("x".repeat(5000))).hasSizeLessThan(250).endsWith("\u2026");
        assertThat(LogBudget.cut(null)).isEqualTo("null");
    }
}

package io.waxwatch.provider.polls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class OwnFaultsTest {

    private static final UUID ONE = UUID.randomUUID();
    private static final UUID OTHER = UUID.randomUUID();

    private final OwnFaults faults = new OwnFaults();

    @Test
    void each_poll_is_told_once_until_its_fault_changes_or_it_has_passed() {
        assertThat(faults.failed(ONE, "client_error")).isTrue();
        assertThat(faults.failed(ONE, "client_error")).isFalse();
        assertThat(faults.failed(OTHER, "client_error")).isTrue();
        assertThat(faults.failed(ONE, "auth")).isTrue();
        assertThat(faults.failed(ONE, "client_error")).isTrue();

        assertThat(faults.passed(ONE)).isTrue();
        assertThat(faults.passed(ONE)).as("it had").isFalse();
        assertThat(faults.failed(ONE, "client_error")).isTrue();
        assertThat(faults.failed(OTHER, "client_error")).isFalse();
    }

    @Test
    void remembers_the_latest_of_very_many() {
        faults.failed(ONE, "client_error");
        for (int i = 0; i < OwnFaults.REMEMBERED - 1; i++) {
            faults.failed(UUID.randomUUID(), "client_error");
        }
        assertThat(faults.failed(ONE, "client_error")).isFalse();
        for (int i = 0; i < OwnFaults.REMEMBERED; i++) {
            faults.failed(UUID.randomUUID(), "client_error");
        }
        assertThat(faults.failed(ONE, "client_error")).as("forgotten").isTrue();
    }
}

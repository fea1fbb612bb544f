package io.waxwatch.provider.discogs.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.waxwatch.provider.http.ErrorType;
import io.waxwatch.provider.http.ProviderFailure;
import io.waxwatch.provider.http.ProviderFailure.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImportRetriesTest {

    private final ImportRetries retries = new ImportRetries(Duration.ofSeconds(5));

    private static ProviderFailure failure(Kind kind) {
        return ProviderFailure.of(kind, ErrorType.CLIENT_ERROR, "x");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "UNAVAILABLE, 0, PT5S",
                "TIMEOUT, 1, PT10S",
                "INVALID_BODY, 4, PT1M20S",
                "UNAVAILABLE, 5, none",
                "RATE_LIMITED, 0, PT1M",
                "RATE_LIMITED, 2, PT4M",
                "RATE_LIMITED, 58, PT15M",
                "RATE_LIMITED, 59, none",
                "BREAKER_OPEN, 5, PT2M40S",
                "REJECTED, 0, none",
                "UNAUTHORIZED, 0, none"
            })
    void pauses_grow_and_end(Kind kind, int failedBefore, Duration pause) {
        assertThat(retries.pause(failure(kind), failedBefore).orElse(null)).isEqualTo(pause);
    }

    @Test
    void what_discogs_asks_for_is_waited_for() {
        assertThat(retries.pause(failure(Kind.RATE_LIMITED).withRetryAfter(Duration.ofSeconds(7)), 3))
                .contains(Duration.ofSeconds(7));
    }

    @Test
    void a_fault_of_ours_is_tried_again_too() {
        assertThat(retries.pause(new IllegalStateException(), 0)).contains(Duration.ofSeconds(5));
    }
}

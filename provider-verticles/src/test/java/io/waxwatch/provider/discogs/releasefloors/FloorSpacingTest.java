package io.waxwatch.provider.discogs.releasefloors;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FloorSpacingTest {

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();
    private Future<Long> floors = Future.succeededFuture(230L);

    private final FloorSpacing spacing = new FloorSpacing(
            () -> {
                asked.incrementAndGet();
                return floors;
            },
            30,
            nanos::get);

    private Duration beyond(int seconds) throws TimeoutException {
        return spacing.beyond(seconds).await(5, SECONDS);
    }

    @ParameterizedTest
    @CsvSource({"230, 15, 445", "230, 900, 0", "7, 15, 0", "0, 15, 0", "3000, 900, 5100"})
    void stretches_what_would_be_too_often(long count, int interval, long more) throws Exception {
        floors = Future.succeededFuture(count);
        assertThat(beyond(interval)).isEqualTo(Duration.ofSeconds(more));
    }

    @Test
    void counts_anew_after_half_a_minute_and_not_for_each_poll() throws Exception {
        beyond(15);
        beyond(15);
        assertThat(asked).hasValue(1);
        floors = Future.succeededFuture(460L);
        nanos.addAndGet(Duration.ofSeconds(30).toNanos());
        assertThat(beyond(15)).isEqualTo(Duration.ofSeconds(905));
        assertThat(asked).hasValue(2);
    }

    @Test
    void keeps_the_last_count_while_the_database_is_away() throws Exception {
        beyond(15);
        floors = Future.failedFuture("away");
        nanos.addAndGet(Duration.ofSeconds(30).toNanos());
        assertThat(beyond(15)).isEqualTo(Duration.ofSeconds(445));
    }
}

package io.waxwatch.common.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.waxwatch.common.telemetry.Metrics.Name;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class MetricsTest {

    private final Metrics metrics = new Metrics("test");

    @Test
    void every_name_is_ours_and_used_once() {
        assertThat(Arrays.stream(Name.values()).map(Name::meter))
                .doesNotHaveDuplicates()
                .allMatch(Pattern.compile("waxwatch(_[a-z]+)+").asMatchPredicate());
    }

    @Test
    void shows_the_declared_name_with_the_service_and_its_labels() {
        metrics.counter(Name.MATCHES, "kind", "live").increment(3);

        assertThat(metrics.scrape())
                .contains("# HELP waxwatch_matches_total new matches, by kind")
                .contains("# TYPE waxwatch_matches_total counter")
                .contains("waxwatch_matches_total{kind=\"live\",service=\"test\"} 3.0");
    }

    @Test
    void counts_times_in_seconds_and_buckets() {
        metrics.timer(Name.SCHEDULER_LAG).record(Duration.ofMillis(700));

        assertThat(metrics.scrape())
                .contains("waxwatch_scheduler_lag_seconds_bucket{service=\"test\",le=\"0.5\"} 0")
                .contains("waxwatch_scheduler_lag_seconds_bucket{service=\"test\",le=\"0.75\"} 1")
                .contains("waxwatch_scheduler_lag_seconds_bucket{service=\"test\",le=\"300.0\"} 1")
                .contains("waxwatch_scheduler_lag_seconds_sum{service=\"test\"} 0.7");
    }

    @Test
    void reads_a_gauge_when_it_is_asked() {
        int[] open = {1};
        metrics.gauge(Name.STREAMS, () -> open[0]);
        open[0] = 5;

        assertThat(metrics.scrape()).contains("waxwatch_event_streams{service=\"test\"} 5.0");
    }
}

package io.waxwatch.common.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.waxwatch.common.telemetry.Metrics.Name;
import io.waxwatch.common.testing.TestNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
    void a_label_that_takes_whatever_comes_fills_nothing_but_its_own_meter() {
        for (int i = 0; i < 20_000; i++) {
            metrics.counter(Name.MATCHES, "kind", "made-up-" + i).increment();
            metrics.timer(Name.SCHEDULER_LAG, "poll", "made-up-" + i).record(Duration.ofMillis(1));
        }
        metrics.gauge(Name.STREAMS, () -> 7);

        String text = metrics.scrape();
        assertThat(text.lines().filter(line -> line.startsWith("waxwatch_matches_total{")))
                .hasSize(500);
        assertThat(text.lines().filter(line -> line.startsWith("waxwatch_scheduler_lag_seconds_count{")))
                .hasSize(500);
        assertThat(text)
                .hasSizeLessThan(3_000_000)
                .contains("waxwatch_event_streams{service=\"test\"} 7.0")
                .contains("waxwatch_metrics_series_refused_total{service=\"test\"} 39000.0");
    }

    @Test
    void all_meters_together_have_a_bound_too() {
        for (int meter = 0; meter < 100; meter++) {
            for (int i = 0; i < 400; i++) {
                metrics.registry().counter("made_up_" + meter, "label", "value-" + i);
            }
        }

        String text = metrics.scrape();
        assertThat(text.lines().filter(line -> !line.startsWith("#"))).hasSizeBetween(19_000, 20_000);
        assertThat(text).contains("waxwatch_metrics_samples{service=\"test\"} 20000.0");
    }

    @Test
    void counts_the_samples_that_a_page_shows() {
        metrics.timer(Name.SCHEDULER_LAG).record(Duration.ofMillis(700));
        metrics.registry().summary("vertx_some_bytes").record(3);
        metrics.registry().timer("vertx_some_time").record(Duration.ofMillis(1));

        String text = metrics.scrape();
        long lines = text.lines().filter(line -> !line.startsWith("#")).count();
        assertThat(text).contains("waxwatch_metrics_samples{service=\"test\"} " + lines + ".0");
    }

    @Test
    void a_page_is_written_off_the_event_loops_and_once_for_all_who_ask_meanwhile() {
        Vertx vertx = Vertx.vertx();
        try {
            var writers = new CopyOnWriteArrayList<String>();
            var goOn = new CountDownLatch(1);
            metrics.gauge(Name.STREAMS, () -> {
                writers.add(Thread.currentThread().getName());
                await(goOn);
                return 1;
            });
            List<Future<Buffer>> asked =
                    Stream.generate(() -> metrics.exposition(vertx)).limit(50).toList();
            goOn.countDown();
            for (Future<Buffer> each : asked) {
                assertThat(TestNode.await(each)).isSameAs(TestNode.await(asked.get(0)));
            }
            assertThat(writers).hasSize(1).allMatch(name -> name.contains("worker"));
            assertThat(TestNode.await(metrics.exposition(vertx)))
                    .isNotSameAs(asked.get(0).result());
        } finally {
            TestNode.await(vertx.close());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    @Test
    void reads_a_gauge_when_it_is_asked() {
        int[] open = {1};
        metrics.gauge(Name.STREAMS, () -> open[0]);
        open[0] = 5;

        assertThat(metrics.scrape()).contains("waxwatch_event_streams{service=\"test\"} 5.0");
    }
}

package io.waxwatch.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

    @Test
    void percentiles_are_those_of_the_nearest_rank_in_milliseconds() {
        long[] micros =
                LongStream.rangeClosed(1, 1000).map(i -> 1_000_000 - i * 1000).toArray();

        assertThat(Percentiles.ofMicros(micros)).isEqualTo(new Percentiles(499, 899, 989, 998, 999));
        assertThat(Percentiles.ofMicros(new long[] {7_000})).isEqualTo(new Percentiles(7, 7, 7, 7, 7));
    }

    @Test
    void percentiles_survive_a_workers_answer() {
        var percentiles = new Percentiles(0.5, 1.25, 12, 100, 1234.5);

        assertThat(percentiles.toString()).doesNotContain(" ");
        assertThat(Percentiles.parse(percentiles.toString())).isEqualTo(percentiles);
    }

    @Test
    void medians_of_rounds_are_taken_rank_by_rank() {
        var rounds = List.of(
                new Percentiles(1, 20, 30, 40, 50),
                new Percentiles(3, 10, 35, 60, 70),
                new Percentiles(2, 30, 90, 50, 60));

        assertThat(Percentiles.medians(rounds)).isEqualTo(new Percentiles(2, 20, 35, 50, 60));
    }

    @Test
    void a_chart_shows_each_series_and_needs_no_outside_host(@TempDir Path folder) throws IOException {
        Chart.of("Latency", "milliseconds")
                .add("one", new Percentiles(1, 2, 3, 4, 5).byName())
                .add("two", new Percentiles(2, 3, 4, 5, 6).byName())
                .save(folder.resolve("charts"), "latency");

        assertThat(Files.readString(folder.resolve("charts/latency.svg")))
                .as("an image of vectors, a colour for each series")
                .contains("<svg", "rgb(59,110,165)", "rgb(217,128,50)")
                .doesNotContain("<image", "href=\"http");
    }
}

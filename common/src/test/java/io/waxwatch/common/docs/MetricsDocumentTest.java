package io.waxwatch.common.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.waxwatch.common.telemetry.Metrics;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** docs/METRICS.md lists every metric of ours, with the meaning that the code declares, and no other. */
final class MetricsDocumentTest {

    @Test
    void lists_every_metric_with_its_meaning_and_no_other() {
        assertThat(Documents.rows(Documents.read("docs/METRICS.md")).stream()
                        .map(cells -> cells.get(0) + ": " + cells.get(2)))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Metrics.Name.values())
                        .map(name -> name.meter() + ": " + name.help())
                        .toList());
    }

    @Test
    void names_a_kind_that_fits_the_name() {
        assertThat(Documents.rows(Documents.read("docs/METRICS.md")))
                .allSatisfy(cells -> assertThat(cells.get(1))
                        .as(cells.get(0))
                        .isEqualTo(
                                cells.get(0).endsWith("_total")
                                        ? "counter"
                                        : cells.get(0).endsWith("_seconds") ? "timer" : "gauge"));
    }
}

package io.waxwatch.common.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.waxwatch.common.telemetry.Metrics;
import java.util.List;

/** Holds a service that has just started against docs/METRICS.md: alerts are built on counters, so they are there at zero. */
public final class StartedCounters {

    private StartedCounters() {}

    /**
     * Every counter that the page names for the service is there, at zero.
     *
     * @param service as in the column "Where"
     */
    public static void assertAreThere(Metrics metrics, String service) {
        List<String> scraped = metrics.scrape().lines().toList();
        List<String> counters = Documents.rows(Documents.read("docs/METRICS.md")).stream()
                .filter(cells -> cells.get(1).equals("counter") && cells.get(3).equals(service))
                .map(cells -> cells.get(0))
                .toList();
        assertThat(counters).isNotEmpty();
        for (String counter : counters) {
            assertThat(scraped)
                    .as(counter + " of the " + service)
                    .anyMatch(line -> line.startsWith(counter + "{") && line.endsWith(" 0.0"));
        }
    }
}

package io.waxwatch.provider.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.waxwatch.common.docs.StartedCounters;
import io.waxwatch.provider.http.ErrorType;
import io.waxwatch.provider.polls.RunningProvider;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CountersFromStartTest {

    @Test
    void what_alerts_are_built_on_is_there_before_it_happens() {
        try (RunningProvider provider = RunningProvider.start(Map.of())) {
            StartedCounters.assertAreThere(provider.node.node().metrics(), "provider");
            String scraped = provider.node.node().metrics().scrape();
            for (String marketplace : new String[] {"ebay", "discogs"}) {
                for (ErrorType type : ErrorType.values()) {
                    assertThat(type.statusCodes()).isNotEmpty();
                    assertThat(scraped.lines())
                            .as(marketplace + " " + type)
                            .anyMatch(line -> line.startsWith("waxwatch_provider_failures_total{")
                                    && line.contains("provider=\"" + marketplace + "\"")
                                    && line.contains("error_type=\"" + type.code() + "\""));
                }
            }
        }
    }
}

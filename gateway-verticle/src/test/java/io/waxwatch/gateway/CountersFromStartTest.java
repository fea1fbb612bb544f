package io.waxwatch.gateway;

import io.waxwatch.common.docs.StartedCounters;
import io.waxwatch.gateway.testing.TestGateway;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CountersFromStartTest {

    @Test
    void what_alerts_are_built_on_is_counted_from_the_start() {
        try (TestGateway gateway = TestGateway.start(Map.of())) {
            StartedCounters.assertAreThere(gateway.node().metrics(), "gateway");
        }
    }
}

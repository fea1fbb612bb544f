package io.waxwatch.scheduler.pacing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;

class FairStretchTest {

    @Property
    void all_together_get_what_there_is_and_who_waits_gets_no_less_than_anybody(
            @ForAll @Size(min = 1, max = 40) List<@DoubleRange(min = 0.01, max = 50) Double> wishes,
            @ForAll @DoubleRange(min = 0.01, max = 60) double capacity) {
        Map<Integer, Double> demand = new HashMap<>();
        for (int i = 0; i < wishes.size(); i++) {
            demand.put(i, wishes.get(i));
        }
        Map<Integer, Double> stretch = FairStretch.of(demand, capacity);
        double wished = wishes.stream().mapToDouble(wish -> wish).sum();
        double given = 0;
        double most = 0;
        for (int i = 0; i < wishes.size(); i++) {
            given += demand.get(i) / stretch.get(i);
            most = Math.max(most, demand.get(i) / stretch.get(i));
            assertThat(stretch.get(i)).isGreaterThanOrEqualTo(1);
        }
        assertThat(given).isCloseTo(Math.min(wished, capacity), within(1e-6 * Math.max(1, capacity)));
        for (int i = 0; i < wishes.size(); i++) {
            if (stretch.get(i) > 1) {
                assertThat(demand.get(i) / stretch.get(i)).isCloseTo(most, within(1e-9 * most));
            }
        }
    }

    @Example
    void a_greedy_one_does_not_slow_a_modest_one() {
        Map<String, Double> stretch = FairStretch.of(Map.of("greedy", 100.0, "modest", 0.1), 1);
        assertThat(stretch.get("modest")).isEqualTo(1);
        assertThat(stretch.get("greedy")).isCloseTo(100 / 0.9, within(1e-9));
    }
}

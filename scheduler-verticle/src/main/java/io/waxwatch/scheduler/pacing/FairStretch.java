package io.waxwatch.scheduler.pacing;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Who has to wait longer, and by how much, when all want more than there is: everybody may have the same, and what one does not
 * want goes to the others (max-min fairness). So a collector with a thousand watches delays nobody who has ten.
 */
public final class FairStretch {

    private FairStretch() {}

    /**
     * By how much each one's intervals are to be longer.
     *
     * @param demand polls a second that each would have, above 0
     * @param capacity polls a second that there are, above 0
     * @return 1 or more for each
     */
    public static <K> Map<K, Double> of(Map<K, Double> demand, double capacity) {
        double level =
                level(demand.values().stream().mapToDouble(Double::doubleValue).toArray(), capacity);
        Map<K, Double> stretch = new HashMap<>();
        demand.forEach((who, wish) -> stretch.put(who, Math.max(1, wish / level)));
        return stretch;
    }

    /** What the greedy ones get: with it, all together get no more than there is. */
    private static double level(double[] demand, double capacity) {
        Arrays.sort(demand);
        double left = capacity;
        for (int i = 0; i < demand.length; i++) {
            double even = left / (demand.length - i);
            if (demand[i] > even) {
                return even;
            }
            left -= demand[i];
        }
        return Double.POSITIVE_INFINITY;
    }
}

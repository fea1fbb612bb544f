package io.waxwatch.benchmarks.report;

import java.util.Collection;

/** The middle of a few rounds: on a machine that others use too, means follow the outliers. */
public final class Median {

    private Median() {}

    /**
     * The middle value, or the mean of the two middle ones.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static double of(Collection<? extends Number> rounds) {
        double[] sorted =
                rounds.stream().mapToDouble(Number::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no rounds");
        }
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}

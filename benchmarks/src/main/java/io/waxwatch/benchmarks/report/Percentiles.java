package io.waxwatch.benchmarks.report;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Latencies by rank: the slow ones are what is asked for, and a mean hides them. Milliseconds. */
public record Percentiles(double p50, double p90, double p99, double p999, double max) {

    /**
     * By the nearest rank.
     *
     * @param micros at least one
     */
    public static Percentiles ofMicros(long[] micros) {
        long[] sorted = micros.clone();
        Arrays.sort(sorted);
        return new Percentiles(at(sorted, 0.5), at(sorted, 0.9), at(sorted, 0.99), at(sorted, 0.999), at(sorted, 1));
    }

    /** The median of each over several rounds. */
    public static Percentiles medians(Collection<Percentiles> rounds) {
        return new Percentiles(
                median(rounds, Percentiles::p50),
                median(rounds, Percentiles::p90),
                median(rounds, Percentiles::p99),
                median(rounds, Percentiles::p999),
                median(rounds, Percentiles::max));
    }

    private static double median(Collection<Percentiles> rounds, ToDoubleFunction<Percentiles> which) {
        return Median.of(rounds.stream().map(which::applyAsDouble).toList());
    }

    /** What {@link #toString} wrote. */
    public static Percentiles parse(String text) {
        double[] values =
                Arrays.stream(text.split(",")).mapToDouble(Double::parseDouble).toArray();
        return new Percentiles(values[0], values[1], values[2], values[3], values[4]);
    }

    /** For a chart; without the largest, which is chance. */
    public Map<String, Double> byName() {
        Map<String, Double> byName = new LinkedHashMap<>();
        byName.put("p50", p50);
        byName.put("p90", p90);
        byName.put("p99", p99);
        byName.put("p99.9", p999);
        return byName;
    }

    /** One word, for a worker's answer. */
    @Override
    public String toString() {
        return p50 + "," + p90 + "," + p99 + "," + p999 + "," + max;
    }

    private static double at(long[] sorted, double share) {
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.max(0, rank - 1)] / 1000.0;
    }
}

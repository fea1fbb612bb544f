package io.waxwatch.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Two builds beside each other. What counts is the median of the ratios of neighbouring turns: what disturbs one mostly disturbs
 * the other. Every ratio is above 1 where this build is the better one.
 */
public final class Comparison {

    private record Turn(double former, double now, double ratio) {}

    private final Map<String, List<Turn>> turns = new LinkedHashMap<>();

    /** Adds one turn of both; what only one of them has is left out. */
    public void add(Results former, Results now) {
        now.figures().forEach((name, figure) -> {
            Results.Figure before = former.figures().get(name);
            if (before != null) {
                double ratio = figure.better() == Results.Better.MORE
                        ? figure.value() / before.value()
                        : before.value() / figure.value();
                turns.computeIfAbsent(name, first -> new ArrayList<>())
                        .add(new Turn(before.value(), figure.value(), ratio));
            }
        });
    }

    /** The median ratio of a figure. */
    public double ratio(String name) {
        return Median.of(turns.get(name).stream().map(Turn::ratio).toList());
    }

    /** A line for each figure. */
    public void print() {
        System.out.printf("%-44s %12s %12s %8s  %s%n", "figure", "former", "this build", "ratio", "of each turn");
        turns.forEach((name, all) -> System.out.printf(
                Locale.ROOT,
                "%-44s %,12.1f %,12.1f %8.2f  %s%n",
                name,
                Median.of(all.stream().map(Turn::former).toList()),
                Median.of(all.stream().map(Turn::now).toList()),
                ratio(name),
                all.stream()
                        .map(turn -> String.format(Locale.ROOT, "%.2f", turn.ratio()))
                        .toList()));
    }
}

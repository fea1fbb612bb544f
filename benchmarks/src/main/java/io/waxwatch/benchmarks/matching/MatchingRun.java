package io.waxwatch.benchmarks.matching;

import io.waxwatch.benchmarks.report.Median;
import io.waxwatch.benchmarks.report.Results;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs {@link MatchingBenchmark} for every size of index and prints one line each. */
public final class MatchingRun {

    private static final double TARGET = 20_000;
    private static final String[] SKEWS = {"0.8", "1.0"};
    private static final String[] RULES = {"1000", "100000", "1000000"};

    private MatchingRun() {}

    /**
     * Prints them, and notes them.
     *
     * @throws RunnerException if a benchmark fails, or another JMH run holds the lock
     */
    public static void run(Results results) throws RunnerException {
        System.out.println("Matching one title against rules of three keywords, one thread (JMH; medians of 5 x 2 s)");
        System.out.printf(
                "%10s %6s %14s %12s %14s %14s %12s%n",
                "rules", "skew", "titles/s", "of target", "rules/title", "changes/s", "heap");
        for (String skew : SKEWS) {
            for (String rules : RULES) {
                RunResult titles = measure("titles", rules, skew);
                RunResult change = measure("change", rules, skew);
                double median = median(titles, null);
                results.more("titles/s, " + rules + " rules, skew " + skew, median);
                results.more("changes/s, " + rules + " rules, skew " + skew, median(change, null));
                System.out.printf(
                        Locale.ROOT,
                        "%,10d %6s %,14.0f %11.2fx %,14.2f %,14.0f %9.1f MB%n",
                        Integer.parseInt(rules),
                        skew,
                        median,
                        median / TARGET,
                        median(titles, "hits") / median,
                        median(change, null),
                        heapMegabytes(rules, skew));
            }
        }
    }

    private static RunResult measure(String benchmark, String rules, String skew) throws RunnerException {
        var options = new OptionsBuilder()
                .include("^" + MatchingBenchmark.class.getName().replace(".", "\\.") + "\\." + benchmark + "$")
                .param("rules", rules)
                .param("skew", skew)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .build();
        return new Runner(options).runSingle();
    }

    private static double median(RunResult result, String counter) {
        List<Double> rounds = new ArrayList<>();
        for (var fork : result.getBenchmarkResults()) {
            for (IterationResult round : fork.getIterationResults()) {
                rounds.add(
                        counter == null
                                ? round.getPrimaryResult().getScore()
                                : round.getSecondaryResults().get(counter).getScore());
            }
        }
        return Median.of(rounds);
    }

    private static double heapMegabytes(String rules, String skew) {
        var filled = new MatchingBenchmark();
        filled.rules = Integer.parseInt(rules);
        filled.skew = Double.parseDouble(skew);
        return filled.fillIndex() / 1e6;
    }
}

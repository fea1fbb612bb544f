package io.waxwatch.benchmarks.processes;

import io.waxwatch.benchmarks.BenchmarksMain;
import io.waxwatch.benchmarks.report.Comparison;
import io.waxwatch.benchmarks.report.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs a whole benchmark on two builds in turns, each time in a JVM of its own, and compares what it wrote down. */
public final class Against {

    private static final int TURNS = 3;

    private Against() {}

    /** Prints what the benchmark prints, and at the end the comparison. */
    public static void run(String benchmark, Build former) throws IOException, InterruptedException {
        var comparison = new Comparison();
        for (int turn = 1; turn <= TURNS; turn++) {
            // In one order and then in the other: who is second finds warmer files.
            List<Build> order = turn % 2 == 1 ? List.of(former, Build.current()) : List.of(Build.current(), former);
            Results formerResults = null;
            Results results = null;
            for (Build build : order) {
                System.out.printf("%n%s, turn %d of %d: %s%n", benchmark, turn, TURNS, build.name());
                Results written = once(benchmark, build);
                formerResults = build == former ? written : formerResults;
                results = build == former ? results : written;
            }
            comparison.add(formerResults, results);
        }
        System.out.printf(
                "%n%s, this build beside the former one; medians, and of the ratios of each turn%n", benchmark);
        comparison.print();
    }

    private static Results once(String benchmark, Build build) throws IOException, InterruptedException {
        Path file = Files.createTempFile("waxwatch-benchmark", ".tsv");
        try {
            int code = ChildJvm.of(build, BenchmarksMain.class, List.of(benchmark, Results.ARGUMENT + file))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IOException(benchmark + " on " + build.name() + " ended with " + code);
            }
            return Results.read(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }
}

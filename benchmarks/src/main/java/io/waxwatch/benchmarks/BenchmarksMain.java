package io.waxwatch.benchmarks;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.waxwatch.benchmarks.gateway.GatewayBenchmark;
import io.waxwatch.benchmarks.matching.MatchingRun;
import io.waxwatch.benchmarks.polls.PollsBenchmark;
import io.waxwatch.benchmarks.report.Machine;
import io.waxwatch.benchmarks.streams.StreamsBenchmark;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * Runs the benchmarks that the arguments name, {@code matching}, {@code gateway}, {@code streams} and {@code polls}, or all of
 * them; {@code --charts=FOLDER} has the results of the middle two drawn there.
 */
public final class BenchmarksMain {

    private static final List<String> ALL = List.of("matching", "gateway", "streams", "polls");

    private static final String CHARTS = "--charts=";

    private BenchmarksMain() {}

    public static void main(String[] arguments) {
        Optional<Path> charts = Arrays.stream(arguments)
                .filter(argument -> argument.startsWith(CHARTS))
                .map(argument -> Path.of(argument.substring(CHARTS.length())))
                .findFirst();
        List<String> named = Arrays.stream(arguments)
                .filter(argument -> !argument.startsWith(CHARTS))
                .toList();
        List<String> wanted = named.isEmpty() ? ALL : named;
        if (!ALL.containsAll(wanted)) {
            System.err.println("Unknown benchmark in " + wanted + ": there are " + String.join(", ", ALL));
            System.exit(1);
        }
        quiet();
        try {
            for (String benchmark : wanted) {
                run(benchmark, charts);
            }
            System.exit(0);
        } catch (Exception failed) {
            // What it started may still hold threads: end them all.
            System.err.println("The benchmark failed: " + failed);
            for (StackTraceElement frame : failed.getStackTrace()) {
                System.err.println("    " + frame);
            }
            System.exit(1);
        }
    }

    /** Logs nothing below a warning, on this process's own output. */
    public static void quiet() {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    }

    private static void run(String benchmark, Optional<Path> charts) throws Exception {
        System.out.println();
        System.out.println(Machine.line());
        switch (benchmark) {
            case "matching" -> MatchingRun.run();
            case "gateway" -> GatewayBenchmark.run(charts);
            case "streams" -> StreamsBenchmark.run(charts);
            case "polls" -> PollsBenchmark.run();
            default -> throw new IllegalStateException(benchmark);
        }
    }
}

package io.waxwatch.benchmarks;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.waxwatch.benchmarks.gateway.GatewayBenchmark;
import io.waxwatch.benchmarks.matching.MatchingRun;
import io.waxwatch.benchmarks.polls.PollsBenchmark;
import io.waxwatch.benchmarks.report.Machine;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Runs the benchmarks that the arguments name, {@code matching}, {@code gateway} and {@code polls}, or all of them. */
public final class BenchmarksMain {

    private static final List<String> ALL = List.of("matching", "gateway", "polls");

    private BenchmarksMain() {}

    public static void main(String[] arguments) {
        List<String> wanted = arguments.length == 0 ? ALL : List.of(arguments);
        if (!ALL.containsAll(wanted)) {
            System.err.println("Unknown benchmark in " + wanted + ": there are " + String.join(", ", ALL));
            System.exit(1);
        }
        quiet();
        try {
            for (String benchmark : wanted) {
                run(benchmark);
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

    private static void run(String benchmark) throws Exception {
        System.out.println();
        System.out.println(Machine.line());
        switch (benchmark) {
            case "matching" -> MatchingRun.run();
            case "gateway" -> GatewayBenchmark.run();
            case "polls" -> PollsBenchmark.run();
            default -> throw new IllegalStateException(benchmark);
        }
    }
}

package io.waxwatch.benchmarks;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.waxwatch.benchmarks.day.DayBenchmark;
import io.waxwatch.benchmarks.gateway.GatewayBenchmark;
import io.waxwatch.benchmarks.gateway.GatewayComparison;
import io.waxwatch.benchmarks.ingest.IngestBenchmark;
import io.waxwatch.benchmarks.mail.MailBenchmark;
import io.waxwatch.benchmarks.matching.MatchingRun;
import io.waxwatch.benchmarks.polls.PollsBenchmark;
import io.waxwatch.benchmarks.processes.Against;
import io.waxwatch.benchmarks.processes.Build;
import io.waxwatch.benchmarks.report.Machine;
import io.waxwatch.benchmarks.report.Results;
import io.waxwatch.benchmarks.streams.StreamsBenchmark;
import io.waxwatch.benchmarks.writes.WritesBenchmark;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * Runs the benchmarks that the arguments name, {@code matching}, {@code gateway}, {@code streams}, {@code polls}, {@code mail},
 * {@code ingest} and {@code writes}, or all of them. {@code --charts=FOLDER} has the results of the second and third drawn there. {@code --against=FOLDER} runs them on a former
 * build too, whose folder {@code benchmarks/target} it names, in turns with this one. {@code --database=URL} has
 * {@code ingest} run in an empty database of a server that is there.
 */
public final class BenchmarksMain {

    private static final List<String> ALL =
            List.of("matching", "gateway", "streams", "polls", "mail", "ingest", "writes", "day");

    private static final String CHARTS = "--charts=";
    private static final String AGAINST = "--against=";
    private static final String DATABASE = "--database=";

    private BenchmarksMain() {}

    public static void main(String[] arguments) {
        Optional<Path> charts = path(arguments, CHARTS);
        Optional<Path> results = path(arguments, Results.ARGUMENT);
        Optional<Path> against = path(arguments, AGAINST);
        Optional<String> database = text(arguments, DATABASE);
        List<String> named = Arrays.stream(arguments)
                .filter(argument -> !argument.startsWith("--"))
                .toList();
        List<String> wanted = named.isEmpty() ? ALL : named;
        if (!ALL.containsAll(wanted)) {
            System.err.println("Unknown benchmark in " + wanted + ": there are " + String.join(", ", ALL));
            System.exit(1);
        }
        quiet();
        try {
            var figures = new Results();
            for (String benchmark : wanted) {
                System.out.println();
                System.out.println(Machine.line());
                if (against.isPresent()) {
                    runAgainst(benchmark, Build.former(against.get()));
                } else {
                    run(benchmark, charts, database, figures);
                }
            }
            if (results.isPresent()) {
                figures.write(results.get());
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

    private static Optional<Path> path(String[] arguments, String option) {
        return text(arguments, option).map(Path::of);
    }

    private static Optional<String> text(String[] arguments, String option) {
        return Arrays.stream(arguments)
                .filter(argument -> argument.startsWith(option))
                .map(argument -> argument.substring(option.length()))
                .findFirst();
    }

    /** Logs nothing below a warning, on this process's own output. */
    public static void quiet() {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    }

    private static void run(String benchmark, Optional<Path> charts, Optional<String> database, Results results)
            throws Exception {
        switch (benchmark) {
            case "matching" -> MatchingRun.run(results);
            case "gateway" -> GatewayBenchmark.run(charts);
            case "streams" -> StreamsBenchmark.run(charts, results);
            case "polls" -> PollsBenchmark.run();
            case "mail" -> MailBenchmark.run(Optional.empty());
            case "ingest" -> IngestBenchmark.run(database);
            case "day" -> DayBenchmark.run(charts);
            case "writes" -> WritesBenchmark.run(Optional.empty());
            default -> throw new IllegalStateException(benchmark);
        }
    }

    private static void runAgainst(String benchmark, Build former) throws Exception {
        if (benchmark.equals("gateway")) {
            // Both stay up and take turns of seconds.
            GatewayComparison.run(former);
        } else if (benchmark.equals("mail")) {
            // One database and one mail host for both; the notifiers take turns.
            MailBenchmark.run(Optional.of(former));
        } else if (benchmark.equals("writes")) {
            WritesBenchmark.run(Optional.of(former));
        } else {
            Against.run(benchmark, former);
        }
    }
}

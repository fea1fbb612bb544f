package io.waxwatch.benchmarks.writes;

import io.vertx.core.Vertx;
import io.waxwatch.benchmarks.gateway.GatewayServer;
import io.waxwatch.benchmarks.processes.Build;
import io.waxwatch.benchmarks.processes.Worker;
import io.waxwatch.benchmarks.report.Comparison;
import io.waxwatch.benchmarks.report.Median;
import io.waxwatch.benchmarks.report.Results;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sixteen collectors who write rules over HTTP without a pause, fsync on: each makes a rule, changes it and deletes it, again and
 * again. The gateway is a process of its own; beside a former build both stay up and take turns.
 */
public final class WritesBenchmark {

    private static final int WRITERS = 16;
    private static final int WARM_UP_ROUNDS = 3;
    private static final int ROUNDS = 9;
    private static final int ROUND_SECONDS = 3;

    private WritesBenchmark() {}

    /** Prints writes a second, and beside a former build the comparison. */
    public static void run(Optional<Build> former) throws IOException, TimeoutException {
        System.out.printf(
                "Rules made, changed and deleted by %d writers at once, each a request; %d rounds of %d s%n",
                WRITERS, ROUNDS, ROUND_SECONDS);
        Vertx vertx = Vertx.vertx();
        try (Worker now = start(Build.current())) {
            RuleWriters writers = serve(vertx, now);
            if (former.isPresent()) {
                try (Worker old = start(former.get())) {
                    compare(serve(vertx, old), writers);
                }
            } else {
                alone(writers);
            }
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }

    private static Worker start(Build build) throws IOException {
        return Worker.start(build, GatewayServer.class, "-Xmx512m");
    }

    private static RuleWriters serve(Vertx vertx, Worker gateway) throws IOException {
        String[] server = gateway.ask("serve", WRITERS);
        return new RuleWriters(
                vertx, Integer.parseInt(server[0]), List.of(server).subList(1, server.length));
    }

    private static void compare(RuleWriters former, RuleWriters now) throws TimeoutException {
        var comparison = new Comparison();
        for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
            boolean formerFirst = round % 2 == 0;
            Results before = formerFirst ? measure(former) : null;
            Results after = measure(now);
            before = formerFirst ? before : measure(former);
            if (round >= 0) {
                comparison.add(before, after);
            }
        }
        comparison.print();
    }

    private static void alone(RuleWriters writers) throws TimeoutException {
        List<Double> rates = new ArrayList<>();
        List<Double> slowest = new ArrayList<>();
        for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
            Results measured = measure(writers);
            if (round >= 0) {
                rates.add(measured.figures().get("writes/s").value());
                slowest.add(measured.figures().get("p99 ms").value());
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%,.0f writes a second (%,.0f to %,.0f), p99 %.1f ms%n",
                Median.of(rates),
                rates.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
                rates.stream().mapToDouble(Double::doubleValue).max().orElseThrow(),
                Median.of(slowest));
    }

    private static Results measure(RuleWriters writers) throws TimeoutException {
        RuleWriters.Round round = writers.round(ROUND_SECONDS);
        var results = new Results();
        results.more("writes/s", round.writesPerSecond());
        results.less("p50 ms", round.latency().p50());
        results.less("p99 ms", round.latency().p99());
        return results;
    }
}

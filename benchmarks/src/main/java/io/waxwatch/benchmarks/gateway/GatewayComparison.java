package io.waxwatch.benchmarks.gateway;

import io.waxwatch.benchmarks.processes.Build;
import io.waxwatch.benchmarks.processes.Worker;
import io.waxwatch.benchmarks.report.Comparison;
import io.waxwatch.benchmarks.report.Results;
import java.io.IOException;
import java.util.List;

/**
 * A page of 20 watch rules by the gateways of two builds, each in a JVM of its own with its own schema in its own PostgreSQL. Both
 * stay up and take turns, so that what else happens on the machine meets both.
 */
public final class GatewayComparison {

    private static final int WARM_UP_ROUNDS = 3;
    private static final int ROUNDS = 15;
    private static final int ROUND_SECONDS = 3;

    private GatewayComparison() {}

    /** Prints the comparison. */
    public static void run(Build former) throws IOException {
        System.out.printf(
                "GET %s, %d rows, 64 connections, throttle in the process; %d rounds of %d s each, in turns%n",
                BenchmarkTargets.PATH, BenchmarkTargets.RULES, ROUNDS, ROUND_SECONDS);
        var comparison = new Comparison();
        try (Worker old = start(former);
                Worker now = start(Build.current());
                var load = new LoadGenerator()) {
            String[] oldServer = old.ask("serve");
            String[] server = now.ask("serve");
            for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
                // In one order and then in the other.
                Results before = null;
                Results after = null;
                for (boolean isFormer : round % 2 == 0 ? List.of(true, false) : List.of(false, true)) {
                    Results measured = measure(load, isFormer ? oldServer : server);
                    before = isFormer ? measured : before;
                    after = isFormer ? after : measured;
                }
                if (round >= 0) {
                    comparison.add(before, after);
                }
            }
        }
        comparison.print();
    }

    private static Worker start(Build build) throws IOException {
        return Worker.start(build, GatewayServer.class, "-Xmx512m");
    }

    private static Results measure(LoadGenerator load, String[] server) throws IOException {
        LoadGenerator.Round round =
                load.round(Integer.parseInt(server[0]), BenchmarkTargets.PATH, server[1], ROUND_SECONDS);
        if (round.refused() > 0 || round.requestsPerSecond() <= 0) {
            throw new IOException("not every request was answered: " + round);
        }
        var results = new Results();
        results.more("requests/s", round.requestsPerSecond());
        results.less("p50 ms", round.latency().p50());
        results.less("p99 ms", round.latency().p99());
        return results;
    }
}

package io.waxwatch.benchmarks.gateway;

import io.waxwatch.benchmarks.report.Chart;
import io.waxwatch.benchmarks.report.Median;
import io.waxwatch.benchmarks.report.Percentiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One page of 20 watch rules: the gateway, with all it does for a request (token, throttle, user, JSON log line, latency
 * metric), beside a bare handler that runs the same SELECT through the same kind of pool, and beside handlers that do one of
 * these things only. First as fast as they answer, then at half of that, where latency says how it feels. They
 * take turns in one run, so that all meet the same machine. Load generator, servers and PostgreSQL share its cores.
 */
public final class GatewayBenchmark {

    private static final int WARM_UP_ROUNDS = 2;
    private static final int ROUNDS = 5;
    private static final int ROUND_SECONDS = 3;
    private static final int PACED_ROUNDS = 3;
    private static final int PACED_ROUND_SECONDS = 8;
    private static final double TARGET = 0.70;
    private static final List<String> PACED =
            List.of(BenchmarkTargets.BARE, BenchmarkTargets.LOCAL, BenchmarkTargets.REDIS);

    private GatewayBenchmark() {}

    /**
     * Runs all rounds and prints their tables.
     *
     * @param charts where to draw them, if at all
     */
    public static void run(Optional<Path> charts) throws Exception {
        try (BenchmarkTargets ladder = BenchmarkTargets.start();
                var load = new LoadGenerator()) {
            Map<String, List<Double>> rates = fast(ladder, load);
            printRates(rates);
            Map<String, Percentiles> latencies = atHalf(ladder, load, rates);
            printLatencies(latencies, rates);
            if (charts.isPresent()) {
                drawRates(charts.get(), rates);
                drawLatencies(charts.get(), latencies);
            }
        }
    }

    private static Map<String, List<Double>> fast(BenchmarkTargets ladder, LoadGenerator load) throws IOException {
        System.out.printf(
                "GET %s, %d rows, 64 connections; %d rounds of %d s each, in turns%n",
                BenchmarkTargets.PATH, BenchmarkTargets.RULES, ROUNDS, ROUND_SECONDS);
        Map<String, List<Double>> rates = new LinkedHashMap<>();
        for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
            for (var server : ladder.ports().entrySet()) {
                LoadGenerator.Round result =
                        load.round(server.getValue(), BenchmarkTargets.PATH, ladder.token(), ROUND_SECONDS);
                refuseRefusals(server.getKey(), result);
                if (round >= 0) {
                    rates.computeIfAbsent(server.getKey(), name -> new ArrayList<>())
                            .add(result.requestsPerSecond());
                }
            }
        }
        return rates;
    }

    /** Each at half of what it can do itself. */
    private static Map<String, Percentiles> atHalf(
            BenchmarkTargets ladder, LoadGenerator load, Map<String, List<Double>> rates) throws IOException {
        System.out.printf(
                "%nAt half of each one's own requests/s; %d rounds of %d s each, in turns%n",
                PACED_ROUNDS, PACED_ROUND_SECONDS);
        Map<String, List<Percentiles>> rounds = new LinkedHashMap<>();
        for (int round = 0; round < PACED_ROUNDS; round++) {
            for (String name : PACED) {
                LoadGenerator.Round result = load.round(
                        ladder.ports().get(name),
                        BenchmarkTargets.PATH,
                        ladder.token(),
                        PACED_ROUND_SECONDS,
                        Median.of(rates.get(name)) / 2);
                refuseRefusals(name, result);
                rounds.computeIfAbsent(name, first -> new ArrayList<>()).add(result.latency());
            }
        }
        Map<String, Percentiles> medians = new LinkedHashMap<>();
        rounds.forEach((name, all) -> medians.put(name, Percentiles.medians(all)));
        return medians;
    }

    private static void refuseRefusals(String name, LoadGenerator.Round result) {
        if (result.refused() > 0 || result.requestsPerSecond() <= 0) {
            throw new IllegalStateException(name + ": " + result);
        }
    }

    private static void printRates(Map<String, List<Double>> rates) {
        System.out.printf("%-30s %12s %10s %10s %10s%n", "server", "requests/s", "ratio", "of target", "rounds");
        rates.forEach((name, rounds) -> {
            double ratio = ratio(rounds, rates.get(BenchmarkTargets.baseOf(name)));
            boolean isGateway = name.equals(BenchmarkTargets.LOCAL) || name.equals(BenchmarkTargets.REDIS);
            System.out.printf(
                    Locale.ROOT,
                    "%-30s %,12.0f %10.2f %10s %s%n",
                    name,
                    Median.of(rounds),
                    ratio,
                    isGateway ? String.format(Locale.ROOT, "%.2fx", ratio / TARGET) : "",
                    rounds.stream()
                            .map(rate -> String.format(Locale.ROOT, "%.0f", rate))
                            .toList());
        });
    }

    private static void printLatencies(Map<String, Percentiles> latencies, Map<String, List<Double>> rates) {
        System.out.printf(
                "%-30s %12s %10s %10s %10s %10s%n", "server", "requests/s", "p50 ms", "p99 ms", "p99.9 ms", "max ms");
        latencies.forEach((name, latency) -> System.out.printf(
                Locale.ROOT,
                "%-30s %,12.0f %10.1f %10.1f %10.1f %10.1f%n",
                name,
                Median.of(rates.get(name)) / 2,
                latency.p50(),
                latency.p99(),
                latency.p999(),
                latency.max()));
    }

    /** The median of the ratios of neighbouring rounds: what disturbs one mostly disturbs the other. */
    private static double ratio(List<Double> rounds, List<Double> bareRounds) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < rounds.size(); i++) {
            ratios.add(rounds.get(i) / bareRounds.get(i));
        }
        return Median.of(ratios);
    }

    private static void drawRates(Path folder, Map<String, List<Double>> rates) throws IOException {
        Map<String, Double> steps = new LinkedHashMap<>();
        Map<String, Double> whole = new LinkedHashMap<>();
        rates.forEach((name, rounds) -> {
            String base = BenchmarkTargets.baseOf(name);
            (base.equals(BenchmarkTargets.BARE) ? whole : steps).put(name, ratio(rounds, rates.get(base)));
        });
        Chart.of("A page of 20 rules: requests a second, with the SELECT", "of the bare handler's")
                .add("requests/s", whole)
                .save(folder, "gateway-whole");
        Chart.of("One step of the gateway, without the SELECT: requests a second", "of those of a constant answer")
                .add("requests/s", steps)
                .save(folder, "gateway-steps");
    }

    private static void drawLatencies(Path folder, Map<String, Percentiles> latencies) throws IOException {
        Chart chart = Chart.of("A page of 20 rules: latency at half of the maximum load", "milliseconds");
        latencies.forEach((name, latency) -> chart.add(name, latency.byName()));
        chart.save(folder, "gateway-latency");
    }
}

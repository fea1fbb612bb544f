package io.waxwatch.benchmarks.day;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.waxwatch.benchmarks.report.Chart;
import io.waxwatch.common.matching.RuleQuery;
import io.waxwatch.common.matching.WatchIndex;
import io.waxwatch.common.polls.PollPlanner;
import io.waxwatch.provider.quota.Budget;
import io.waxwatch.standalone.redis.EmbeddedRedisPart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * What a day of the marketplaces costs, and how soon a listing is matched: 100,000 rules and 20,000 watched releases over 5,000
 * calls of eBay and 60 a minute of Discogs. The clock is the simulation's; planner, ledger (in a real Redis), fairness and matching
 * are the product's.
 */
public final class DayBenchmark {

    private static final int RULES = 100_000;
    private static final int RELEASES = 20_000;
    private static final int[] INFLOWS = {5_000, 20_000, 60_000};
    private static final int EBAY_PER_DAY = 5_000;
    private static final int DISCOGS_PER_MINUTE = 60;
    /** Midnight in California. */
    private static final double START = Instant.parse("2026-11-30T08:00:00Z").toEpochMilli();

    private static final String ROW = "%-44s %9s %9s %9s %8s%n";

    private final RedisConnection redis;
    private int runs;

    private DayBenchmark(RedisConnection redis) {
        this.redis = redis;
    }

    public static void run(Optional<Path> charts) throws Exception {
        Path folder = Files.createTempDirectory(
                Files.createDirectories(Path.of(".run").toAbsolutePath()), "day-");
        Vertx vertx = Vertx.vertx();
        try (var server = new EmbeddedRedisPart(folder, 0)) {
            server.start();
            RedisConnection redis =
                    Redis.createClient(vertx, server.url()).connect().await(10, TimeUnit.SECONDS);
            new DayBenchmark(redis).all(charts);
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }

    private void all(Optional<Path> charts) throws Exception {
        var collectors = new Collectors(42);
        Map<UUID, RuleQuery> rules = new LinkedHashMap<>();
        var index = new WatchIndex();
        for (int i = 0; i < RULES; i++) {
            var id = new UUID(i * 0x9E3779B97F4A7C15L, i);
            rules.put(id, collectors.rule());
            index.putRule(id, rules.get(id));
        }
        List<List<UUID>> shared = List.copyOf(Collectors.polls(new PollPlanner("EBAY_US", "176985", 120, 900), rules)
                .values());
        List<List<UUID>> single = rules.keySet().stream().map(List::of).toList();
        System.out.printf(
                "%,d rules, which are %,d different queries; %,d calls of eBay a day%n%n",
                RULES, shared.size(), EBAY_PER_DAY);
        System.out.printf(ROW, "listed to matched", "p50", "p95", "found", "calls");
        Map<String, Double> p50 = new LinkedHashMap<>();
        Map<String, Double> p95 = new LinkedHashMap<>();
        for (int inflow : INFLOWS) {
            var day = new EbayDay(START, collectors, index, inflow);
            EbayDay.Outcome sweep = day.withSweep(ebay());
            row(String.format("%,d listings: sweep", inflow), sweep);
            row(String.format("%,d listings: shared queries, no sweep", inflow), day.inTurn(ebay(), shared));
            row(String.format("%,d listings: a poll for each rule", inflow), day.inTurn(ebay(), single));
            p50.put(String.format("%,d listings", inflow), sweep.at(0.5));
            p95.put(String.format("%,d listings", inflow), sweep.at(0.95));
        }
        System.out.println();
        System.out.printf("%s; %d calls of Discogs a minute%n%n", DiscogsDay.sizes(RELEASES), DISCOGS_PER_MINUTE);
        System.out.printf(ROW, "moved to seen", "p50", "p95", "seen", "calls");
        double planned = (DISCOGS_PER_MINUTE - 5) * 0.9;
        row("intervals that follow the floor", new DiscogsDay(RELEASES).run(discogs(), START, planned, true));
        row("one interval for all", new DiscogsDay(RELEASES).run(discogs(), START, planned, false));
        if (charts.isPresent()) {
            Chart.of("Listed to matched with the sweep, 100,000 rules", "seconds")
                    .add("p50", p50)
                    .add("p95", p95)
                    .save(charts.get(), "day-sweep");
        }
    }

    private VirtualQuota ebay() {
        return new VirtualQuota(redis, Budget.ebay(EBAY_PER_DAY), "day" + runs++);
    }

    private VirtualQuota discogs() {
        return new VirtualQuota(redis, Budget.discogs("day", DISCOGS_PER_MINUTE), "day" + runs++);
    }

    private static void row(String name, EbayDay.Outcome outcome) {
        System.out.printf(
                ROW,
                name,
                time(outcome.at(0.5)),
                time(outcome.at(0.95)),
                String.format("%.1f %%", outcome.found() * 100),
                String.format("%,d", outcome.calls()));
    }

    private static String time(double seconds) {
        if (!Double.isFinite(seconds)) {
            return "> 24 h";
        }
        return seconds < 600 ? String.format("%.0f s", seconds) : String.format("%.1f h", seconds / 3600);
    }
}

package io.waxwatch.benchmarks.day;

import io.waxwatch.provider.http.CallLane;
import io.waxwatch.scheduler.pacing.FairStretch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeoutException;

/**
 * A day of Discogs: floors of watched releases move, and each move is seen at the next look. One release in twenty is traded
 * often, and moves each two hours; the others each ten days.
 */
final class DiscogsDay {

    private static final double SHORTEST = 900_000;
    private static final double LONGEST = 6 * 3_600_000;
    private static final double OFTEN = 2 * 3_600_000.0;
    private static final double SELDOM = 10 * EbayDay.DAY;
    private static final double COUNT_EVERY = 60_000;

    private static final class Release {
        final boolean often;
        final int owner;
        double adaptive = SHORTEST;
        double stretch = 1;
        double due;
        double nextMove;

        Release(boolean often, int owner) {
            this.often = often;
            this.owner = owner;
        }
    }

    private final SplittableRandom random = new SplittableRandom(7);
    private final List<Release> releases = new ArrayList<>();

    /** @param watched releases, ten to a collector */
    DiscogsDay(int watched) {
        for (int i = 0; i < watched; i++) {
            var release = new Release(i % 20 == 0, i / 10);
            release.nextMove = move(release, 0);
            releases.add(release);
        }
    }

    private double move(Release release, double now) {
        return now - Math.log(1 - random.nextDouble()) * (release.often ? OFTEN : SELDOM);
    }

    /**
     * The second of two days, so that intervals have found their length.
     *
     * @param perMinute looks that a plan may count on
     * @param adapting whether intervals follow how often a floor moves
     */
    EbayDay.Outcome run(VirtualQuota quota, double start, double perMinute, boolean adapting) throws TimeoutException {
        List<Double> seconds = new ArrayList<>();
        var line = new PriorityQueue<Release>(Comparator.comparingDouble(release -> release.due));
        releases.forEach(release -> {
            release.due = random.nextDouble() * SHORTEST;
            line.add(release);
        });
        double now = 0;
        double counted = -COUNT_EVERY;
        long before = 0;
        while (now < 2 * EbayDay.DAY) {
            if (now - counted >= COUNT_EVERY) {
                counted = now;
                stretch(perMinute);
            }
            Release release = line.peek();
            now = Math.max(now, release.due);
            long wait = quota.take(start + now, CallLane.DUE, null);
            if (wait > 0) {
                now += wait;
                continue;
            }
            if (now < EbayDay.DAY) {
                before = quota.calls();
            }
            line.poll();
            look(release, now, seconds, adapting);
            line.add(release);
        }
        double[] sorted =
                seconds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new EbayDay.Outcome(sorted, quota.calls() - before);
    }

    private void look(Release release, double now, List<Double> seconds, boolean adapting) {
        boolean moved = release.nextMove <= now;
        if (moved) {
            if (now >= EbayDay.DAY) {
                seconds.add((now - release.nextMove) / 1000);
            }
            release.nextMove = move(release, now);
        }
        if (adapting) {
            release.adaptive =
                    moved ? Math.max(SHORTEST, release.adaptive / 2) : Math.min(LONGEST, release.adaptive * 5 / 4);
        }
        release.due = now + release.adaptive * release.stretch;
    }

    private void stretch(double perMinute) {
        Map<Integer, Double> demand = new HashMap<>();
        releases.forEach(release -> demand.merge(release.owner, 60_000 / release.adaptive, Double::sum));
        Map<Integer, Double> stretch = FairStretch.of(demand, perMinute);
        releases.forEach(release -> release.stretch = stretch.get(release.owner));
    }

    /** For a report. */
    static String sizes(int watched) {
        return String.format(
                "%,d watched releases, of which one in twenty moves each 2 h, the others each 10 days", watched);
    }
}

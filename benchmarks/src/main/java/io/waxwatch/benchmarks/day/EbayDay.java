package io.waxwatch.benchmarks.day;

import io.waxwatch.common.matching.Hits;
import io.waxwatch.common.matching.Offer;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.matching.WatchIndex;
import io.waxwatch.provider.http.CallLane;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeoutException;

/**
 * A day of eBay: listings come at random times, and each match of a listing with a rule is found when a call shows the listing.
 * How long eBay itself takes to show a new listing is not part of it.
 */
final class EbayDay {

    static final double DAY = 86_400_000;
    private static final double SWEEP_EVERY = 120_000;
    private static final int PAGE = 200;
    /** People who search, an hour. */
    private static final double SEARCHES = 10;

    /**
     * What came of it.
     *
     * @param seconds from listed to matched, of each match, sorted; infinite for those not found that day
     * @param calls used
     */
    record Outcome(double[] seconds, long calls) {

        double at(double share) {
            return seconds.length == 0
                    ? Double.NaN
                    : seconds[(int) Math.min(seconds.length - 1, share * seconds.length)];
        }

        double found() {
            return Arrays.stream(seconds).filter(Double::isFinite).count() / (double) Math.max(1, seconds.length);
        }
    }

    /** A listing and the rules that it satisfies. */
    private record Listed(double at, List<UUID> rules) {}

    private final double start;
    private final List<Listed> listings = new ArrayList<>();

    /** @param start milliseconds since 1970, when eBay's day begins */
    EbayDay(double start, Collectors collectors, WatchIndex index, int inflow) {
        this.start = start;
        double[] times = new double[inflow];
        Arrays.setAll(times, i -> collectors.uniform() * DAY);
        Arrays.sort(times);
        for (double at : times) {
            Hits hits = index.match(
                    new Offer(Provider.EBAY, collectors.title(), collectors.price(), "USD", "Used", null, null));
            listings.add(new Listed(at, hits.rules()));
        }
    }

    /** The build as it is: a sweep, first looks in the background, people who search. */
    Outcome withSweep(VirtualQuota quota) throws TimeoutException {
        List<Double> seconds = new ArrayList<>();
        double sweep = 0;
        double look = 0;
        double search = 0;
        int seen = 0;
        while (Math.min(sweep, Math.min(look, search)) < DAY) {
            if (sweep <= look && sweep <= search) {
                int listed = until(sweep);
                // A page whose end is known ends it; the page on which the new ends may end exactly there.
                int pages = (listed - seen) / PAGE + 1;
                int page = 0;
                while (page < pages && sweep < DAY) {
                    long wait = quota.take(start + sweep, CallLane.DUE, null);
                    page += wait == 0 ? 1 : 0;
                    sweep += wait;
                }
                for (; seen < listed && page == pages; seen++) {
                    Listed listing = listings.get(seen);
                    for (int i = 0; i < listing.rules.size(); i++) {
                        seconds.add((sweep - listing.at) / 1000);
                    }
                }
                sweep += SWEEP_EVERY;
            } else if (look <= search) {
                look += Math.max(1, quota.take(start + look, CallLane.BACKGROUND, "somebody"));
            } else {
                long wait = quota.take(start + search, CallLane.INTERACTIVE, "somebody else");
                search += wait == 0 ? 3_600_000 / SEARCHES : wait;
            }
        }
        return outcome(seconds, quota);
    }

    /**
     * Polls one after the other, as often as there is a call: what fair intervals come to when all ask for more than there is.
     *
     * @param polls whose rules each of them serves
     */
    Outcome inTurn(VirtualQuota quota, List<List<UUID>> polls) throws TimeoutException {
        Map<UUID, List<Double>> open = new HashMap<>();
        List<Double> seconds = new ArrayList<>();
        double now = 0;
        int shown = 0;
        int next = 0;
        while (now < DAY) {
            long wait = quota.take(start + now, CallLane.DUE, null);
            if (wait > 0) {
                now += wait;
                continue;
            }
            for (int listed = until(now); shown < listed; shown++) {
                Listed listing = listings.get(shown);
                listing.rules.forEach(rule ->
                        open.computeIfAbsent(rule, any -> new ArrayList<>()).add(listing.at));
            }
            for (UUID rule : polls.get(next)) {
                List<Double> found = open.remove(rule);
                if (found != null) {
                    for (double at : found) {
                        seconds.add((now - at) / 1000);
                    }
                }
            }
            next = (next + 1) % polls.size();
            now += 1;
        }
        return outcome(seconds, quota);
    }

    private Outcome outcome(List<Double> seconds, VirtualQuota quota) {
        int matches =
                listings.stream().mapToInt(listing -> listing.rules.size()).sum();
        double[] all = new double[matches];
        Arrays.fill(all, Double.POSITIVE_INFINITY);
        for (int i = 0; i < seconds.size(); i++) {
            all[i] = seconds.get(i);
        }
        Arrays.sort(all);
        return new Outcome(all, quota.calls());
    }

    /** How many had been listed by then. */
    private int until(double now) {
        int from = 0;
        int to = listings.size();
        while (from < to) {
            int middle = (from + to) / 2;
            if (listings.get(middle).at <= now) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }
}

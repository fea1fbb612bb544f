package io.waxwatch.gateway.watchrules;

import io.vertx.core.Future;
import io.waxwatch.common.listings.Listing;
import io.waxwatch.common.matching.Decision;
import io.waxwatch.common.matching.RuleMatcher;
import io.waxwatch.common.matching.RuleQuery;
import io.waxwatch.common.polls.PollPlanner;
import io.waxwatch.common.polls.PollSpec;
import io.waxwatch.gateway.watchrules.RuleFindingStore.Setting;
import io.waxwatch.gateway.watchrules.RulePreviewed.Example;
import io.waxwatch.gateway.watchrules.RulePreviewed.Stop;
import io.waxwatch.gateway.watchrules.RulePreviewed.Upstream;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * What a rule that is not there yet would have found among the stored listings, newest first, by the very code that
 * decides for rules that are. Batch by batch, so that the event loop is never held for long; it stops at the first of its
 * limits and says at which.
 */
final class RulePreview {

    /**
     * How far to look.
     *
     * @param window at most so far back
     * @param listings at most so many of them
     * @param batch so many at once
     * @param time no further batch is read after so long
     */
    record Limits(Duration window, int listings, int batch, Duration time) {

        /** Some ten milliseconds of matching in all, and a second of reading on a slow day. */
        static final Limits DEFAULT = new Limits(Duration.ofDays(7), 10_000, 500, Duration.ofSeconds(2));
    }

    private static final int EXAMPLES = 5;
    /** A rule may have thousands of keywords; an event loop has no time for all of them times all listings. */
    private static final int MAX_CLAUSES = 500_000;

    /** A rate out of less would be a guess: a first sweep alone brings hundreds of listings in a moment. */
    private static final Duration SHORTEST_BASIS = Duration.ofHours(1);

    private final RuleFindingStore store;
    private final PollPlanner planner;
    private final Limits limits;
    private final Clock clock;
    private final LongSupplier nanoClock;

    RulePreview(RuleFindingStore store, PollPlanner planner, Limits limits, Clock clock, LongSupplier nanoClock) {
        this.store = store;
        this.planner = planner;
        this.limits = limits;
        this.clock = clock;
        this.nanoClock = nanoClock;
    }

    Future<RulePreviewed> of(UUID userId, RuleState rule) {
        RuleQuery query = RuleQuery.fromStored(rule.query());
        // Its words alone decide what is asked upstream, so its currency can wait.
        PollSpec poll = rule.active()
                ? planner.forRule(query, rule.pollIntervalSeconds()).stream()
                        .findFirst()
                        .orElse(null)
                : null;
        return store.setting(userId, poll).compose(setting -> {
            RuleState priced = rule.priced(setting.userCurrency());
            return new Look(RuleQuery.fromStored(priced.query()))
                    .on(null)
                    .map(look -> look.told(priced, upstream(poll, setting)));
        });
    }

    private static Upstream upstream(PollSpec poll, Setting setting) {
        if (poll == null) {
            return Upstream.NONE;
        }
        Integer present = setting.pollInterval();
        int interval = present == null ? poll.intervalSeconds() : Math.min(present, poll.intervalSeconds());
        String effect = present == null ? Upstream.ONE_MORE : Upstream.SHARED;
        return new Upstream(effect, poll.keyText(), interval, setting.servedBy());
    }

    /** One preview under way. */
    private final class Look {

        private final RuleQuery query;
        private final int most;
        private final OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
        private final OffsetDateTime windowStart = now.minus(limits.window());
        private final long started = nanoClock.getAsLong();
        private final List<OffsetDateTime> firstSeen = new ArrayList<>();
        private final List<Example> examples = new ArrayList<>();
        private OffsetDateTime earliest = now;
        private OffsetDateTime reached = windowStart;
        private int looked;
        private Stop stop = Stop.WINDOW;

        Look(RuleQuery query) {
            this.query = query;
            int clauses = 1 + query.keywords().size() + query.excluded().size();
            this.most = Math.max(1, Math.min(limits.listings(), MAX_CLAUSES / clauses));
        }

        Future<Look> on(Listing below) {
            int wanted = Math.min(limits.batch(), most - looked);
            return store.recent(windowStart, below, wanted).compose(batch -> {
                batch.forEach(this::judge);
                if (batch.size() < wanted) {
                    return Future.succeededFuture(this);
                }
                Listing last = batch.get(batch.size() - 1);
                boolean late = nanoClock.getAsLong() - started >= limits.time().toNanos();
                if (late || looked >= most) {
                    stop = late ? Stop.TIME : Stop.ROWS;
                    reached = last.lastSeenAt();
                    return Future.succeededFuture(this);
                }
                return on(last);
            });
        }

        private void judge(Listing listing) {
            looked++;
            if (listing.firstSeenAt().isBefore(earliest)) {
                earliest = listing.firstSeenAt();
            }
            Decision decision = RuleMatcher.decide(query, listing.offer());
            if (decision.matched()) {
                firstSeen.add(listing.firstSeenAt());
                if (examples.size() < EXAMPLES) {
                    examples.add(new Example(listing, decision));
                }
            }
        }

        RulePreviewed told(RuleState rule, Upstream upstream) {
            return new RulePreviewed(
                    rule, firstSeen.size(), perDay(), looked, reached, stop, List.copyOf(examples), upstream);
        }

        /** Every listing that appeared since the basis began was looked at, so those that matched can be counted. */
        private Double perDay() {
            OffsetDateTime from = earliest.isAfter(reached) ? earliest : reached;
            Duration basis = Duration.between(from, now);
            if (looked == 0 || basis.compareTo(SHORTEST_BASIS) < 0) {
                return null;
            }
            long appeared =
                    firstSeen.stream().filter(first -> !first.isBefore(from)).count();
            return Math.round(appeared * 86_400_000.0 / basis.toMillis() * 100) / 100.0;
        }
    }
}

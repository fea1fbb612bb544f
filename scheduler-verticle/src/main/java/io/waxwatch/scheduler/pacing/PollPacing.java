package io.waxwatch.scheduler.pacing;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.polls.PollPacingStore;
import io.waxwatch.common.polls.SweepSight;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides again and again which engine serves each query, and stretches intervals where all polls together would need more than
 * the marketplaces give. Any number of schedulers may do it: they write the same. Lives on one event-loop context.
 */
public final class PollPacing {

    /** A sweep that falls behind is noticed within this time. */
    private static final Duration EVERY = Duration.ofSeconds(15);

    /** Whoever wants how much is counted in each fourth round: it walks through all releases. */
    private static final int ROUNDS_A_COUNT = 4;

    private static final Logger log = LoggerFactory.getLogger(PollPacing.class);

    private final Vertx vertx;
    private final PollPacingStore store;
    private final PollCapacity capacity;
    private final RandomGenerator random;
    private boolean stopped;
    private int round;
    private long timer = -1;

    public PollPacing(Vertx vertx, PollPacingStore store, PollCapacity capacity, RandomGenerator random) {
        this.vertx = vertx;
        this.store = store;
        this.capacity = capacity;
        this.random = random;
    }

    /** Plans the first round. */
    public void start() {
        plan(Duration.ofMillis(1 + random.nextLong(EVERY.toMillis() / 5)));
    }

    /** Plans no more; a round on its way ends by itself. */
    public void stop() {
        stopped = true;
        if (timer != -1) {
            vertx.cancelTimer(timer);
        }
    }

    private void plan(Duration wait) {
        if (!stopped) {
            timer = vertx.setTimer(
                    wait.toMillis(),
                    id -> round(round++ % ROUNDS_A_COUNT == 0)
                            .onFailure(cause -> log.warn("pacing.failed", kv("reason", cause.toString())))
                            .onComplete(ran -> plan(EVERY)));
        }
    }

    /** One round, whole. */
    public Future<Void> run() {
        return round(true);
    }

    private Future<Void> round(boolean counting) {
        return store.sweeps()
                .compose(sweeps ->
                        engines(sweeps).compose(done -> counting ? stretch(sweeps) : Future.succeededFuture()));
    }

    private Future<Void> stretch(List<SweepSight> sweeps) {
        double wished = sweeps.stream()
                .mapToDouble(sweep -> 1.0 / sweep.intervalSeconds())
                .sum();
        double all = capacity.of(Provider.EBAY);
        double sweepStretch = Math.max(1, wished / all);
        double left = Math.max(all / 10, all - wished / sweepStretch);
        return store.stretchSweeps(Provider.EBAY, sweepStretch)
                .compose(done -> stretchQueries(left))
                .compose(done -> stretch(Provider.DISCOGS));
    }

    private Future<Void> engines(List<SweepSight> sweeps) {
        Set<String> seeing = new HashSet<>();
        sweeps.stream().filter(SweepSight::sees).forEach(sweep -> seeing.add(sweep.key()));
        Future<Void> moved = store.serve(Provider.EBAY, seeing)
                .onSuccess(queries -> {
                    if (queries > 0) {
                        log.info("pacing.engines", kv("queries", queries), kv("sweeps_that_see", seeing.size()));
                    }
                })
                .mapEmpty();
        for (SweepSight sweep : sweeps) {
            if (sweep.missedSomething()) {
                moved = moved.compose(done -> store.lookAgain(sweep.pollId(), Provider.EBAY, sweep.key()))
                        .onSuccess(queries -> log.warn(
                                "sweep.gap_not_closed", kv("key", sweep.key()), kv("queries_asked_again", queries)))
                        .mapEmpty();
            }
        }
        return moved;
    }

    private Future<Void> stretchQueries(double room) {
        return store.queryDemand(Provider.EBAY)
                .compose(demand -> demand.isEmpty()
                        ? Future.succeededFuture()
                        : store.stretchQueries(Provider.EBAY, FairStretch.of(demand, room)));
    }

    private Future<Void> stretch(Provider provider) {
        return store.releaseDemand(provider).compose(demand -> {
            if (demand.isEmpty()) {
                return Future.succeededFuture();
            }
            Map<UUID, Double> wishes = new HashMap<>(demand);
            return store.stretchReleases(provider, FairStretch.of(wishes, capacity.of(provider)))
                    .onSuccess(changed -> {
                        if (changed > 0) {
                            log.info("pacing.stretched", kv("provider", provider.wireName()), kv("polls", changed));
                        }
                    })
                    .mapEmpty();
        });
    }
}

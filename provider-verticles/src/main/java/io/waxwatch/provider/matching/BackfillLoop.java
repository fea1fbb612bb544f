package io.waxwatch.provider.matching;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.waxwatch.common.claims.ClaimLoop;
import io.waxwatch.common.claims.OutageBackoff;
import io.waxwatch.common.watches.BackfillQueue.Claimed;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does the backfills that are due, one after the other. Of one event loop. */
public final class BackfillLoop {

    private static final Duration NUDGE_DELAY = Duration.ofMillis(10);
    /** A look that lost its nudge waits no longer than this. */
    private static final Duration SWEEP = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(BackfillLoop.class);

    private final Backfill backfill;
    private final IntConsumer onEvents;
    private final OutageBackoff troubles;
    private final ClaimLoop<Claimed> loop;

    /**
     * @param onEvents told how many events a look brought, when there were any
     * @param random spreads the rests while the database is away
     */
    public BackfillLoop(Vertx vertx, Backfill backfill, IntConsumer onEvents, RandomGenerator random) {
        this.backfill = backfill;
        this.onEvents = onEvents;
        this.troubles = new OutageBackoff(random);
        this.loop = new ClaimLoop<>(vertx, new ClaimLoop.Limits(1, 1, 1, SWEEP, NUDGE_DELAY), new DueLooks());
    }

    /** Begins; a loop runs once. */
    public void start() {
        loop.start();
    }

    /** A watch is new or has changed. */
    public void nudge() {
        loop.nudge();
    }

    /** Begins no more; ends with the look that is under way. */
    public Future<Void> stop() {
        return loop.stop();
    }

    private final class DueLooks implements ClaimLoop.Work<Claimed> {

        @Override
        public Future<List<Claimed>> claim(int most) {
            return backfill.claim().map(look -> look.stream().toList());
        }

        @Override
        public Optional<Duration> begin(List<Claimed> claimed) {
            troubles.over();
            claimed.forEach(BackfillLoop.this::run);
            return Optional.empty();
        }

        @Override
        public Duration claimFailed(Throwable cause) {
            Duration rest = troubles.another();
            if (troubles.worthTelling()) {
                log.warn("backfill.claim_failed", kv("error", cause.toString()));
            }
            return rest;
        }

        @Override
        public Future<?> giveBack(List<Claimed> claimed) {
            return Future.join(claimed.stream().map(backfill::giveBack).toList());
        }
    }

    /** One that fails is due again when its lease ends. */
    private void run(Claimed look) {
        backfill.run(look)
                .onSuccess(events -> {
                    if (events > 0) {
                        onEvents.accept(events);
                    }
                })
                .onFailure(cause -> log.warn("backfill.failed", kv("subject_id", look.subjectId()), cause))
                .onComplete(ended -> loop.settled());
    }
}

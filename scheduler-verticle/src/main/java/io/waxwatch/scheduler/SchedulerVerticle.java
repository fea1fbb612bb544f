package io.waxwatch.scheduler;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.polls.PollLane;
import io.waxwatch.common.polls.PollPacingStore;
import io.waxwatch.common.polls.PollSchedule;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.common.telemetry.Metrics;
import io.waxwatch.scheduler.claim.ClaimLimits;
import io.waxwatch.scheduler.claim.PollLoop;
import io.waxwatch.scheduler.pacing.PollCapacity;
import io.waxwatch.scheduler.pacing.PollPacing;
import io.waxwatch.scheduler.retention.Retention;
import io.waxwatch.scheduler.retention.RetentionStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when.
 *
 * <p>Owns: a poll loop for each lane of each provider, the pacing of polls, the retention. Consumes: {@code watches.changed}. Publishes: {@code poll.due.<provider>}.
 * Any number may run, in any number of processes: they share the schedule.
 */
final class SchedulerVerticle extends VerticleBase {

    /** How long a stop waits for the polls that are out. They are safe without it: they keep their lease. */
    static final Duration DRAIN_LIMIT = Duration.ofSeconds(5);

    /** Marketplaces that polls are made for. */
    private static final List<Provider> PROVIDERS = List.of(Provider.EBAY, Provider.DISCOGS);

    private static final Logger log = LoggerFactory.getLogger(SchedulerVerticle.class);

    private final Bus bus;
    private final Database database;
    private final Metrics metrics;
    private final Settings settings;

    private List<PollLoop> loops = List.of();
    private Retention retention;
    private PollPacing pacing;
    private Bus.Registration watchesChanged;

    SchedulerVerticle(Bus bus, Database database, Metrics metrics, Settings settings) {
        this.bus = bus;
        this.database = database;
        this.metrics = metrics;
        this.settings = settings;
    }

    @Override
    public Future<?> start() {
        var random = new SplittableRandom();
        var limits = ClaimLimits.from(settings);
        var schedule = new PollSchedule(database);
        loops = PROVIDERS.stream()
                .flatMap(provider -> Stream.of(PollLane.values())
                        .map(lane -> new PollLoop(
                                vertx,
                                bus,
                                schedule,
                                metrics,
                                provider,
                                lane,
                                ClaimLimits.of(settings, provider),
                                random.split())))
                .toList();
        pacing = new PollPacing(vertx, new PollPacingStore(database), PollCapacity.from(settings), random.split());
        retention = new Retention(
                vertx,
                new RetentionStore(database),
                Retention.ages(settings),
                settings.get(SettingsCatalog.RETENTION_INTERVAL_SECONDS),
                Clock.systemUTC(),
                random.split());
        return bus.listen(Topics.WATCHES_CHANGED, news -> loops.forEach(PollLoop::wake))
                .onSuccess(registration -> {
                    watchesChanged = registration;
                    loops.forEach(PollLoop::start);
                    retention.start();
                    pacing.start();
                    log.info(
                            "scheduler.started",
                            kv("batch", limits.batch()),
                            kv("unacknowledged", limits.unacknowledged()),
                            kv("lease_seconds", limits.lease().toSeconds()));
                });
    }

    @Override
    public Future<?> stop() {
        retention.stop();
        pacing.stop();
        return watchesChanged
                .unregister()
                .transform(unregistered -> Future.join(
                                loops.stream().map(PollLoop::stop).toList())
                        .timeout(DRAIN_LIMIT.toMillis(), TimeUnit.MILLISECONDS))
                .recover(late -> {
                    log.info("scheduler.polls_left_to_their_lease");
                    return Future.succeededFuture();
                });
    }
}

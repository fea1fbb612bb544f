package io.waxwatch.provider;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.bus.BusMessage.DevListing;
import io.waxwatch.common.bus.BusMessage.DevRuleRun;
import io.waxwatch.common.bus.BusMessage.NotificationReady;
import io.waxwatch.common.bus.BusMessage.ProvidersAsked;
import io.waxwatch.common.bus.BusMessage.ProvidersTold;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.http.Readiness;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.node.Node;
import io.waxwatch.common.outbox.EventStore;
import io.waxwatch.common.outbox.NotificationStore;
import io.waxwatch.common.polls.PollPlanner;
import io.waxwatch.common.polls.PollSchedule;
import io.waxwatch.common.polls.PollStore;
import io.waxwatch.common.quarantine.Quarantine;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.common.telemetry.Metrics.Name;
import io.waxwatch.common.watches.BackfillQueue;
import io.waxwatch.common.watches.WatchRevisions;
import io.waxwatch.provider.calls.ProviderRequestStore;
import io.waxwatch.provider.development.DevelopmentService;
import io.waxwatch.provider.discogs.DiscogsMarketplace;
import io.waxwatch.provider.ebay.EbayMarketplace;
import io.waxwatch.provider.http.OutboundMetrics.BreakerState;
import io.waxwatch.provider.ingest.Ingest;
import io.waxwatch.provider.listings.ListingStore;
import io.waxwatch.provider.marketplace.Marketplace;
import io.waxwatch.provider.marketplace.MarketplaceParts;
import io.waxwatch.provider.marketplace.Serving;
import io.waxwatch.provider.matching.Backfill;
import io.waxwatch.provider.matching.BackfillLoop;
import io.waxwatch.provider.matching.LiveIndex;
import io.waxwatch.provider.matching.MatchWriter;
import io.waxwatch.provider.polls.PollAdoption;
import io.waxwatch.provider.tokens.TokenVault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what is for sale. Owns this process's matching index, its backfills and its marketplaces, each of which
 * serves its own topics. Consumes besides {@code watches.changed}, {@code providers} and, on developers' machines,
 * {@code dev.*}; publishes {@code watches.changed} and {@code notification.ready}.
 */
public final class ProviderVerticle extends VerticleBase {

    private static final Logger log = LoggerFactory.getLogger(ProviderVerticle.class);

    /** More than an ingest's transaction can last, by far. */
    private static final Duration BIRTH_GAP = Duration.ofMinutes(10);

    /** The label {@code kind} of matches. */
    private static final String LIVE = "live";

    private static final String BACKFILL = "first_look";
    private static final long CALL_LOG_FLUSH_MILLIS = 500;

    private final Node node;
    private final Readiness readiness;
    private final Settings settings;
    private final Database database;
    private final Bus bus;
    private final RandomGenerator random = RandomGenerator.getDefault();

    private final PollSchedule schedule;
    private final Quarantine quarantine;
    private final LiveIndex index;
    private final ListingStore listings = new ListingStore();
    private final EventStore events = new EventStore(new NotificationStore());
    private final MatchWriter matches = new MatchWriter(events);
    private final ProviderRequestStore calls;
    private final Backfill backfill;
    private final Ingest ingest;
    private Serving serving;
    private List<Marketplace> marketplaces;
    private BackfillLoop backfills;
    private long callLogFlush;

    /**
     * @param readiness told of each marketplace that is in use, and degraded by one that is not asked because it
     *     fails
     */
    public ProviderVerticle(Node node, Database database, Readiness readiness) {
        this.node = node;
        this.readiness = readiness;
        this.settings = node.settings();
        this.database = database;
        this.bus = node.bus();
        this.schedule = new PollSchedule(database);
        this.quarantine = new Quarantine(database, node.metrics());
        this.index = new LiveIndex(database, quarantine);
        this.calls = new ProviderRequestStore(database, quarantine);
        this.backfill =
                new Backfill(database, new BackfillQueue(), listings, matches, quarantine, backfillWindow(settings));
        this.ingest = new Ingest(
                database, schedule, new WatchRevisions(), listings, index, matches, quarantine, this::nextRunJitter);
    }

    private static Backfill.Window backfillWindow(Settings settings) {
        Duration reach = settings.get(SettingsCatalog.DEV_BACKFILL_ON_RULE_CHANGE)
                ? Duration.ofDays(settings.get(SettingsCatalog.DEV_BACKFILL_DAYS))
                : BIRTH_GAP;
        return new Backfill.Window(BIRTH_GAP, reach, settings.get(SettingsCatalog.DEV_BACKFILL_LIMIT));
    }

    @Override
    public Future<?> start() {
        // There at zero from the start: a rate cannot see the first of what was not there before.
        for (String kind : List.of(LIVE, BACKFILL)) {
            node.metrics().counter(Name.MATCHES, "kind", kind);
        }
        TokenVault.countFromZero(node.metrics());
        node.metrics().gauge(Name.INDEX_SIZE, index::size);
        node.metrics().gauge(Name.INDEX_REVISION, index::revision);
        backfills = new BackfillLoop(vertx, backfill, count -> tellNotifier(BACKFILL, count), random);
        serving = new Serving(vertx, bus, settings, schedule, calls, count -> tellNotifier(LIVE, count));
        var parts = new MarketplaceParts(
                vertx,
                node,
                readiness,
                database,
                schedule,
                events,
                listings,
                calls,
                ingest,
                quarantine,
                serving,
                this::nextRunJitter,
                random);
        // All there are. A further one is a package of its own, and a line here.
        marketplaces = List.of(new DiscogsMarketplace(parts), new EbayMarketplace(parts));
        return index.load()
                .compose(loaded -> startMarketplaces())
                .compose(started -> serveCapabilities())
                .compose(started -> serveDevelopers())
                .compose(started -> adoption().run())
                .compose(adopted -> serving.kept(bus.listen(Topics.WATCHES_CHANGED, news -> backfills.nudge())))
                .onSuccess(ready -> {
                    backfills.start();
                    callLogFlush = vertx.setPeriodic(CALL_LOG_FLUSH_MILLIS, tick -> calls.flush());
                });
    }

    /** Stops taking polls and backfills, lets those in flight end, then closes the clients. */
    @Override
    public Future<?> stop() {
        vertx.cancelTimer(callLogFlush);
        Duration grace = settings.get(SettingsCatalog.SHUTDOWN_GRACE_SECONDS).dividedBy(2);
        return serving.unregister()
                .compose(unregistered -> Future.join(
                                serving.drained(grace),
                                backfills.stop().timeout(grace.toMillis(), TimeUnit.MILLISECONDS),
                                each(Marketplace::stop).timeout(grace.toMillis(), TimeUnit.MILLISECONDS))
                        .otherwiseEmpty())
                .compose(drained -> calls.flush().otherwiseEmpty())
                .compose(flushed -> each(Marketplace::close).otherwiseEmpty());
    }

    private Future<Void> startMarketplaces() {
        Future<Void> started = Future.succeededFuture();
        for (Marketplace marketplace : marketplaces) {
            marketplace
                    .whyDisabled()
                    .ifPresent(reason -> log.warn(
                            "provider.disabled",
                            kv("provider", marketplace.provider().wireName()),
                            kv("reason", reason)));
            started = started.compose(before -> marketplace.start()).onSuccess(serving -> {
                if (marketplace.whyDisabled().isEmpty()) {
                    watch(marketplace);
                }
            });
        }
        return started;
    }

    private void watch(Marketplace marketplace) {
        readiness.observe(
                marketplace.provider().wireName(),
                () -> marketplace.breaker().equals(Optional.of(BreakerState.CLOSED))
                        ? Future.succeededFuture()
                        : Future.failedFuture(new BreakerOpen()));
    }

    /** For the reason in {@code /readyz}. */
    private static final class BreakerOpen extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BreakerOpen() {
            super("too many failures lately", null, false, false);
        }
    }

    private Future<Void> each(Function<Marketplace, Future<Void>> step) {
        return Future.join(marketplaces.stream().map(step).toList()).mapEmpty();
    }

    private Future<Void> serveCapabilities() {
        return serving.serve(
                Topics.PROVIDERS,
                (ProvidersAsked asked) -> Future.all(marketplaces.stream()
                                .map(marketplace -> marketplace
                                        .quota()
                                        .otherwise(Optional.empty())
                                        .map(quota -> marketplace.state().withQuota(quota.orElse(null))))
                                .toList())
                        .map(states -> new ProvidersTold(states.list())));
    }

    private Future<Void> serveDevelopers() {
        if (!settings.isDevelopment()) {
            return Future.succeededFuture();
        }
        Marketplace ebay = marketplaces.stream()
                .filter(marketplace -> marketplace.provider() == Provider.EBAY)
                .findFirst()
                .orElseThrow();
        var development = new DevelopmentService(
                database, ingest, ebay, PollPlanner.from(settings), count -> tellNotifier(LIVE, count));
        return serving.serve(Topics.DEV_LISTING, (DevListing listing) -> development.take(listing))
                .compose(served -> serving.serve(Topics.DEV_RULE_RUN, (DevRuleRun run) -> development.run(run)));
    }

    private void tellNotifier(String kind, int count) {
        node.metrics().counter(Name.MATCHES, "kind", kind).increment(count);
        bus.nudge(Topics.NOTIFICATION_READY, new NotificationReady(count));
    }

    private PollAdoption adoption() {
        int shortest = (int)
                settings.get(SettingsCatalog.RULE_MIN_POLL_INTERVAL_SECONDS).toSeconds();
        return new PollAdoption(database, new PollStore(), PollPlanner.from(settings), quarantine, shortest);
    }

    private Duration nextRunJitter() {
        return Serving.jitter(settings.get(SettingsCatalog.SCHEDULER_NEXT_RUN_JITTER_SECONDS));
    }
}

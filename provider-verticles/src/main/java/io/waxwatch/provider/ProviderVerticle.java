package io.waxwatch.provider;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.bus.BusMessage.DevListing;
import io.waxwatch.common.bus.BusMessage.DevRuleRun;
import io.waxwatch.common.bus.BusMessage.NotificationReady;
import io.waxwatch.common.bus.BusMessage.PollDue;
import io.waxwatch.common.bus.BusMessage.ProvidersAsked;
import io.waxwatch.common.bus.BusMessage.ProvidersTold;
import io.waxwatch.common.bus.BusMessage.ReleaseMasterAsked;
import io.waxwatch.common.bus.BusMessage.SearchAsked;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.node.Node;
import io.waxwatch.common.outbox.EventStore;
import io.waxwatch.common.outbox.NotificationStore;
import io.waxwatch.common.polls.PollKind;
import io.waxwatch.common.polls.PollPlanner;
import io.waxwatch.common.polls.PollSchedule;
import io.waxwatch.common.polls.PollStore;
import io.waxwatch.common.providers.EnabledProviders;
import io.waxwatch.common.quarantine.Quarantine;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.common.telemetry.Metrics.Name;
import io.waxwatch.common.watches.BackfillQueue;
import io.waxwatch.common.watches.WatchRevisions;
import io.waxwatch.provider.calls.CallMetrics;
import io.waxwatch.provider.calls.ProviderRequestStore;
import io.waxwatch.provider.development.DevelopmentService;
import io.waxwatch.provider.discogs.DiscogsClient;
import io.waxwatch.provider.discogs.DiscogsOptions;
import io.waxwatch.provider.ebay.EbayClient;
import io.waxwatch.provider.ebay.EbayOptions;
import io.waxwatch.provider.http.OutboundOptions;
import io.waxwatch.provider.ingest.Ingest;
import io.waxwatch.provider.listings.ListingStore;
import io.waxwatch.provider.matching.Backfill;
import io.waxwatch.provider.matching.BackfillLoop;
import io.waxwatch.provider.matching.LiveIndex;
import io.waxwatch.provider.matching.MatchWriter;
import io.waxwatch.provider.polls.EbayPolls;
import io.waxwatch.provider.polls.Outage;
import io.waxwatch.provider.polls.PollAdoption;
import io.waxwatch.provider.polls.PollRunner;
import io.waxwatch.provider.releasefloors.FloorPolls;
import io.waxwatch.provider.releasefloors.FloorSpacing;
import io.waxwatch.provider.releases.ReleaseMasterService;
import io.waxwatch.provider.search.DiscogsCatalogue;
import io.waxwatch.provider.search.EbayListings;
import io.waxwatch.provider.search.ProviderSearchService;
import io.waxwatch.provider.search.SearchQuota;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what is for sale. Owns the eBay and Discogs clients and this process's matching index. Consumes
 * {@code poll.due.*} and {@code search.*} of each enabled provider, {@code discogs.*}, {@code watches.changed}, {@code providers}
 * and, on developers' machines, {@code dev.*}; publishes {@code watches.changed} and {@code notification.ready}.
 */
public final class ProviderVerticle extends VerticleBase {

    private static final Logger log = LoggerFactory.getLogger(ProviderVerticle.class);
    /** The whole poll must end inside its lease, with room to write its outcome. */
    private static final Duration LEASE_MARGIN = Duration.ofSeconds(5);
    /** eBay's 429 means that the day's quota is gone; Discogs' window is a minute. */
    private static final Duration EBAY_QUOTA_PAUSE = Duration.ofMinutes(15);

    private static final Duration DISCOGS_QUOTA_PAUSE = Duration.ofMinutes(1);
    /** More than an ingest's transaction can last, by far. */
    private static final Duration BIRTH_GAP = Duration.ofMinutes(10);

    /** The label {@code kind} of matches. */
    private static final String LIVE = "live";

    private static final String FIRST_LOOK = "first_look";
    private static final Duration RELEASE_MARGIN = Duration.ofSeconds(2);
    private static final long CALL_LOG_FLUSH_MILLIS = 500;

    private final Node node;
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
    private DiscogsAccounts accounts;
    private final List<Bus.Registration> registrations = new ArrayList<>();
    private final List<Function<Void, Future<Void>>> clients = new ArrayList<>();
    private final List<Long> timers = new ArrayList<>();
    private Optional<EbayPolls> ebayPolls = Optional.empty();
    private BackfillLoop backfills;
    private int inFlight;

    public ProviderVerticle(Node node, Database database) {
        this.node = node;
        this.settings = node.settings();
        this.database = database;
        this.bus = node.bus();
        this.schedule = new PollSchedule(database);
        this.quarantine = new Quarantine(database, node.metrics());
        this.index = new LiveIndex(database, quarantine);
        this.calls = new ProviderRequestStore(database, quarantine);
        this.backfill =
                new Backfill(database, new BackfillQueue(), listings, matches, quarantine, backfillWindow(settings));
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
        for (String kind : List.of(LIVE, FIRST_LOOK)) {
            node.metrics().counter(Name.MATCHES, "kind", kind);
        }
        node.metrics().gauge(Name.INDEX_SIZE, index::size);
        node.metrics().gauge(Name.INDEX_REVISION, index::revision);
        backfills = new BackfillLoop(vertx, backfill, count -> tellNotifier(FIRST_LOOK, count), random);
        accounts = new DiscogsAccounts(vertx, node, database, events, calls::onBehalfOf, random);
        return index.load()
                .compose(loaded -> startEbay())
                .compose(started -> startDiscogs())
                .compose(started -> serveCapabilities())
                .compose(started -> serveDevelopers())
                .compose(started -> adoption().run())
                .compose(adopted -> bus.listen(Topics.WATCHES_CHANGED, news -> backfills.nudge()))
                .map(registrations::add)
                .onSuccess(ready -> {
                    backfills.start();
                    timers.add(vertx.setPeriodic(CALL_LOG_FLUSH_MILLIS, tick -> calls.flush()));
                });
    }

    /** Stops taking polls and backfills, lets those in flight end, then closes the clients. */
    @Override
    public Future<?> stop() {
        timers.forEach(vertx::cancelTimer);
        registrations.addAll(accounts.registrations());
        return Future.join(
                        registrations.stream().map(Bus.Registration::unregister).toList())
                .<Void>mapEmpty()
                .otherwiseEmpty()
                .compose(unregistered -> {
                    long grace =
                            settings.get(SettingsCatalog.SHUTDOWN_GRACE_SECONDS).toMillis() / 2;
                    return Future.join(
                                    drained(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(grace)),
                                    backfills.stop().timeout(grace, TimeUnit.MILLISECONDS),
                                    accounts.stop().timeout(grace, TimeUnit.MILLISECONDS))
                            .otherwiseEmpty();
                })
                .compose(drained -> calls.flush().otherwiseEmpty())
                .compose(flushed -> Future.join(
                                clients.stream().map(close -> close.apply(null)).toList())
                        .<Void>mapEmpty()
                        .otherwiseEmpty());
    }

    private Future<Void> drained(long until) {
        if (inFlight == 0 || System.nanoTime() > until) {
            return Future.succeededFuture();
        }
        return vertx.timer(50, TimeUnit.MILLISECONDS).compose(later -> drained(until));
    }

    private Future<Void> startEbay() {
        Optional<String> disabled = EnabledProviders.configured(settings).whyDisabled(Provider.EBAY);
        if (disabled.isPresent()) {
            return disabled(Provider.EBAY, disabled.get());
        }
        var ebay = new EbayClient(
                vertx,
                new EbayOptions(
                        OutboundOptions.defaults(EbayClient.PROVIDER, settings.get(SettingsCatalog.EBAY_BASE_URL))
                                .withRetries(
                                        settings.get(SettingsCatalog.EBAY_TIMEOUT_SECONDS),
                                        settings.get(SettingsCatalog.EBAY_MAX_ATTEMPTS),
                                        settings.get(SettingsCatalog.EBAY_RETRY_BASE_DELAY_MS),
                                        settings.get(SettingsCatalog.EBAY_RETRY_MAX_DELAY_MS)),
                        settings.get(SettingsCatalog.EBAY_CLIENT_ID),
                        settings.get(SettingsCatalog.EBAY_CLIENT_SECRET).reveal(),
                        settings.get(SettingsCatalog.EBAY_OAUTH_SCOPE),
                        settings.get(SettingsCatalog.EBAY_MARKETPLACE_ID),
                        settings.find(SettingsCatalog.EBAY_CAMPAIGN_ID).orElse(null),
                        EbayOptions.DEFAULT_CREDENTIAL_HOLD),
                new CallMetrics(node.metrics(), EbayClient.PROVIDER),
                calls,
                Clock.systemUTC(),
                random);
        clients.add(done -> ebay.close());
        var polls =
                new EbayPolls(ebay, database, listings, ingest(), settings.get(SettingsCatalog.EBAY_SWEEP_MAX_PAGES));
        ebayPolls = Optional.of(polls);
        return database.transaction(connection ->
                        new PollStore().ensureOnly(connection, planner().sweep()))
                .compose(sweep -> serve(Provider.EBAY, EBAY_QUOTA_PAUSE, polls::run))
                .compose(served -> serveSearches(
                        Provider.EBAY,
                        new EbayListings(ebay, settings.get(SettingsCatalog.EBAY_CATEGORY_ID)),
                        new SearchQuota(
                                settings.get(SettingsCatalog.SEARCH_EBAY_PER_HOUR),
                                Duration.ofHours(1),
                                System::nanoTime)));
    }

    private Future<Void> startDiscogs() {
        Optional<String> disabled = EnabledProviders.configured(settings).whyDisabled(Provider.DISCOGS);
        if (disabled.isPresent()) {
            return disabled(Provider.DISCOGS, disabled.get()).compose(logged -> accounts.disabled(disabled.get()));
        }
        var discogs = new DiscogsClient(
                vertx,
                new DiscogsOptions(
                        OutboundOptions.defaults(DiscogsClient.PROVIDER, settings.get(SettingsCatalog.DISCOGS_BASE_URL))
                                .withRetries(
                                        settings.get(SettingsCatalog.DISCOGS_TIMEOUT_SECONDS),
                                        settings.get(SettingsCatalog.DISCOGS_MAX_ATTEMPTS),
                                        settings.get(SettingsCatalog.DISCOGS_RETRY_BASE_DELAY_MS),
                                        settings.get(SettingsCatalog.DISCOGS_RETRY_MAX_DELAY_MS)),
                        settings.get(SettingsCatalog.DISCOGS_USER_AGENT),
                        settings.get(SettingsCatalog.DISCOGS_TOKEN).reveal()),
                new CallMetrics(node.metrics(), DiscogsClient.PROVIDER),
                calls,
                Clock.systemUTC(),
                random);
        clients.add(done -> discogs.close());
        var polls = new FloorPolls(
                discogs,
                database,
                schedule,
                events,
                settings.get(SettingsCatalog.DISCOGS_SITE_URL).toString(),
                new FloorSpacing(
                        () -> schedule.count(Provider.DISCOGS, PollKind.RELEASE),
                        settings.get(SettingsCatalog.DISCOGS_POLLS_PER_MINUTE),
                        System::nanoTime),
                this::nextRunJitter);
        var share = new SearchQuota(
                settings.get(SettingsCatalog.SEARCH_DISCOGS_PER_MINUTE), Duration.ofMinutes(1), System::nanoTime);
        return serve(Provider.DISCOGS, DISCOGS_QUOTA_PAUSE, polls::run)
                .compose(served -> serveSearches(
                        Provider.DISCOGS,
                        new DiscogsCatalogue(discogs, settings.get(SettingsCatalog.DISCOGS_SITE_URL)),
                        share))
                .compose(served -> serveReleases(discogs, share))
                .compose(served -> accounts.start(discogs));
    }

    private Future<Void> serve(Provider provider, Duration quotaPause, Function<PollDue, Future<Integer>> work) {
        Duration lease = settings.get(SettingsCatalog.SCHEDULER_LEASE_SECONDS);
        var runner = new PollRunner(
                schedule,
                lease.minus(shorter(LEASE_MARGIN, lease.dividedBy(2))),
                quotaPause,
                () -> jitter(settings.get(SettingsCatalog.SCHEDULER_FAILURE_RETRY_JITTER_SECONDS)),
                count -> tellNotifier(LIVE, count),
                new Outage(System::nanoTime));
        return bus.serve(Topics.pollDue(provider.wireName(), lease), (PollDue poll) -> counted(runner.run(poll, work)))
                .map(registrations::add)
                .mapEmpty();
    }

    private Future<Void> serveSearches(Provider provider, ProviderSearchService.Search search, SearchQuota share) {
        Duration deadline = settings.get(SettingsCatalog.SEARCH_PROVIDER_TIMEOUT_SECONDS);
        var desk = new ProviderSearchService(provider, search, calls, share, deadline);
        return bus.serve(
                        Topics.search(provider.wireName(), deadline),
                        (SearchAsked asked) -> counted(desk.answer(asked)))
                .map(registrations::add)
                .mapEmpty();
    }

    /** The asker's deadline is a little longer, so that it hears why. */
    private Future<Void> serveReleases(DiscogsClient discogs, SearchQuota share) {
        Duration deadline = Topics.DISCOGS_RELEASE_MASTER.deadline().minus(RELEASE_MARGIN);
        var desk = new ReleaseMasterService(discogs, share, calls::onBehalfOf, deadline, System::nanoTime);
        return bus.serve(Topics.DISCOGS_RELEASE_MASTER, (ReleaseMasterAsked asked) -> counted(desk.master(asked)))
                .map(registrations::add)
                .mapEmpty();
    }

    private Future<Void> serveCapabilities() {
        var told = new ProvidersTold(Capabilities.of(EnabledProviders.configured(settings)));
        return bus.serve(Topics.PROVIDERS, (ProvidersAsked asked) -> Future.succeededFuture(told))
                .map(registrations::add)
                .mapEmpty();
    }

    private Future<Void> serveDevelopers() {
        if (!settings.isDevelopment()) {
            return Future.succeededFuture();
        }
        var desk = new DevelopmentService(
                database,
                ingest(),
                ebayPolls,
                EnabledProviders.configured(settings).whyDisabled(Provider.EBAY).orElse(null),
                planner(),
                count -> tellNotifier(LIVE, count));
        return bus.serve(Topics.DEV_LISTING, (DevListing listing) -> counted(desk.take(listing)))
                .map(registrations::add)
                .compose(served -> bus.serve(Topics.DEV_RULE_RUN, (DevRuleRun run) -> counted(desk.run(run))))
                .map(registrations::add)
                .mapEmpty();
    }

    private Ingest ingest() {
        return new Ingest(
                database, schedule, new WatchRevisions(), listings, index, matches, quarantine, this::nextRunJitter);
    }

    private <T> Future<T> counted(Future<T> running) {
        inFlight++;
        return running.onComplete(ended -> inFlight--);
    }

    private void tellNotifier(String kind, int count) {
        node.metrics().counter(Name.MATCHES, "kind", kind).increment(count);
        bus.nudge(Topics.NOTIFICATION_READY, new NotificationReady(count));
    }

    private PollAdoption adoption() {
        int shortest = (int)
                settings.get(SettingsCatalog.RULE_MIN_POLL_INTERVAL_SECONDS).toSeconds();
        return new PollAdoption(database, new PollStore(), planner(), quarantine, shortest);
    }

    private PollPlanner planner() {
        return PollPlanner.from(settings);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private Duration nextRunJitter() {
        return jitter(settings.get(SettingsCatalog.SCHEDULER_NEXT_RUN_JITTER_SECONDS));
    }

    private static Duration jitter(Duration bound) {
        return bound.isZero()
                ? bound
                : Duration.ofMillis(ThreadLocalRandom.current().nextLong(bound.toMillis() + 1));
    }

    private static Future<Void> disabled(Provider provider, String reason) {
        log.warn("provider.disabled", kv("provider", provider.wireName()), kv("reason", reason));
        return Future.succeededFuture();
    }
}

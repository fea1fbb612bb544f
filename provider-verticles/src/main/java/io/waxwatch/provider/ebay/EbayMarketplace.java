package io.waxwatch.provider.ebay;

import io.vertx.core.Future;
import io.waxwatch.common.bus.BusMessage.EbayNotification;
import io.waxwatch.common.bus.ProviderQuota;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.matching.Criteria;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.polls.PollKey;
import io.waxwatch.common.polls.PollPlanner;
import io.waxwatch.common.polls.PollStore;
import io.waxwatch.common.providers.EnabledProviders;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.provider.calls.CallMetrics;
import io.waxwatch.provider.ebay.accountdeletion.AccountDeletions;
import io.waxwatch.provider.ebay.client.EbayClient;
import io.waxwatch.provider.ebay.client.EbayOptions;
import io.waxwatch.provider.http.ErrorType;
import io.waxwatch.provider.http.MarketListing;
import io.waxwatch.provider.http.OutboundMetrics.BreakerState;
import io.waxwatch.provider.http.OutboundOptions;
import io.waxwatch.provider.http.ProviderFailure;
import io.waxwatch.provider.marketplace.Marketplace;
import io.waxwatch.provider.marketplace.MarketplaceParts;
import io.waxwatch.provider.quota.Budget;
import io.waxwatch.provider.quota.QuotaLedger;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** eBay: a sweep of the whole category, queries, and searches. */
public final class EbayMarketplace implements Marketplace {

    /** eBay's 429 means that the day's quota is gone. */
    private static final Duration QUOTA_PAUSE = Duration.ofMinutes(15);

    private final MarketplaceParts parts;
    private final Settings settings;
    private final Optional<String> whyDisabled;
    private QuotaLedger quota;
    private EbayClient client;
    private EbayPolls polls;

    public EbayMarketplace(MarketplaceParts parts) {
        this.parts = parts;
        this.settings = parts.settings();
        this.whyDisabled = EnabledProviders.configured(settings).whyDisabled(Provider.EBAY);
    }

    @Override
    public Provider provider() {
        return Provider.EBAY;
    }

    @Override
    public Optional<String> whyDisabled() {
        return whyDisabled;
    }

    @Override
    public List<String> searches() {
        return List.of("sweep", "query", "interactive");
    }

    @Override
    public List<String> filters() {
        return Criteria.filters();
    }

    @Override
    public Optional<BreakerState> breaker() {
        return Optional.ofNullable(client).map(EbayClient::breaker);
    }

    @Override
    public Future<Void> start() {
        if (whyDisabled.isPresent()) {
            return serveNotifications();
        }
        EbayOptions options = options();
        quota = new QuotaLedger(
                parts.vertx(),
                settings,
                parts.node().metrics(),
                Budget.ebay(settings.get(SettingsCatalog.EBAY_CALLS_PER_DAY)),
                since -> parts.calls().count(Provider.EBAY, EbayClient.BROWSE_PATH, since),
                EbayClient::remaining,
                Clock.systemUTC());
        client = new EbayClient(
                parts.vertx(),
                options,
                quota,
                new CallMetrics(parts.node().metrics(), EbayClient.PROVIDER),
                parts.calls(),
                Clock.systemUTC(),
                parts.random());
        polls = new EbayPolls(
                client,
                parts.database(),
                parts.listings(),
                parts.ingest(),
                settings.get(SettingsCatalog.EBAY_SWEEP_MAX_PAGES));
        var searches = new EbayListings(client, settings.get(SettingsCatalog.EBAY_CATEGORY_ID));
        return quota.start()
                .compose(started -> parts.database()
                        .transaction(connection -> new PollStore()
                                .ensureOnly(
                                        connection, PollPlanner.from(settings).sweep())))
                .compose(sweep -> parts.serving().servePolls(Provider.EBAY, QUOTA_PAUSE, polls::run))
                .compose(served -> parts.serving().serveSearches(Provider.EBAY, searches))
                .compose(served -> serveNotifications());
    }

    /** Also where eBay is not in use: then no key can be fetched, and whoever sends a notification is told to come again. */
    private Future<Void> serveNotifications() {
        var deletions = new AccountDeletions(this::notificationKey, parts.database(), parts.listings(), parts.events());
        return parts.serving()
                .serve(Topics.EBAY_NOTIFICATION, (EbayNotification notification) -> deletions.take(notification));
    }

    private Future<PublicKey> notificationKey(String id) {
        return client == null
                ? Future.failedFuture(ProviderFailure.of(
                        ProviderFailure.Kind.UNAUTHORIZED, ErrorType.UNAUTHORIZED, "eBay is not in use"))
                : client.notificationKey(id);
    }

    private EbayOptions options() {
        return new EbayOptions(
                OutboundOptions.to(EbayClient.PROVIDER, settings.get(SettingsCatalog.EBAY_BASE_URL))
                        .attemptTimeout(settings.get(SettingsCatalog.EBAY_TIMEOUT_SECONDS))
                        .retries(
                                settings.get(SettingsCatalog.EBAY_MAX_ATTEMPTS),
                                settings.get(SettingsCatalog.EBAY_RETRY_BASE_DELAY_MS),
                                settings.get(SettingsCatalog.EBAY_RETRY_MAX_DELAY_MS))
                        .build(),
                settings.get(SettingsCatalog.EBAY_CLIENT_ID),
                settings.get(SettingsCatalog.EBAY_CLIENT_SECRET).reveal(),
                settings.get(SettingsCatalog.EBAY_OAUTH_SCOPE),
                settings.get(SettingsCatalog.EBAY_MARKETPLACE_ID),
                settings.find(SettingsCatalog.EBAY_CAMPAIGN_ID).orElse(null),
                EbayOptions.DEFAULT_CREDENTIAL_HOLD);
    }

    @Override
    public Future<List<MarketListing>> newest(PollKey.Query query, int limit) {
        return whyDisabled.isPresent()
                ? Future.failedFuture(new Failure(
                        FailureKind.CONFLICT,
                        "Provider '" + Provider.EBAY.wireName() + "' is disabled: " + whyDisabled.get()))
                : polls.newest(query, limit);
    }

    @Override
    public Future<Void> stop() {
        return Future.succeededFuture();
    }

    @Override
    public Future<Optional<ProviderQuota>> quota() {
        return quota == null
                ? Future.succeededFuture(Optional.empty())
                : quota.state().map(Optional::of);
    }

    @Override
    public Future<Void> close() {
        return client == null
                ? Future.succeededFuture()
                : Future.join(client.close(), quota.close()).mapEmpty();
    }
}

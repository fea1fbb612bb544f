package io.waxwatch.provider.discogs;

import io.vertx.core.Future;
import io.waxwatch.common.bus.BusMessage.ReleaseMasterAsked;
import io.waxwatch.common.bus.ProviderQuota;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.providers.EnabledProviders;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.provider.calls.CallMetrics;
import io.waxwatch.provider.discogs.client.DiscogsClient;
import io.waxwatch.provider.discogs.client.DiscogsOptions;
import io.waxwatch.provider.discogs.releasefloors.FloorPolls;
import io.waxwatch.provider.discogs.releases.ReleaseMasterService;
import io.waxwatch.provider.http.OutboundMetrics.BreakerState;
import io.waxwatch.provider.http.OutboundOptions;
import io.waxwatch.provider.marketplace.Marketplace;
import io.waxwatch.provider.marketplace.MarketplaceParts;
import io.waxwatch.provider.quota.Budget;
import io.waxwatch.provider.quota.QuotaLedger;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Discogs: floors of releases, searches of its catalogue, masters, and its collectors' accounts. */
public final class DiscogsMarketplace implements Marketplace {

    /** Discogs counts calls by the minute. */
    private static final Duration QUOTA_PAUSE = Duration.ofMinutes(1);

    /** The asker's deadline is a little longer, so that it hears why. */
    private static final Duration MASTER_MARGIN = Duration.ofSeconds(2);

    private final MarketplaceParts parts;
    private final Settings settings;
    private final Optional<String> whyDisabled;
    private final DiscogsAccounts accounts;
    private QuotaLedger quota;
    private DiscogsClient client;

    public DiscogsMarketplace(MarketplaceParts parts) {
        this.parts = parts;
        this.settings = parts.settings();
        this.whyDisabled = EnabledProviders.configured(settings).whyDisabled(Provider.DISCOGS);
        this.accounts = new DiscogsAccounts(parts);
    }

    @Override
    public Provider provider() {
        return Provider.DISCOGS;
    }

    @Override
    public Optional<String> whyDisabled() {
        return whyDisabled;
    }

    @Override
    public List<String> searches() {
        return List.of("release", "interactive");
    }

    @Override
    public List<String> filters() {
        return List.of("target_price", "currency");
    }

    @Override
    public Optional<BreakerState> breaker() {
        return Optional.ofNullable(client).map(DiscogsClient::breaker);
    }

    @Override
    public Future<Void> start() {
        if (whyDisabled.isPresent()) {
            return accounts.disabled(whyDisabled.get());
        }
        DiscogsOptions options = options();
        quota = new QuotaLedger(
                parts.vertx(),
                settings,
                parts.node().metrics(),
                Budget.discogs(
                        settings.get(SettingsCatalog.DISCOGS_EGRESS),
                        settings.get(SettingsCatalog.DISCOGS_CALLS_PER_MINUTE)),
                // A minute that is forgotten begins with nothing.
                since -> Future.succeededFuture(0L),
                DiscogsClient::remaining,
                Clock.systemUTC());
        client = new DiscogsClient(
                parts.vertx(),
                options,
                quota,
                new CallMetrics(parts.node().metrics(), DiscogsClient.PROVIDER),
                parts.calls(),
                Clock.systemUTC(),
                parts.random());
        var floors = new FloorPolls(
                client,
                parts.database(),
                parts.schedule(),
                parts.events(),
                parts.quarantine(),
                settings.get(SettingsCatalog.DISCOGS_SITE_URL).toString(),
                parts.nextRunJitter());
        var searches = new DiscogsCatalogue(client, settings.get(SettingsCatalog.DISCOGS_SITE_URL));
        return quota.start()
                .compose(started -> parts.serving().servePolls(Provider.DISCOGS, QUOTA_PAUSE, floors::run))
                .compose(served -> parts.serving().serveSearches(Provider.DISCOGS, searches))
                .compose(served -> serveMasters())
                .compose(served -> accounts.start(client));
    }

    private DiscogsOptions options() {
        return new DiscogsOptions(
                OutboundOptions.to(DiscogsClient.PROVIDER, settings.get(SettingsCatalog.DISCOGS_BASE_URL))
                        .attemptTimeout(settings.get(SettingsCatalog.DISCOGS_TIMEOUT_SECONDS))
                        .retries(
                                settings.get(SettingsCatalog.DISCOGS_MAX_ATTEMPTS),
                                settings.get(SettingsCatalog.DISCOGS_RETRY_BASE_DELAY_MS),
                                settings.get(SettingsCatalog.DISCOGS_RETRY_MAX_DELAY_MS))
                        .build(),
                settings.get(SettingsCatalog.DISCOGS_USER_AGENT),
                settings.get(SettingsCatalog.DISCOGS_TOKEN).reveal());
    }

    private Future<Void> serveMasters() {
        Duration deadline = Topics.DISCOGS_RELEASE_MASTER.deadline().minus(MASTER_MARGIN);
        var masters = new ReleaseMasterService(client, parts.calls()::interactive, deadline, System::nanoTime);
        return parts.serving()
                .serve(Topics.DISCOGS_RELEASE_MASTER, (ReleaseMasterAsked asked) -> masters.master(asked));
    }

    /** Imports stop behind the page they are reading. */
    @Override
    public Future<Void> stop() {
        return accounts.stop();
    }

    @Override
    public Future<Optional<ProviderQuota>> quota() {
        return quota == null
                ? Future.succeededFuture(Optional.empty())
                : quota.state().map(Optional::of);
    }

    @Override
    public Future<Void> close() {
        return accounts.close()
                .eventually(() -> client == null
                        ? Future.succeededFuture()
                        : Future.join(client.close(), quota.close()).mapEmpty());
    }
}

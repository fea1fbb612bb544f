package io.waxwatch.provider.discogs;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.waxwatch.common.bus.BusMessage;
import io.waxwatch.common.bus.RequestTopic;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.polls.PollPlanner;
import io.waxwatch.common.secrets.TokenCipher;
import io.waxwatch.common.secrets.TokenCipher.KeyUnavailable;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.provider.discogs.accountlink.AccountLinkStore;
import io.waxwatch.provider.discogs.accountlink.AccountLinking;
import io.waxwatch.provider.discogs.accountlink.AccountUnlinking;
import io.waxwatch.provider.discogs.accountlink.LinkSettings;
import io.waxwatch.provider.discogs.accountlink.TokenSealing;
import io.waxwatch.provider.discogs.client.DiscogsClient;
import io.waxwatch.provider.discogs.client.OAuthSigner;
import io.waxwatch.provider.discogs.imports.ImportJobs;
import io.waxwatch.provider.marketplace.MarketplaceParts;
import io.waxwatch.provider.tokens.TokenVault;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of the provider that acts for users with their Discogs accounts: wires linking and imports to their topics. Where it is
 * disabled, who asks is told why; disconnecting always works.
 */
final class DiscogsAccounts {

    private static final Logger log = LoggerFactory.getLogger(DiscogsAccounts.class);

    /** When stored tokens could not be sealed because the key was away, they are tried again after this. */
    private static final Duration SEAL_AGAIN = Duration.ofSeconds(30);

    private final MarketplaceParts parts;
    private final Settings settings;
    private final Database database;
    private final AccountLinkStore links;
    private final ImportJobs imports;
    private TokenVault vault;
    private boolean stopping;

    DiscogsAccounts(MarketplaceParts parts) {
        this.parts = parts;
        this.settings = parts.settings();
        this.database = parts.database();
        this.links = new AccountLinkStore(database);
        this.imports = new ImportJobs(
                parts.vertx(),
                database,
                parts.node().bus(),
                parts.node().metrics(),
                parts.events(),
                PollPlanner.from(settings),
                links,
                settings.get(SettingsCatalog.WATCH_RELEASES_MAX_PER_USER),
                settings.get(SettingsCatalog.DISCOGS_RETRY_MAX_DELAY_MS),
                parts.random());
    }

    /** Begins to serve, with the client that the polls use. */
    Future<Void> start(DiscogsClient discogs) {
        return TokenVault.open(parts.vertx(), settings, parts.node().metrics(), DiscogsClient.PROVIDER)
                .compose(found -> {
                    if (found instanceof TokenVault.Missing missing) {
                        return disabled(missing.reason());
                    }
                    vault = ((TokenVault.Usable) found).vault();
                    return enabled(discogs, vault.cipher());
                });
    }

    /** Serves refusals that say why. */
    Future<Void> disabled(String reason) {
        log.warn("discogs.accounts.disabled", kv("reason", reason));
        var refusal = new Failure(FailureKind.UNAVAILABLE, "Discogs account linking is disabled: " + reason);
        return serve(Topics.DISCOGS_LINK_START, wish -> Future.failedFuture(refusal))
                .compose(served -> serve(Topics.DISCOGS_LINK_FINISH, back -> Future.failedFuture(refusal)))
                .compose(served -> serve(Topics.DISCOGS_LINK_CONNECT, given -> Future.failedFuture(refusal)))
                .compose(served -> serve(Topics.DISCOGS_IMPORT_START, wish -> Future.failedFuture(refusal)))
                .compose(served -> serveUnlinking());
    }

    /** Imports stop behind the page they are reading. */
    Future<Void> stop() {
        stopping = true;
        return imports.stop();
    }

    /** Wipes the keys that are in memory. */
    Future<Void> close() {
        return vault == null ? Future.succeededFuture() : vault.close();
    }

    private Future<Void> enabled(DiscogsClient discogs, TokenCipher cipher) {
        var linking = new AccountLinking(
                database,
                links,
                discogs,
                signer(),
                cipher,
                LinkSettings.from(settings),
                parts.calls()::interactive,
                Clock.systemUTC());
        parts.readiness().observe("token_key", this::keyIsUsable);
        return serve(Topics.DISCOGS_LINK_START, sealing(linking::start))
                .compose(served -> serve(Topics.DISCOGS_LINK_FINISH, sealing(linking::finish)))
                .compose(served -> serve(Topics.DISCOGS_LINK_CONNECT, sealing(linking::connect)))
                .compose(served -> serve(Topics.DISCOGS_IMPORT_START, imports::start))
                .compose(served -> sealAdopted(new TokenSealing(links, cipher)))
                .compose(adopted -> serveUnlinking())
                .onSuccess(ready -> imports.begin(discogs, linking::account, parts.calls()::background));
    }

    private Future<Void> keyIsUsable() {
        return vault.trouble()
                .map(reason -> Future.<Void>failedFuture(new KeyUnavailable(reason)))
                .orElseGet(Future::succeededFuture);
    }

    /** Says in words why a token could not be sealed or opened. */
    private static <Q, A> Function<Q, Future<A>> sealing(Function<Q, Future<A>> step) {
        return asked -> step.apply(asked)
                .recover(cause ->
                        Future.failedFuture(cause instanceof TokenCipher.Failed failed ? told(failed) : cause));
    }

    private static Failure told(TokenCipher.Failed failed) {
        if (failed instanceof KeyUnavailable key) {
            log.warn("discogs.link.waits", kv("reason", key.reason().text()));
            return new Failure(
                    FailureKind.UNAVAILABLE,
                    "Discogs account linking has to wait: " + key.reason().text());
        }
        return new Failure(FailureKind.UNMET, "OAuth session cannot be read; begin anew");
    }

    /** An unusable key delays it, and nothing else. */
    private Future<Void> sealAdopted(TokenSealing sealing) {
        return sealing.adopt().<Void>mapEmpty().recover(cause -> {
            if (!(cause instanceof KeyUnavailable key)) {
                return Future.failedFuture(cause);
            }
            log.warn("discogs.links.sealing_waits", kv("reason", key.reason().text()));
            parts.vertx().setTimer(SEAL_AGAIN.toMillis(), due -> {
                if (!stopping) {
                    sealAdopted(sealing).onFailure(failed -> log.warn("discogs.links.sealing_failed", failed));
                }
            });
            return Future.succeededFuture();
        });
    }

    private Future<Void> serveUnlinking() {
        return serve(
                Topics.DISCOGS_LINK_DISCONNECT, new AccountUnlinking(database, links, imports::cancel)::disconnect);
    }

    private Optional<OAuthSigner> signer() {
        return settings.find(SettingsCatalog.DISCOGS_OAUTH_CLIENT_ID)
                .flatMap(key -> settings.find(SettingsCatalog.DISCOGS_OAUTH_CLIENT_SECRET)
                        .map(secret -> new OAuthSigner(key, secret.reveal(), Clock.systemUTC())));
    }

    private <Q extends BusMessage, A extends BusMessage> Future<Void> serve(
            RequestTopic<Q, A> topic, Function<Q, Future<A>> answer) {
        return parts.serving().serve(topic, answer);
    }
}

package io.waxwatch.provider;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.bus.BusMessage;
import io.waxwatch.common.bus.RequestTopic;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.node.Node;
import io.waxwatch.common.outbox.EventStore;
import io.waxwatch.common.polls.PollPlanner;
import io.waxwatch.common.secrets.TokenCipher;
import io.waxwatch.common.secrets.TokenKeys;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.provider.accountlink.AccountLinkStore;
import io.waxwatch.provider.accountlink.AccountLinking;
import io.waxwatch.provider.accountlink.AccountUnlinking;
import io.waxwatch.provider.accountlink.LinkSettings;
import io.waxwatch.provider.discogs.DiscogsClient;
import io.waxwatch.provider.discogs.OAuthSigner;
import io.waxwatch.provider.http.CallRecorder;
import io.waxwatch.provider.imports.ImportJobs;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of the provider that acts for users with their Discogs accounts: wires linking and imports to their topics. Where it is
 * disabled, who asks is told why; disconnecting always works.
 */
final class DiscogsAccounts {

    private static final Logger log = LoggerFactory.getLogger(DiscogsAccounts.class);

    private final Vertx vertx;
    private final Bus bus;
    private final Settings settings;
    private final Database database;
    private final AccountLinkStore links;
    private final ImportJobs imports;
    private final Function<UUID, CallRecorder> recorders;
    private final List<Future<Bus.Registration>> registrations = new ArrayList<>();

    /**
     * @param recorders log a user's calls
     * @param random spreads rests
     */
    DiscogsAccounts(
            Vertx vertx,
            Node node,
            Database database,
            EventStore events,
            Function<UUID, CallRecorder> recorders,
            RandomGenerator random) {
        this.vertx = vertx;
        this.recorders = recorders;
        this.bus = node.bus();
        this.settings = node.settings();
        this.database = database;
        this.links = new AccountLinkStore(database);
        this.imports = new ImportJobs(
                vertx,
                database,
                bus,
                node.metrics(),
                events,
                PollPlanner.from(settings),
                links,
                settings.get(SettingsCatalog.WATCH_RELEASES_MAX_PER_USER),
                settings.get(SettingsCatalog.DISCOGS_RETRY_MAX_DELAY_MS),
                random);
    }

    /** Begins to serve, with the client that the polls use. */
    Future<Void> start(DiscogsClient discogs) {
        return TokenKeys.find(vertx.fileSystem(), settings).compose(found -> {
            if (found instanceof TokenKeys.Missing missing) {
                return disabled(missing.reason());
            }
            return enabled(discogs, ((TokenKeys.Usable) found).cipher());
        });
    }

    /** Serves refusals that say why. */
    Future<Void> disabled(String reason) {
        log.warn("discogs.accounts.disabled", kv("reason", reason));
        var refusal = new Failure(FailureKind.UNAVAILABLE, "Discogs account linking is disabled: " + reason);
        serve(Topics.DISCOGS_LINK_START, wish -> Future.failedFuture(refusal));
        serve(Topics.DISCOGS_LINK_FINISH, back -> Future.failedFuture(refusal));
        serve(Topics.DISCOGS_LINK_CONNECT, given -> Future.failedFuture(refusal));
        serve(Topics.DISCOGS_IMPORT_START, wish -> Future.failedFuture(refusal));
        return registered();
    }

    /** Imports stop behind the page they are reading. */
    Future<Void> stop() {
        return imports.stop();
    }

    /** What to unregister before the stop. */
    List<Bus.Registration> registrations() {
        return registrations.stream()
                .filter(Future::succeeded)
                .map(Future::result)
                .toList();
    }

    private Future<Void> enabled(DiscogsClient discogs, TokenCipher cipher) {
        var linking = new AccountLinking(
                database, links, discogs, signer(), cipher, LinkSettings.from(settings), recorders, Clock.systemUTC());
        serve(Topics.DISCOGS_LINK_START, linking::start);
        serve(Topics.DISCOGS_LINK_FINISH, linking::finish);
        serve(Topics.DISCOGS_LINK_CONNECT, linking::connect);
        serve(Topics.DISCOGS_IMPORT_START, imports::start);
        return linking.sealAdopted()
                .compose(adopted -> registered())
                .onSuccess(ready -> imports.begin(discogs, linking::account, recorders));
    }

    private Future<Void> registered() {
        serve(Topics.DISCOGS_LINK_DISCONNECT, new AccountUnlinking(database, links, imports::cancel)::disconnect);
        return Future.all(registrations).mapEmpty();
    }

    private Optional<OAuthSigner> signer() {
        return settings.find(SettingsCatalog.DISCOGS_OAUTH_CLIENT_ID)
                .flatMap(key -> settings.find(SettingsCatalog.DISCOGS_OAUTH_CLIENT_SECRET)
                        .map(secret -> new OAuthSigner(key, secret.reveal(), Clock.systemUTC())));
    }

    private <Q extends BusMessage, A extends BusMessage> void serve(
            RequestTopic<Q, A> topic, Function<Q, Future<A>> answer) {
        registrations.add(bus.serve(topic, answer));
    }
}

package io.waxwatch.standalone.parts;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.waxwatch.common.database.Migrations;
import io.waxwatch.common.settings.DatabaseAddress;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.sandbox.MarketplaceSandbox;
import io.waxwatch.sandbox.SandboxOptions;
import io.waxwatch.standalone.demo.DemoCollector;
import io.waxwatch.standalone.identity.DevIdentityProvider;
import io.waxwatch.standalone.mail.MailSink;
import io.waxwatch.standalone.output.RunInfo;
import io.waxwatch.standalone.postgres.EmbeddedPostgresPart;
import io.waxwatch.standalone.process.PartFailedException;
import io.waxwatch.standalone.process.Ports;
import io.waxwatch.standalone.redis.EmbeddedRedisPart;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.flywaydb.core.api.exception.FlywayValidateException;

/**
 * What WaxWatch needs from outside, brought along: PostgreSQL, Redis, the marketplaces, an identity provider, a mail
 * server. A part that the environment already names (a {@code DATABASE_URL}, real eBay credentials …) is not started;
 * the real one is used instead. Blocks: for {@code main} threads.
 */
public final class EmbeddedParts implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** A demo is watched by a person: something should happen every few seconds. */
    private static final Duration LISTING_EVERY = Duration.ofSeconds(4);

    private static final int SWEEP_SECONDS = 3;
    private static final int FLOOR_SECONDS = 15;
    /** A demo may run all day: its application passed eBay's growth check, and has room for the sweeps and as much again. */
    private static final int EBAY_PER_DAY = 2 * (int) Duration.ofDays(1).toSeconds() / SWEEP_SECONDS;

    private final Settings settings;
    private final Path folder;
    private final Consumer<String> progress;
    private final Vertx vertx = Vertx.vertx();
    private final Map<String, String> environment = new LinkedHashMap<>();

    private final EmbeddedPostgresPart postgres;
    private final EmbeddedRedisPart redis;
    private final MarketplaceSandbox sandbox;
    private final DevIdentityProvider identity;
    private final MailSink mail;
    private final DemoCollector demo = new DemoCollector(vertx);
    /** Where the sandbox answers, also when the real marketplaces are used. */
    private String sandboxUrl = "";

    /** @param progress told in a few words what is being started */
    public EmbeddedParts(Settings settings, Consumer<String> progress) {
        this.settings = settings;
        this.progress = progress;
        this.folder = settings.get(SettingsCatalog.STANDALONE_DATA_DIRECTORY).toAbsolutePath();
        this.postgres = new EmbeddedPostgresPart(EmbeddedPostgresPart.Options.in(
                folder.resolve("postgres"),
                folder.resolve("postgres-binaries"),
                settings.get(SettingsCatalog.STANDALONE_POSTGRES_PORT)));
        this.redis =
                new EmbeddedRedisPart(folder.resolve("redis"), settings.get(SettingsCatalog.STANDALONE_REDIS_PORT));
        this.sandbox = new MarketplaceSandbox(
                vertx, SandboxOptions.defaults().withListingEvery(LISTING_EVERY).withEbayPerDay(EBAY_PER_DAY));
        int identityPort = settings.get(SettingsCatalog.STANDALONE_IDENTITY_PORT);
        this.identity = new DevIdentityProvider(
                vertx,
                new DevIdentityProvider.Options(
                        folder.resolve("identity-key.json"),
                        identityPort != 0 ? identityPort : Ports.remembered(folder.resolve("ports"), "identity"),
                        DemoCollector.TOKEN_LIFETIME,
                        settings.get(SettingsCatalog.AUTH_AUDIENCE)),
                List.of(DemoCollector.ACCOUNT),
                Clock.systemUTC());
        this.mail = new MailSink(
                vertx,
                MailSink.Options.on(
                        settings.get(SettingsCatalog.STANDALONE_SMTP_PORT),
                        settings.get(SettingsCatalog.STANDALONE_MAIL_PORT)),
                Clock.systemUTC(),
                ZoneId.of("UTC"));
    }

    /**
     * Starts everything that the environment does not name itself, and runs the migrations.
     *
     * @throws PartFailedException with one line that says what failed
     */
    public void start() {
        refuseHalfAnIssuer();
        var database = CompletableFuture.runAsync(this::startDatabase);
        progress.accept("Starting PostgreSQL, Redis, the marketplace sandbox, sign-in and the mail sink");
        startRedis();
        startIdentity();
        startMarketplaces();
        startMail();
        awaitDatabase(database);
    }

    private boolean issuerIsNamed() {
        return settings.isSet(SettingsCatalog.AUTH_ISSUER) || settings.isSet(SettingsCatalog.SUPABASE_URL);
    }

    /** What is set about signing in is used, or is refused here; it is never passed over. */
    private void refuseHalfAnIssuer() {
        if (issuerIsNamed()) {
            return;
        }
        for (var url : List.of(SettingsCatalog.AUTH_JWKS_URL, SettingsCatalog.AUTH_TOKEN_URL)) {
            if (settings.isSet(url)) {
                throw new PartFailedException(
                        url.name() + " is set, and AUTH_ISSUER is not: set both to use an issuer of"
                                + " your own, or neither to use the sign-in that comes along");
            }
        }
        if (!settings.get(SettingsCatalog.AUTH_JWT_ALGORITHMS).contains(DevIdentityProvider.ALGORITHM)) {
            throw new PartFailedException("AUTH_JWT_ALGORITHMS leaves out " + DevIdentityProvider.ALGORITHM
                    + ", with which the sign-in that comes along signs: add it, or set AUTH_ISSUER to use another");
        }
    }

    /** Unless the environment names an issuer: then that one signs people in, and nobody else. */
    private void startIdentity() {
        if (issuerIsNamed()) {
            return;
        }
        await(identity.start(), "the identity provider");
        put("AUTH_ISSUER", identity.issuer());
        put("AUTH_JWKS_URL", identity.jwksUrl());
        putUnlessSet(
                SettingsCatalog.START_PAGE_ACCOUNT.name(),
                DemoCollector.ACCOUNT.email() + ":" + DemoCollector.ACCOUNT.password());
    }

    private void awaitDatabase(CompletableFuture<Void> database) {
        try {
            database.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw databaseFailed(failed.getCause());
        } catch (TimeoutException late) {
            throw new PartFailedException("The database did not start within " + PATIENCE.toSeconds() + " s", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new PartFailedException("Interrupted while the database started", interrupted);
        }
    }

    private PartFailedException databaseFailed(Throwable cause) {
        if (cause instanceof PartFailedException part) {
            return part;
        }
        if (cause instanceof FlywayValidateException) {
            String remedy = settings.isSet(SettingsCatalog.DATABASE_URL)
                    ? "bring it in order with the version that made it"
                    : "`make reset` removes it, and with it the demo's data";
            return new PartFailedException("The database was made by another version of WaxWatch: " + remedy, cause);
        }
        String reason = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return new PartFailedException("The database cannot start: " + reason, cause);
    }

    /** The environment that makes WaxWatch's services use these parts. */
    public Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    /** Where everything is, with a new token of the demo collector if our own sign-in knows her; after the start. */
    public RunInfo runInfo(String apiUrl, long pid) {
        if (issuerIsNamed()) {
            return RunInfo.withoutCollector(apiUrl, settings.authIssuer(), mail.mailUrl(), sandboxUrl, pid);
        }
        var collector = DemoCollector.ACCOUNT;
        String token = identity.issueToken(collector.userId(), collector.email(), DemoCollector.TOKEN_LIFETIME);
        return new RunInfo(
                apiUrl,
                token,
                collector.userId(),
                collector.email(),
                collector.password(),
                identity.issuer(),
                mail.mailUrl(),
                sandboxUrl,
                pid);
    }

    /** Gives the demo collector her rules; without her there is nothing to do. */
    public Future<Void> seedDemo(RunInfo info) {
        return info.hasCollector() ? demo.seed(info.apiUrl(), info.token()) : Future.succeededFuture();
    }

    private void startDatabase() {
        if (settings.isSet(SettingsCatalog.DATABASE_URL)) {
            migrate(settings.get(SettingsCatalog.DATABASE_URL));
            return;
        }
        postgres.start();
        migrate(DatabaseAddress.parse(postgres.url()));
        synchronized (environment) {
            environment.put("DATABASE_URL", postgres.url());
        }
    }

    private static void migrate(DatabaseAddress address) {
        new Migrations(address).migrate();
    }

    private void startRedis() {
        if (!settings.isSet(SettingsCatalog.REDIS_URL)) {
            redis.start();
            put("REDIS_URL", redis.url());
        }
    }

    private void startMarketplaces() {
        int port =
                await(sandbox.start(settings.get(SettingsCatalog.STANDALONE_SANDBOX_PORT)), "the marketplace sandbox");
        sandboxUrl = "http://127.0.0.1:" + port;
        SandboxOptions options = SandboxOptions.defaults();
        if (!settings.isSet(SettingsCatalog.EBAY_CLIENT_ID)) {
            put("EBAY_BASE_URL", sandboxUrl);
            put("EBAY_CLIENT_ID", options.ebayClientId());
            put("EBAY_CLIENT_SECRET", options.ebayClientSecret());
            putUnlessSet(SettingsCatalog.EBAY_SWEEP_INTERVAL_SECONDS.name(), Integer.toString(SWEEP_SECONDS));
            putUnlessSet(SettingsCatalog.EBAY_CALLS_PER_DAY.name(), Integer.toString(EBAY_PER_DAY));
        }
        if (!settings.isSet(SettingsCatalog.DISCOGS_TOKEN)) {
            put("DISCOGS_BASE_URL", sandboxUrl);
            put("DISCOGS_SITE_URL", sandboxUrl);
            put("DISCOGS_USER_AGENT", "WaxWatch/0.1 +https://waxwatch.example");
            put("DISCOGS_TOKEN", options.discogsToken());
            put("DISCOGS_OAUTH_CLIENT_ID", options.discogsConsumerKey());
            put("DISCOGS_OAUTH_CLIENT_SECRET", options.discogsConsumerSecret());
            // A page of the sandbox stands for the client's own, which would read code and state from its address.
            putUnlessSet(SettingsCatalog.DISCOGS_OAUTH_REDIRECT_URI.name(), sandboxUrl + "/linked");
            putUnlessSet(SettingsCatalog.RELEASE_FLOOR_INTERVAL_SECONDS.name(), Integer.toString(FLOOR_SECONDS));
        }
    }

    private void startMail() {
        await(mail.start(), "the mail sink");
        if (!settings.isSet(SettingsCatalog.SMTP_HOST)) {
            putUnlessSet(SettingsCatalog.START_PAGE_MAIL_URL.name(), mail.mailUrl());
            put("NOTIFICATION_EMAIL_PROVIDER", "smtp");
            put("SMTP_HOST", "127.0.0.1");
            put("SMTP_PORT", Integer.toString(mail.smtpPort()));
            put("SMTP_STARTTLS", "false");
        }
    }

    private void putUnlessSet(String name, String value) {
        boolean set = SettingsCatalog.all().stream()
                .filter(setting -> setting.name().equals(name))
                .anyMatch(settings::isSet);
        if (!set) {
            put(name, value);
        }
    }

    private void put(String name, String value) {
        synchronized (environment) {
            environment.put(name, value);
        }
    }

    private static <T> T await(Future<T> future, String part) {
        try {
            return future.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            throw new PartFailedException(part + " did not start within " + PATIENCE.toSeconds() + " s", late);
        }
    }

    /** Stops everything, the servers last; what fails to stop is passed over. */
    @Override
    public void close() {
        try {
            Future.join(sandbox.close(), identity.close(), mail.close())
                    .otherwiseEmpty()
                    .compose(closed -> vertx.close())
                    .await(5, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            // The process ends anyway; the servers below must still be stopped.
            Thread.yield();
        }
        redis.close();
        postgres.close();
    }
}

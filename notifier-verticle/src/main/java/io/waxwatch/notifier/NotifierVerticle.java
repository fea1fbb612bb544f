package io.waxwatch.notifier;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.outbox.NotificationChannel;
import io.waxwatch.common.outbox.NotificationStore;
import io.waxwatch.common.settings.EmailProvider;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.common.telemetry.Metrics;
import io.waxwatch.notifier.delivery.BacklogGauge;
import io.waxwatch.notifier.delivery.DeliveryLimits;
import io.waxwatch.notifier.delivery.DeliveryLoop;
import io.waxwatch.notifier.delivery.DeliveryMetrics;
import io.waxwatch.notifier.delivery.MailLedger;
import io.waxwatch.notifier.delivery.Settlement;
import io.waxwatch.notifier.email.EmailTransport;
import io.waxwatch.notifier.email.HostStanding;
import io.waxwatch.notifier.email.MailComposer;
import io.waxwatch.notifier.email.MailSender;
import io.waxwatch.notifier.email.RetryPolicy;
import io.waxwatch.notifier.email.SmtpTransport;
import io.waxwatch.notifier.email.StubTransport;
import io.waxwatch.notifier.realtime.RealtimeDelivery;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides who hears it, and how.
 *
 * <p>Owns: one delivery loop a channel, the mail transport, the backlog gauge. Consumes: {@code notification.ready}. Publishes:
 * {@code notification.realtime}. Any number may run, in any number of processes: they share the outbox.
 */
final class NotifierVerticle extends VerticleBase {

    /** Mails claimed for each connection: while some are being settled or claimed, the connections have the next. */
    private static final int MAILS_A_CONNECTION = 4;

    /** Batches of news to the gateways on their way at once: while some are settled, the next is claimed. */
    private static final int PARALLEL_NEWS = 4;

    /** How long a stop waits for mails on their way. Left ones are delivered again, perhaps twice: worth a wait. */
    static final Duration DRAIN_LIMIT = Duration.ofSeconds(10);

    /** How long it waits after that for the writing down of what was left. */
    private static final Duration LAST_WORDS_LIMIT = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(NotifierVerticle.class);

    private final Bus bus;
    private final Database database;
    private final Metrics metrics;
    private final Settings settings;

    private List<DeliveryLoop> loops = List.of();
    private EmailTransport transport;
    private MailLedger ledger;
    private BacklogGauge backlog;
    private Bus.Registration ready;

    NotifierVerticle(Bus bus, Database database, Metrics metrics, Settings settings) {
        this.bus = bus;
        this.database = database;
        this.metrics = metrics;
        this.settings = settings;
    }

    @Override
    public Future<?> start() {
        var random = new SplittableRandom();
        var store = new NotificationStore();
        Clock clock = Clock.systemUTC();
        var counted = new DeliveryMetrics(metrics, clock);
        Duration lease = settings.get(SettingsCatalog.NOTIFICATION_LEASE_SECONDS);
        Duration sweep = settings.get(SettingsCatalog.NOTIFICATION_SWEEP_INTERVAL_MS);
        int batch = settings.get(SettingsCatalog.NOTIFICATION_BATCH_SIZE);
        var settlement = new Settlement(vertx, database, store, lease);
        transport = transport(clock);
        ledger = new MailLedger(vertx, database, store, lease, random.split());
        backlog = new BacklogGauge(vertx, database, metrics);

        var realtime = new RealtimeDelivery(bus, settlement, counted);
        var mails = new MailSender(
                new MailComposer(
                        settings.get(SettingsCatalog.PUBLIC_BASE_URL),
                        settings.find(SettingsCatalog.NOTIFICATION_MESSAGE_ID_DOMAIN)),
                transport,
                settlement,
                ledger,
                RetryPolicy.from(settings),
                counted,
                metrics,
                clock,
                random.split());
        int parallelMails = MAILS_A_CONNECTION * settings.get(SettingsCatalog.SMTP_CONNECTIONS);
        loops = List.of(
                new DeliveryLoop(
                        vertx,
                        database,
                        store,
                        NotificationChannel.REALTIME,
                        realtime,
                        new DeliveryLimits(batch, PARALLEL_NEWS * batch, lease, sweep),
                        random.split()),
                new DeliveryLoop(
                        vertx,
                        database,
                        store,
                        NotificationChannel.EMAIL,
                        mails,
                        new DeliveryLimits(batch, parallelMails, lease, sweep),
                        random.split()));
        return store.takeIn(database)
                .onSuccess(found -> {
                    if (found.delivered() + found.settled() > 0) {
                        log.info(
                                "notifier.taken_in",
                                kv("delivered", found.delivered()),
                                kv("settled_as_seen", found.settled()));
                    }
                })
                .compose(taken -> bus.listen(Topics.NOTIFICATION_READY, news -> loops.forEach(DeliveryLoop::nudge)))
                .onSuccess(registration -> {
                    ready = registration;
                    ledger.start();
                    loops.forEach(DeliveryLoop::start);
                    backlog.start();
                    log.info(
                            "notifier.started",
                            kv("email_provider", settings.get(SettingsCatalog.NOTIFICATION_EMAIL_PROVIDER)));
                });
    }

    private EmailTransport transport(Clock clock) {
        return settings.get(SettingsCatalog.NOTIFICATION_EMAIL_PROVIDER) == EmailProvider.STUB
                ? new StubTransport()
                : new SmtpTransport(vertx, settings, new HostStanding(metrics, clock), clock);
    }

    @Override
    public Future<?> stop() {
        backlog.stop();
        Future<?> drained = Future.join(loops.stream().map(DeliveryLoop::stop).toList());
        transport.rest();
        return ready.unregister()
                .transform(unregistered -> drained.timeout(DRAIN_LIMIT.toMillis(), TimeUnit.MILLISECONDS))
                // What is left of dialogues ends now, and what is known of those mails is written down.
                .transform(asked -> transport.close())
                .transform(closed -> drained.timeout(LAST_WORDS_LIMIT.toMillis(), TimeUnit.MILLISECONDS))
                .onFailure(late -> log.warn("notifier.deliveries_left_to_their_lease"))
                .onComplete(over -> ledger.stop())
                .otherwiseEmpty();
    }
}

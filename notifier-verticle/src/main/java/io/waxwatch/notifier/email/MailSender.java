package io.waxwatch.notifier.email;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.waxwatch.common.outbox.ClaimedDelivery;
import io.waxwatch.common.outbox.NotificationStore.Counted;
import io.waxwatch.common.telemetry.Metrics;
import io.waxwatch.common.telemetry.Metrics.Name;
import io.waxwatch.notifier.delivery.ChannelDelivery;
import io.waxwatch.notifier.delivery.DeliveryMetrics;
import io.waxwatch.notifier.delivery.DeliveryMetrics.Outcome;
import io.waxwatch.notifier.delivery.MailLedger;
import io.waxwatch.notifier.delivery.Settlement;
import io.waxwatch.notifier.email.EmailTransport.Result;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers notifications as mails, each by itself. A mail that the host refuses for good has failed; one that it puts off is
 * tried again for a day; one that found no host, or one that refuses us, waits for it, however many attempts that takes. An address
 * without a mailbox gets no further mails. Who reads an alert in the app sees there what became of its mail.
 */
public final class MailSender implements ChannelDelivery {

    private static final Logger log = LoggerFactory.getLogger(MailSender.class);

    private static final int REMEMBERED_MAILBOXES = 1_000;

    private final MailComposer composer;
    private final EmailTransport transport;
    private final Settlement settlement;
    private final MailLedger ledger;
    private final RetryPolicy retries;
    private final DeliveryMetrics deliveries;
    private final Metrics metrics;
    private final Clock clock;
    private final RandomGenerator random;
    /** Up to which claim mails to an address are not begun any more; later ones know of the suppression from the database. */
    private final Map<String, Long> refusedMailboxes = new LinkedHashMap<>();

    private long claims;

    public MailSender(
            MailComposer composer,
            EmailTransport transport,
            Settlement settlement,
            MailLedger ledger,
            RetryPolicy retries,
            DeliveryMetrics deliveries,
            Metrics metrics,
            Clock clock,
            RandomGenerator random) {
        this.composer = composer;
        this.transport = transport;
        this.settlement = settlement;
        this.ledger = ledger;
        this.retries = retries;
        this.deliveries = deliveries;
        this.metrics = metrics;
        this.clock = clock;
        this.random = random;
        // Alerts are built on them: they are there, at zero, before anything goes wrong.
        List.of("us", "mailbox", "mail", "later", "away", "uncertain").forEach(cause -> refusals(cause, 0));
    }

    @Override
    public List<Future<Channel>> deliver(List<ClaimedDelivery> claimed) {
        ledger.hold(claimed);
        long claim = ++claims;
        return claimed.stream()
                .map(one -> deliver(one, claim).onComplete(ended -> ledger.release(one)))
                .toList();
    }

    private Future<Channel> deliver(ClaimedDelivery delivery, long claim) {
        if (!delivery.userActive()) {
            return end(delivery, Outcome.SUPPRESSED, settlement.giveUp(delivery, null));
        }
        // The alert is in the app.
        if (delivery.email() == null) {
            return end(delivery, Outcome.SUPPRESSED, settlement.giveUp(delivery, "the sign-in names no address"));
        }
        if (!composer.isNews(delivery)) {
            return end(delivery, Outcome.QUIET, ledger.accepted(delivery));
        }
        if (delivery.suppressed() != null) {
            return end(delivery, Outcome.SUPPRESSED, settlement.giveUp(delivery, delivery.suppressed()));
        }
        Optional<Mail> mail = composer.compose(delivery);
        if (mail.isEmpty()) {
            return failed(delivery, "bad_address", "this address is none that a mail can go to");
        }
        return transport
                .send(mail.get(), () -> ledger.holds(delivery) && !isRefused(delivery, claim))
                .compose(result -> settle(delivery, result));
    }

    private boolean isRefused(ClaimedDelivery delivery, long claim) {
        return refusedMailboxes.getOrDefault(delivery.email(), 0L) >= claim;
    }

    private Future<Channel> suppress(ClaimedDelivery delivery, Result.NoMailbox gone) {
        refusals("mailbox", 1);
        logFailed(delivery, gone.code(), false);
        refusedMailboxes.put(delivery.email(), Long.MAX_VALUE);
        return end(
                delivery,
                Outcome.SUPPRESSED,
                settlement.suppress(delivery, gone.told()).onComplete(written -> {
                    refusedMailboxes.remove(delivery.email());
                    refusedMailboxes.put(delivery.email(), written.succeeded() ? claims : 0);
                    if (refusedMailboxes.size() > REMEMBERED_MAILBOXES) {
                        refusedMailboxes.remove(
                                refusedMailboxes.keySet().iterator().next());
                    }
                }));
    }

    private Future<Channel> settle(ClaimedDelivery delivery, Result result) {
        if (result instanceof Result.Accepted accepted) {
            log.info(
                    "notifications.email.sent",
                    kv("notification_id", delivery.notificationId()),
                    kv("event_id", delivery.eventId()),
                    kv("provider_message_id", accepted.messageId()));
            return end(delivery, Outcome.SENT, ledger.accepted(delivery));
        }
        if (result instanceof Result.Refused refused) {
            refusals("mail", 1);
            return failed(delivery, refused.code(), refused.told());
        }
        if (result instanceof Result.NoMailbox gone) {
            return suppress(delivery, gone);
        }
        if (result instanceof Result.Deferred deferred) {
            return putOff(delivery, deferred);
        }
        if (result instanceof Result.Uncertain uncertain) {
            return uncertain(delivery, uncertain);
        }
        if (result instanceof Result.Held held) {
            refusals("us", 1);
            double chance = random.nextDouble();
            // As a whole the channel rests; this mail waits by itself only where others may do better.
            Duration pause = held.all()
                    ? retries.pauseWhileAway(delivery.attempt(), chance)
                    : retries.pause(delivery.attempt(), chance);
            return waits(delivery, held.code(), pause, Outcome.HELD).map(held.all() ? Channel.REFUSED : Channel.ABLE);
        }
        if (result instanceof Result.Away away) {
            refusals("away", 1);
            Duration pause = retries.pauseWhileAway(delivery.attempt(), random.nextDouble());
            return waits(delivery, away.code(), pause, Outcome.RETRIED).map(Channel.AWAY);
        }
        return end(delivery, Outcome.RETRIED, settlement.retry(delivery, Duration.ZERO, "not begun", Counted.NOT));
    }

    private Future<Channel> putOff(ClaimedDelivery delivery, Result.Deferred deferred) {
        refusals("later", 1);
        if (!retries.mayRetry(delivery.past(), clock.instant())) {
            return failed(
                    delivery,
                    deferred.code(),
                    "not accepted within " + retries.retryFor().toHours() + " hours: " + deferred.told());
        }
        Duration pause = retries.pause(delivery.past().refusals() + 1, random.nextDouble());
        return retried(delivery, deferred.code(), pause, Outcome.RETRIED, Counted.REFUSED);
    }

    private Future<Channel> uncertain(ClaimedDelivery delivery, Result.Uncertain uncertain) {
        refusals("uncertain", 1);
        if (!retries.mayRepeat(delivery.past())) {
            return failed(
                    delivery, "uncertain_" + uncertain.code(), "the mail host never said whether it took this mail");
        }
        Duration pause = retries.pauseWhenUncertain(delivery.past().uncertain() + 1, random.nextDouble());
        return retried(delivery, "uncertain_" + uncertain.code(), pause, Outcome.RETRIED, Counted.UNCERTAIN)
                .map(Channel.AWAY);
    }

    /** It counts against nobody, so only age ends it. */
    private Future<Channel> waits(ClaimedDelivery delivery, String code, Duration pause, Outcome outcome) {
        return retries.mayHold(deliveries.age(delivery))
                ? retried(delivery, code, pause, outcome, Counted.NOT)
                : failed(
                        delivery,
                        code,
                        "no mail could be sent for " + retries.holdFor().toHours() + " hours");
    }

    private Future<Channel> retried(
            ClaimedDelivery delivery, String code, Duration pause, Outcome outcome, Counted counted) {
        logFailed(delivery, code, true);
        return end(delivery, outcome, settlement.retry(delivery, pause, code, counted));
    }

    private Future<Channel> failed(ClaimedDelivery delivery, String code, String told) {
        logFailed(delivery, code, false);
        return end(delivery, Outcome.FAILED, settlement.giveUp(delivery, told));
    }

    private Future<Channel> end(ClaimedDelivery delivery, Outcome outcome, Future<Void> settled) {
        return settled.onSuccess(done -> deliveries.ended(delivery, outcome)).map(Channel.ABLE);
    }

    private void refusals(String cause, int more) {
        metrics.counter(Name.MAIL_REFUSALS, "cause", cause).increment(more);
    }

    private static void logFailed(ClaimedDelivery delivery, String code, boolean retryable) {
        log.warn(
                "notifications.email.failed",
                kv("notification_id", delivery.notificationId()),
                kv("event_id", delivery.eventId()),
                kv("attempt", delivery.attempt()),
                kv("retryable", retryable),
                kv("error_code", code));
    }
}

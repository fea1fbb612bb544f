package io.waxwatch.notifier.email;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.waxwatch.common.outbox.ClaimedDelivery;
import io.waxwatch.notifier.delivery.ChannelDelivery;
import io.waxwatch.notifier.delivery.DeliveryMetrics;
import io.waxwatch.notifier.delivery.DeliveryMetrics.Outcome;
import io.waxwatch.notifier.delivery.Settlement;
import io.waxwatch.notifier.email.EmailTransport.Result;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers notifications as mails, each by itself. A mail that the host refuses for good has failed; one that it puts off is
 * tried again a few times; one that found no host waits for it, up to a day, however many attempts that takes.
 */
public final class MailSender implements ChannelDelivery {

    private static final Logger log = LoggerFactory.getLogger(MailSender.class);

    private final MailComposer composer;
    private final EmailTransport transport;
    private final Settlement settlement;
    private final RetryPolicy retries;
    private final DeliveryMetrics metrics;
    private final RandomGenerator random;

    public MailSender(
            MailComposer composer,
            EmailTransport transport,
            Settlement settlement,
            RetryPolicy retries,
            DeliveryMetrics metrics,
            RandomGenerator random) {
        this.composer = composer;
        this.transport = transport;
        this.settlement = settlement;
        this.retries = retries;
        this.metrics = metrics;
        this.random = random;
    }

    @Override
    public List<Future<Channel>> deliver(List<ClaimedDelivery> claimed) {
        return claimed.stream().map(this::deliver).toList();
    }

    private Future<Channel> deliver(ClaimedDelivery delivery) {
        if (!delivery.userActive()) {
            return end(delivery, Outcome.SUPPRESSED, settlement.giveUp(delivery));
        }
        if (!composer.isNews(delivery)) {
            return end(delivery, Outcome.QUIET, settlement.sent(List.of(delivery)));
        }
        Optional<Mail> mail = composer.compose(delivery);
        if (mail.isEmpty()) {
            return failed(delivery, "bad_address");
        }
        return transport.send(mail.get()).compose(result -> settle(delivery, result));
    }

    private Future<Channel> settle(ClaimedDelivery delivery, Result result) {
        if (result instanceof Result.Accepted accepted) {
            log.info(
                    "notifications.email.sent",
                    kv("notification_id", delivery.notificationId()),
                    kv("event_id", delivery.eventId()),
                    kv("provider_message_id", accepted.messageId()));
            return end(delivery, Outcome.SENT, settlement.sent(List.of(delivery)));
        }
        if (result instanceof Result.Refused refused) {
            return failed(delivery, refused.code());
        }
        if (result instanceof Result.Deferred deferred) {
            return retries.mayRetry(delivery.attempt())
                    ? retried(delivery, deferred.code(), false)
                    : failed(delivery, deferred.code());
        }
        String code = ((Result.Away) result).code();
        Future<Channel> settled = metrics.age(delivery).compareTo(RetryPolicy.GIVE_UP_AFTER) < 0
                ? retried(delivery, code, true)
                : failed(delivery, code);
        return settled.map(Channel.AWAY);
    }

    private Future<Channel> retried(ClaimedDelivery delivery, String code, boolean away) {
        double chance = random.nextDouble();
        var pause =
                away ? retries.pauseWhileAway(delivery.attempt(), chance) : retries.pause(delivery.attempt(), chance);
        logFailed(delivery, code, true);
        return end(delivery, Outcome.RETRIED, settlement.retry(delivery, pause, code));
    }

    private Future<Channel> failed(ClaimedDelivery delivery, String code) {
        logFailed(delivery, code, false);
        return end(delivery, Outcome.FAILED, settlement.giveUp(delivery));
    }

    private Future<Channel> end(ClaimedDelivery delivery, Outcome outcome, Future<Void> settled) {
        return settled.onSuccess(done -> metrics.ended(delivery, outcome)).map(Channel.ABLE);
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

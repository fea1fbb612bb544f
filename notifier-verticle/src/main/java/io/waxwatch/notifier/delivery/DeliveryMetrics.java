package io.waxwatch.notifier.delivery;

import io.micrometer.core.instrument.Counter;
import io.waxwatch.common.outbox.ClaimedDelivery;
import io.waxwatch.common.outbox.NotificationChannel;
import io.waxwatch.common.telemetry.Metrics;
import io.waxwatch.common.telemetry.Metrics.Name;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;

/** What became of deliveries, counted alike for every channel. */
public final class DeliveryMetrics {

    /** The ends of one attempt. */
    public enum Outcome {
        /** Handed to the channel. */
        SENT,
        /** An echo of the user's own click: settled without a mail. */
        QUIET,
        /** To be tried again. */
        RETRIED,
        /** To be tried again when somebody has mended what the host has against us. */
        HELD,
        /** Given up. */
        FAILED,
        /** Its user is not active any more, or has no mailbox that takes mails. */
        SUPPRESSED
    }

    private final Metrics metrics;
    private final Clock clock;

    public DeliveryMetrics(Metrics metrics, Clock clock) {
        this.metrics = metrics;
        this.clock = clock;
        // There at zero from the start: a rate cannot see the first of what was not there before.
        for (NotificationChannel channel : NotificationChannel.values()) {
            for (Outcome outcome : Outcome.values()) {
                counter(channel, outcome);
            }
        }
    }

    private Counter counter(NotificationChannel channel, Outcome outcome) {
        return metrics.counter(
                Name.NOTIFICATION_DELIVERIES,
                "channel",
                channel.wireName(),
                "outcome",
                outcome.name().toLowerCase(Locale.ROOT));
    }

    /** Counts the end of one attempt, and for what was sent how long it had waited. */
    public void ended(ClaimedDelivery delivery, Outcome outcome) {
        counter(delivery.channel(), outcome).increment();
        if (outcome == Outcome.SENT) {
            Duration waited = age(delivery);
            metrics.timer(Name.NOTIFICATION_LAG, "channel", delivery.channel().wireName())
                    .record(waited.isNegative() ? Duration.ZERO : waited);
        }
    }

    /** How long ago the notification was created. */
    public Duration age(ClaimedDelivery delivery) {
        return Duration.between(delivery.createdAt().toInstant(), clock.instant());
    }
}

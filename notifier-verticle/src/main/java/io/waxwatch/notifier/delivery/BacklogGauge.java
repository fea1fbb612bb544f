package io.waxwatch.notifier.delivery;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Vertx;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.outbox.NotificationChannel;
import io.waxwatch.common.telemetry.Metrics;
import io.waxwatch.common.telemetry.Metrics.Name;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows how many notifications are not yet delivered, of all notifiers together, counted on a timer and not with each
 * delivery. While the database is away the last number stays.
 */
public final class BacklogGauge {

    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final Logger log = LoggerFactory.getLogger(BacklogGauge.class);

    private final Vertx vertx;
    private final BacklogStore store;
    private final Map<NotificationChannel, AtomicInteger> waiting = new EnumMap<>(NotificationChannel.class);
    private long timer = -1;

    public BacklogGauge(Vertx vertx, Database database, Metrics metrics) {
        this.vertx = vertx;
        this.store = new BacklogStore(database);
        for (NotificationChannel channel : NotificationChannel.values()) {
            var number = new AtomicInteger();
            waiting.put(channel, number);
            metrics.gauge(Name.NOTIFICATION_BACKLOG, number::get, "channel", channel.wireName());
        }
    }

    /** Counts now and then regularly. */
    public void start() {
        count();
        timer = vertx.setPeriodic(EVERY.toMillis(), id -> count());
    }

    public void stop() {
        vertx.cancelTimer(timer);
    }

    private void count() {
        waiting.forEach((channel, number) -> store.count(channel)
                .onSuccess(number::set)
                .onFailure(cause -> log.debug(
                        "notifications.backlog_not_counted",
                        kv("channel", channel.wireName()),
                        kv("reason", cause.toString()))));
    }
}

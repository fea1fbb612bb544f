package io.waxwatch.notifier.delivery;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.waxwatch.common.claims.ClaimLoop;
import io.waxwatch.common.claims.OutageBackoff;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.outbox.ClaimedDelivery;
import io.waxwatch.common.outbox.NotificationChannel;
import io.waxwatch.common.outbox.NotificationStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the due notifications of one channel out of the outbox and has them delivered, for as long as it runs. How it claims,
 * waits and drains is {@link ClaimLoop}'s, never more claimed than can be started at once.
 *
 * <p>While the database or the channel is away the loop rests, longer with each time in a row; so an outage costs a few
 * attempts, not one for each notification that waits.
 *
 * <p>Lives on one event-loop context: call every method there.
 */
public final class DeliveryLoop {

    private static final Logger log = LoggerFactory.getLogger(DeliveryLoop.class);

    private static final int WHILE_REFUSED = 6;

    private final Database database;
    private final NotificationStore store;
    private final NotificationChannel channel;
    private final ChannelDelivery delivery;
    private final Duration lease;
    /** With the database and with the channel together: while one is away, the other cannot be said to be well. */
    private final OutageBackoff troubles;

    private final ClaimLoop<ClaimedDelivery> loop;
    private ChannelDelivery.Channel able = ChannelDelivery.Channel.ABLE;

    /** @param random spreads the rests */
    public DeliveryLoop(
            Vertx vertx,
            Database database,
            NotificationStore store,
            NotificationChannel channel,
            ChannelDelivery delivery,
            DeliveryLimits limits,
            RandomGenerator random) {
        this.database = database;
        this.store = store;
        this.channel = channel;
        this.delivery = delivery;
        this.lease = limits.lease();
        this.troubles = new OutageBackoff(random);
        this.loop = new ClaimLoop<>(vertx, limits.ofLoop(), new DueDeliveries());
    }

    /** Begins; a loop runs once. */
    public void start() {
        loop.start();
    }

    /** Something was committed: looks soon, unless it is busy, full or resting. */
    public void nudge() {
        loop.nudge();
    }

    /**
     * Claims no more.
     *
     * @return ends when everything on its way is settled
     */
    public Future<Void> stop() {
        return loop.stop();
    }

    private final class DueDeliveries implements ClaimLoop.Work<ClaimedDelivery> {

        @Override
        public Future<List<ClaimedDelivery>> claim(int most) {
            // While it is away or refuses us, one is enough to see whether it is back.
            return store.claim(database, channel, isAble() ? most : 1, lease);
        }

        @Override
        public Optional<Duration> begin(List<ClaimedDelivery> claimed) {
            if (isAble()) {
                troubles.over();
            }
            if (claimed.isEmpty()) {
                return Optional.empty();
            }
            List<Future<ChannelDelivery.Channel>> settled = delivery.deliver(claimed);
            for (int i = 0; i < settled.size(); i++) {
                ClaimedDelivery one = claimed.get(i);
                settled.get(i).onComplete(DeliveryLoop.this::settled, cause -> notSettled(one, cause));
            }
            return isAble() ? Optional.empty() : Optional.of(rest());
        }

        @Override
        public Duration claimFailed(Throwable cause) {
            Duration rest = troubles.another();
            if (troubles.worthTelling()) {
                logClaimFailed(cause);
            }
            return rest;
        }

        /** Due again at once, for another notifier. */
        @Override
        public Future<?> giveBack(List<ClaimedDelivery> claimed) {
            return Future.join(claimed.stream()
                    .map(one -> store.retry(database, one, Duration.ZERO, "notifier stopped"))
                    .toList());
        }
    }

    /** An outage needs no stack trace; a fault of ours does. */
    private void logClaimFailed(Throwable cause) {
        boolean ours = Failure.of(cause).kind() == FailureKind.INTERNAL;
        log.warn(
                "notifications.claim_failed",
                kv("channel", channel.wireName()),
                kv("reason", cause.toString()),
                ours ? cause : null);
    }

    private void settled(ChannelDelivery.Channel seen) {
        boolean wasAble = isAble();
        able = seen;
        if (wasAble && !isAble()) {
            // Several attempts fail together; they count as one trouble.
            loop.rest(this::rest);
        }
        loop.settled();
        if (!wasAble && isAble()) {
            troubles.over();
            loop.resume();
        }
    }

    private boolean isAble() {
        return able == ChannelDelivery.Channel.ABLE;
    }

    /** Who refuses us is asked less often: it may count our attempts against us. */
    private Duration rest() {
        Duration rest = troubles.another();
        return able == ChannelDelivery.Channel.REFUSED ? rest.multipliedBy(WHILE_REFUSED) : rest;
    }

    private void notSettled(ClaimedDelivery one, Throwable cause) {
        log.warn(
                "notifications.delivery.not_settled",
                kv("notification_id", one.notificationId()),
                kv("channel", channel.wireName()),
                kv("reason", cause.toString()));
        loop.settled();
    }
}

package io.waxwatch.notifier.delivery;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.outbox.ClaimedDelivery;
import io.waxwatch.common.outbox.NotificationChannel;
import io.waxwatch.common.outbox.NotificationStore;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the due notifications of one channel out of the outbox and has them delivered, for as long as it runs: again at
 * once while something is due and there is room, else when nudged or at the next sweep, which also finds what lost its
 * nudge. One claim at a time, never more on their way than the limits say, and never more claimed than can be started at
 * once, so that no lease runs out in a queue of ours. Any number of loops in any number of processes share one outbox.
 *
 * <p>While the database or the channel is away the loop rests, longer with each time in a row; so an outage costs a few
 * attempts, not one for each notification that waits.
 *
 * <p>Lives on one event-loop context: call every method there.
 */
public final class DeliveryLoop {

    private static final Duration FIRST_REST = Duration.ofMillis(250);
    private static final Duration LONGEST_REST = Duration.ofSeconds(5);
    /** Nudges that come within this time make one claim together. */
    private static final Duration NUDGE_DELAY = Duration.ofMillis(10);

    private static final Logger log = LoggerFactory.getLogger(DeliveryLoop.class);

    private enum State {
        /** Not started, or stopped. */
        STOPPED,
        /** A claim is on its way. */
        CLAIMING,
        /** Nothing was due; the sweep or a nudge starts the next claim. */
        WAITING,
        /** Nudged while waiting; the timer starts the next claim very soon. */
        NUDGED,
        /** No room; the sweep or enough settled deliveries start the next claim. */
        FULL,
        /** The database or the channel is away; only the timer starts the next claim. */
        RESTING
    }

    private final Vertx vertx;
    private final Database database;
    private final NotificationStore store;
    private final NotificationChannel channel;
    private final ChannelDelivery delivery;
    private final DeliveryLimits limits;
    private final RandomGenerator random;

    private State state = State.STOPPED;
    private long timer = -1;
    private boolean nudgedWhileClaiming;
    private boolean channelAway;
    private int troublesInARow;
    private int inFlight;
    private Promise<Void> drained;

    /** @param random spreads the rests */
    public DeliveryLoop(
            Vertx vertx,
            Database database,
            NotificationStore store,
            NotificationChannel channel,
            ChannelDelivery delivery,
            DeliveryLimits limits,
            RandomGenerator random) {
        this.vertx = vertx;
        this.database = database;
        this.store = store;
        this.channel = channel;
        this.delivery = delivery;
        this.limits = limits;
        this.random = random;
    }

    /** Begins; a loop runs once. */
    public void start() {
        claim();
    }

    /** Something was committed: looks soon, unless it is busy, full or resting. */
    public void nudge() {
        if (state == State.CLAIMING) {
            nudgedWhileClaiming = true;
        } else if (state == State.WAITING) {
            await(State.NUDGED, NUDGE_DELAY);
        }
    }

    /**
     * Claims no more.
     *
     * @return ends when everything on its way is settled
     */
    public Future<Void> stop() {
        cancelTimer();
        drained = Promise.promise();
        boolean claiming = state == State.CLAIMING;
        state = State.STOPPED;
        if (!claiming) {
            completeIfDrained();
        }
        return drained.future();
    }

    private void claim() {
        int room = limits.parallel() - inFlight;
        if (room <= 0) {
            await(State.FULL, limits.sweep());
            return;
        }
        cancelTimer();
        state = State.CLAIMING;
        nudgedWhileClaiming = false;
        store.claim(database, channel, Math.min(limits.batch(), room), limits.lease())
                .onComplete(this::claimed, this::claimFailed);
    }

    private void claimed(List<ClaimedDelivery> claimed) {
        if (state == State.STOPPED) {
            giveBack(claimed);
            return;
        }
        if (!channelAway) {
            troublesInARow = 0;
        }
        if (claimed.isEmpty()) {
            State next = nudgedWhileClaiming ? State.NUDGED : State.WAITING;
            await(next, nudgedWhileClaiming ? NUDGE_DELAY : limits.sweep());
            return;
        }
        inFlight += claimed.size();
        List<Future<ChannelDelivery.Channel>> settled = delivery.deliver(claimed);
        for (int i = 0; i < settled.size(); i++) {
            ClaimedDelivery one = claimed.get(i);
            settled.get(i).onComplete(this::settled, cause -> notSettled(one, cause));
        }
        if (channelAway) {
            rest();
        } else {
            claim();
        }
    }

    private void claimFailed(Throwable cause) {
        if (state == State.STOPPED) {
            completeIfDrained();
            return;
        }
        if (troublesInARow % 8 == 0) {
            boolean ours = Failure.of(cause).kind() == FailureKind.INTERNAL;
            log.warn(
                    "notifications.claim_failed",
                    kv("channel", channel.wireName()),
                    kv("reason", cause.toString()),
                    ours ? cause : null);
        }
        rest();
    }

    private void settled(ChannelDelivery.Channel able) {
        inFlight--;
        if (able == ChannelDelivery.Channel.AWAY) {
            // Several attempts fail together; they count as one trouble.
            if (!channelAway && state != State.CLAIMING && state != State.STOPPED) {
                rest();
            }
            channelAway = true;
        } else if (channelAway) {
            channelAway = false;
            troublesInARow = 0;
            if (state == State.RESTING) {
                claim();
            }
        }
        goOn();
    }

    private void notSettled(ClaimedDelivery one, Throwable cause) {
        inFlight--;
        log.warn(
                "notifications.delivery.not_settled",
                kv("notification_id", one.notificationId()),
                kv("channel", channel.wireName()),
                kv("reason", cause.toString()));
        goOn();
    }

    private void goOn() {
        if (state == State.STOPPED) {
            completeIfDrained();
        } else if (state == State.FULL && limits.parallel() - inFlight >= limits.refill()) {
            claim();
        }
    }

    private void rest() {
        long longest = Math.min(LONGEST_REST.toMillis(), FIRST_REST.toMillis() << Math.min(troublesInARow, 10));
        troublesInARow++;
        await(State.RESTING, Duration.ofMillis(longest / 2 + random.nextLong(longest / 2 + 1)));
    }

    /** What came too late to be delivered is due again at once, for another notifier. */
    private void giveBack(List<ClaimedDelivery> claimed) {
        List<Future<Void>> given = claimed.stream()
                .map(one -> store.retry(database, one, Duration.ZERO, "notifier stopped"))
                .toList();
        Future.join(given).onComplete(done -> completeIfDrained());
    }

    private void completeIfDrained() {
        if (drained != null && inFlight == 0) {
            drained.tryComplete();
        }
    }

    private void await(State next, Duration longest) {
        cancelTimer();
        state = next;
        timer = vertx.setTimer(Math.max(1, longest.toMillis()), id -> {
            timer = -1;
            claim();
        });
    }

    private void cancelTimer() {
        if (timer != -1) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
    }
}

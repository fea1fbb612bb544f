package io.waxwatch.notifier.delivery;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.outbox.ClaimedDelivery;
import io.waxwatch.common.outbox.NotificationStore;
import io.waxwatch.common.outbox.SuppressedAddresses;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Writes down what became of a delivery, and is stubborn about it: what was delivered but not written down is delivered a
 * second time. It tries for as long as the lease lasts; the fence makes a late or repeated try harmless.
 */
public final class Settlement {

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Database database;
    private final NotificationStore store;
    private final SuppressedAddresses suppressed = new SuppressedAddresses();
    private final int tries;

    /** @param lease of the deliveries that are settled */
    public Settlement(Vertx vertx, Database database, NotificationStore store, Duration lease) {
        this.vertx = vertx;
        this.database = database;
        this.store = store;
        this.tries = (int) Math.max(1, lease.dividedBy(PAUSE));
    }

    /** These were delivered. */
    public Future<Void> sent(List<ClaimedDelivery> deliveries) {
        return stubbornly(() -> store.sent(database, deliveries), tries);
    }

    /** This one will be tried again after the pause. */
    public Future<Void> retry(
            ClaimedDelivery delivery, Duration pause, String error, NotificationStore.Counted counted) {
        return stubbornly(() -> store.retry(database, delivery, pause, error, counted), tries);
    }

    /**
     * This one ends undelivered.
     *
     * @param failure why, for its reader; null when there is nothing to tell
     */
    public Future<Void> giveUp(ClaimedDelivery delivery, String failure) {
        return stubbornly(() -> store.giveUp(database, delivery, failure), tries);
    }

    /** No more mails to this address, and this one ends undelivered. */
    public Future<Void> suppress(ClaimedDelivery delivery, String failure) {
        return stubbornly(() -> suppressed.add(database, delivery.email(), failure), tries)
                .compose(added -> giveUp(delivery, failure));
    }

    private Future<Void> stubbornly(Supplier<Future<Void>> write, int triesLeft) {
        return write.get().recover(cause -> {
            boolean mayPass = Failure.of(cause).kind() == FailureKind.UNAVAILABLE;
            if (!mayPass || triesLeft <= 1) {
                return Future.failedFuture(cause);
            }
            return vertx.timer(PAUSE.toMillis(), TimeUnit.MILLISECONDS)
                    .compose(paused -> stubbornly(write, triesLeft - 1));
        });
    }
}

package io.waxwatch.notifier.delivery;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.waxwatch.common.claims.OutageBackoff;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.outbox.ClaimedDelivery;
import io.waxwatch.common.outbox.NotificationStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the mails that are on their way ours for as long as that takes, and writes down those that were accepted. A mail host may take
 * ten minutes over one mail, many times a lease; who lets the lease end has the mail sent by somebody else meanwhile.
 *
 * <p>One statement at a time: acceptances that come while one is on its way are written together by the next, so a busy host costs few
 * commits, and two statements never wait for each other's rows. What was accepted is written down however long the database is away.
 *
 * <p>Lives on one event-loop context: call every method there.
 */
public final class MailLedger {

    private static final Logger log = LoggerFactory.getLogger(MailLedger.class);

    /** A lease is made longer so many times before it would end. */
    private static final int RENEWALS_A_LEASE = 3;

    private final Vertx vertx;
    private final Database database;
    private final NotificationStore store;
    private final Duration lease;
    private final OutageBackoff troubles;

    private final Map<UUID, ClaimedDelivery> held = new HashMap<>();
    private List<Accepted> accepted = new ArrayList<>();
    private boolean renewalDue;
    private boolean writing;
    private long timer = -1;

    private record Accepted(ClaimedDelivery delivery, Promise<Void> written) {}

    /**
     * @param lease of the deliveries that it is given
     * @param random spreads the rests while the database is away
     */
    public MailLedger(Vertx vertx, Database database, NotificationStore store, Duration lease, RandomGenerator random) {
        this.vertx = vertx;
        this.database = database;
        this.store = store;
        this.lease = lease;
        this.troubles = new OutageBackoff(random);
    }

    /** Begins to renew leases. */
    public void start() {
        timer = vertx.setPeriodic(Math.max(1, lease.dividedBy(RENEWALS_A_LEASE).toMillis()), id -> {
            renewalDue = true;
            write();
        });
    }

    /** Renews no more. */
    public void stop() {
        vertx.cancelTimer(timer);
    }

    /** From now on these stay ours. */
    public void hold(List<ClaimedDelivery> deliveries) {
        deliveries.forEach(delivery -> held.put(delivery.notificationId(), delivery));
    }

    /** Whether it still is, as far as we know: a process that was frozen may have lost it. */
    public boolean holds(ClaimedDelivery delivery) {
        ClaimedDelivery ours = held.get(delivery.notificationId());
        return ours != null && ours.fence() == delivery.fence();
    }

    /** It ended in another way than by being accepted. */
    public void release(ClaimedDelivery delivery) {
        held.remove(delivery.notificationId(), delivery);
    }

    /** The host took it over; ends when that is written down, and does not fail. */
    public Future<Void> accepted(ClaimedDelivery delivery) {
        Promise<Void> written = Promise.promise();
        accepted.add(new Accepted(delivery, written));
        write();
        return written.future();
    }

    private void write() {
        if (writing) {
            return;
        }
        if (renewalDue && !held.isEmpty()) {
            renew();
        } else if (!accepted.isEmpty()) {
            settle();
        }
    }

    private void renew() {
        writing = true;
        renewalDue = false;
        var asked = List.copyOf(held.values());
        store.renew(database, asked, lease)
                .onComplete(
                        still -> {
                            asked.stream()
                                    .filter(one -> !still.contains(one.notificationId()))
                                    .forEach(this::lost);
                            next();
                        },
                        cause -> again(cause, () -> renewalDue = true));
    }

    private void lost(ClaimedDelivery delivery) {
        if (held.remove(delivery.notificationId(), delivery)) {
            log.warn("notifications.email.lease_lost", kv("notification_id", delivery.notificationId()));
        }
    }

    private void settle() {
        writing = true;
        List<Accepted> batch = accepted;
        accepted = new ArrayList<>();
        store.accepted(database, batch.stream().map(Accepted::delivery).toList())
                .onComplete(
                        settled -> {
                            batch.forEach(one -> release(one.delivery()));
                            batch.forEach(one -> one.written().complete());
                            next();
                        },
                        cause -> again(cause, () -> accepted.addAll(0, batch)));
    }

    private void next() {
        troubles.over();
        writing = false;
        write();
    }

    private void again(Throwable cause, Runnable putBack) {
        putBack.run();
        Duration rest = troubles.another();
        if (troubles.worthTelling()) {
            log.warn(
                    "notifications.email.not_written_down",
                    kv("waiting", accepted.size()),
                    kv("reason", cause.toString()));
        }
        vertx.setTimer(Math.max(1, rest.toMillis()), id -> {
            writing = false;
            write();
        });
    }
}

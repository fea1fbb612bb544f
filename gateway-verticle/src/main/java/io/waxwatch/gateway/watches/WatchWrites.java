package io.waxwatch.gateway.watches;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.bus.Wire.NotificationReady;
import io.waxwatch.common.bus.Wire.WatchesChanged;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.outbox.EventStore;
import io.waxwatch.common.outbox.NewEvent;
import io.waxwatch.common.watches.WatchKind;
import io.waxwatch.common.watches.WatchRevisions;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * The one shape of every change of a rule or watch release: a transaction whose steps lock in one order, and nudges on
 * the bus after its commit.
 *
 * <p>The order is: the row itself and its polls; then the revision, which from there to the commit keeps ingests out; then
 * the events. Events come after the revision because an ingest too takes the watch lock first and a user's stream counter
 * second: the other way round the two would wait for each other.
 */
public final class WatchWrites {

    private final Database database;
    private final WatchRevisions revisions;
    private final EventStore events;
    private final Bus bus;

    public WatchWrites(Database database, WatchRevisions revisions, EventStore events, Bus bus) {
        this.database = database;
        this.revisions = revisions;
        this.events = events;
        this.bus = bus;
    }

    /**
     * What a transaction did.
     *
     * @param revision of the change; 0 when nothing changed
     * @param events how many events were appended
     */
    public record Outcome<T>(T value, long revision, int events) {

        /** Nothing was changed, so that nobody needs to hear of it. */
        public static <T> Outcome<T> unchanged(T value) {
            return new Outcome<>(value, 0, 0);
        }
    }

    /** Runs the work in one transaction, again if it lost a race, and tells the bus after the commit. */
    public <T> Future<T> run(Function<SqlConnection, Future<Outcome<T>>> work) {
        return database.repeatedTransaction(work).map(outcome -> {
            if (outcome.revision() > 0) {
                bus.publish(Topics.WATCHES_CHANGED, new WatchesChanged(outcome.revision()));
            }
            if (outcome.events() > 0) {
                bus.nudge(Topics.NOTIFICATION_READY, new NotificationReady(outcome.events()));
            }
            return outcome.value();
        });
    }

    /** Records the change and appends its events: the last steps of the work, but for a delete. */
    public Future<Long> record(SqlConnection connection, WatchKind kind, UUID id, List<NewEvent> news) {
        return revisions
                .record(connection, kind, List.of(id))
                .compose(revision -> events.append(connection, news).map(revision));
    }
}

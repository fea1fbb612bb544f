package io.waxwatch.gateway.watches;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.bus.BusMessage.NotificationReady;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.outbox.EventStore;
import io.waxwatch.common.outbox.NewEvent;
import io.waxwatch.common.watches.WatchKind;
import io.waxwatch.common.watches.WatchNumbering;
import io.waxwatch.common.watches.WatchRevisions;
import io.waxwatch.gateway.http.ApiException;
import io.waxwatch.gateway.http.ApiResponse;
import io.waxwatch.gateway.idempotency.IdempotencyStore;
import io.waxwatch.gateway.idempotency.IdempotentRequest;
import io.waxwatch.gateway.users.UserStore;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * The one shape of every change of a rule or watch release: a transaction whose steps lock in one order, and nudges after
 * its commit.
 *
 * <p>The order is: the owner's account; the row itself and its polls; the announcement of the change, which locks nothing;
 * then the events. After the commit the change is numbered, and the numbering waits for ingests in flight, not the collector.
 * Only the end of an account draws its revision at once ({@link #record}), before its events: an ingest too takes the watch
 * lock first and a user's stream counter second, and the other way round the two would wait for each other.
 */
public final class WatchWrites {

    private final Database database;
    private final WatchRevisions revisions;
    private final EventStore events;
    private final Bus bus;
    private final UserStore users;
    private final WatchNumbering numbering;
    private final IdempotencyStore repeats = new IdempotencyStore();

    public WatchWrites(Database database, WatchRevisions revisions, EventStore events, Bus bus) {
        this.database = database;
        this.revisions = revisions;
        this.events = events;
        this.bus = bus;
        this.users = new UserStore(database);
        this.numbering = new WatchNumbering(database, revisions, bus);
    }

    /**
     * What a transaction did.
     *
     * @param changed whether it has changed a watch, which is then announced or recorded
     * @param events how many events were appended
     */
    public record Outcome<T>(T value, boolean changed, int events) {

        /** Nothing was changed, so that nobody needs to hear of it. */
        public static <T> Outcome<T> unchanged(T value) {
            return new Outcome<>(value, false, 0);
        }

        /** A watch was changed. */
        public static <T> Outcome<T> changed(T value, int events) {
            return new Outcome<>(value, true, events);
        }

        /** The same with another value. */
        public <V> Outcome<V> map(Function<T, V> mapper) {
            return new Outcome<>(mapper.apply(value), changed, events);
        }
    }

    /**
     * Changes watches of this owner: {@link #run} that begins with the owner's account. Who has none has no watches
     * either, and the work finds none.
     *
     * @return fails with 403 for an account that is no longer active
     */
    public <T> Future<T> runFor(UUID owner, Function<SqlConnection, Future<Outcome<T>>> work) {
        return run(connection -> hold(connection, owner).compose(known -> work.apply(connection)));
    }

    /** Keeps the account as it is until the commit; answers whether there is one. */
    private Future<Boolean> hold(SqlConnection connection, UUID owner) {
        return users.hold(connection, owner).map(active -> {
            if (!active.orElse(true)) {
                throw ApiException.http(403, "User account is inactive");
            }
            return active.isPresent();
        });
    }

    /**
     * Creates a watch once, however often the request comes: {@link #runFor} that remembers its answer if the caller gave a
     * key, and gives the same answer again.
     *
     * @return fails with 401 for an owner without an account, whose watch could not be stored
     */
    public Future<ApiResponse> create(
            IdempotentRequest request, Function<SqlConnection, Future<Outcome<ApiResponse>>> work) {
        return run(connection -> hold(connection, request.userId())
                .compose(known -> {
                    if (!known) {
                        throw ApiException.http(401, "Unknown user");
                    }
                    return repeats.begin(connection, request);
                })
                .compose(earlier -> earlier.isPresent()
                        ? Future.succeededFuture(Outcome.unchanged(earlier.get()))
                        : work.apply(connection)
                                .compose(created -> repeats.keep(connection, request, created.value())
                                        .map(created))));
    }

    /** Runs the work in one transaction, again if it lost a race; numbers what it changed and tells the bus after the commit. */
    public <T> Future<T> run(Function<SqlConnection, Future<Outcome<T>>> work) {
        return database.repeatedTransaction(work).map(outcome -> {
            if (outcome.changed()) {
                numbering.nudge();
            }
            if (outcome.events() > 0) {
                bus.nudge(Topics.NOTIFICATION_READY, new NotificationReady(outcome.events()));
            }
            return outcome.value();
        });
    }

    /**
     * Announces the change and appends its events: the last steps of the work, but for a delete.
     *
     * @param backfill whether the watch is to look over the stored listings
     */
    public Future<Void> announce(
            SqlConnection connection, WatchKind kind, UUID id, boolean backfill, List<NewEvent> news) {
        return revisions
                .announce(connection, kind, id, backfill)
                .compose(announced -> events.append(connection, news))
                .mapEmpty();
    }

    /** Records at once that these changed, so that no ingest in flight brings news of them later. */
    public Future<Void> record(SqlConnection connection, WatchKind kind, List<UUID> ids) {
        return ids.isEmpty()
                ? Future.succeededFuture()
                : revisions.record(connection, kind, ids).mapEmpty();
    }
}

package io.waxwatch.gateway.watchreleases;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.waxwatch.common.matching.ReleaseWatch.Mode;
import io.waxwatch.common.outbox.EventType;
import io.waxwatch.common.outbox.NewEvent;
import io.waxwatch.common.polls.PollPlanner;
import io.waxwatch.common.polls.PollSpec;
import io.waxwatch.common.polls.PollStore;
import io.waxwatch.common.watches.WatchKind;
import io.waxwatch.gateway.http.ApiException;
import io.waxwatch.gateway.http.ApiResponse;
import io.waxwatch.gateway.idempotency.IdempotentRequest;
import io.waxwatch.gateway.watches.WatchAllowanceStore;
import io.waxwatch.gateway.watches.WatchWrites;
import io.waxwatch.gateway.watches.WatchWrites.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Changes of watched releases: the row, the floor poll that serves it, its backfill, its revision and its events, all or nothing. */
final class WatchReleases {

    private final WatchReleaseStore store;
    private final WatchWrites writes;
    private final PollStore polls;
    private final PollPlanner planner;
    private final WatchAllowanceStore room;

    WatchReleases(
            WatchReleaseStore store,
            WatchWrites writes,
            PollStore polls,
            PollPlanner planner,
            WatchAllowanceStore room) {
        this.room = room;
        this.store = store;
        this.writes = writes;
        this.polls = polls;
        this.planner = planner;
    }

    /** Watches a release; the answer to a request that comes again is the first one's. */
    Future<ApiResponse> create(
            IdempotentRequest request, ReleaseState state, Function<WatchRelease, ApiResponse> answer) {
        return writes.create(
                request,
                connection -> insert(connection, request.userId(), state).map(made -> made.map(answer)));
    }

    private Future<Outcome<WatchRelease>> insert(SqlConnection connection, UUID userId, ReleaseState given) {
        return priced(connection, userId, given)
                .compose(state -> store.lockResting(connection, userId, state)
                        .compose(resting -> resting.isPresent()
                                ? revive(connection, userId, resting.get(), state)
                                : add(connection, userId, state)));
    }

    private Future<Outcome<WatchRelease>> add(SqlConnection connection, UUID userId, ReleaseState state) {
        return store.insert(connection, userId, state)
                .compose(release -> room.forRelease(connection, userId).map(release))
                .compose(release -> settle(
                        connection,
                        release,
                        List.of(NewEvent.ofRelease(userId, EventType.WATCH_RELEASE_CREATED, release.id()))));
    }

    /** Who deletes a watch lays it to rest, and who adds it again means what is said now. */
    private Future<Outcome<WatchRelease>> revive(
            SqlConnection connection, UUID userId, WatchRelease resting, ReleaseState state) {
        return store.update(connection, resting.id(), state)
                .compose(release -> settle(connection, release, events(userId, resting.id(), resting.state(), state)));
    }

    /** In the owner's currency of now, if the owner has named none; the account is held by now. */
    private Future<ReleaseState> priced(SqlConnection connection, UUID userId, ReleaseState given) {
        return given.currency() == null
                ? store.currency(connection, userId).map(owners -> given.priced(owners.orElse(null)))
                : Future.succeededFuture(given);
    }

    /** Fails with 404 for one that is not there or somebody else's; a change that changes nothing leaves no trace. */
    Future<WatchRelease> change(UUID userId, UUID id, UnaryOperator<ReleaseState> patch) {
        return writes.runFor(
                userId,
                connection -> store.lock(connection, userId, id)
                        .map(WatchReleases::found)
                        .compose(before -> {
                            ReleaseState after = patch.apply(before.state());
                            if (after.equals(before.state())) {
                                return Future.succeededFuture(Outcome.unchanged(before));
                            }
                            return store.update(connection, id, after)
                                    .compose(release ->
                                            settle(connection, release, events(userId, id, before.state(), after)));
                        }));
    }

    static WatchRelease found(Optional<WatchRelease> release) {
        return release.orElseThrow(() -> ApiException.http(404, "Watch release not found"));
    }

    /** Discogs shows the floor of one release; a master has none, so nothing can be polled for it. */
    private Future<Outcome<WatchRelease>> settle(
            SqlConnection connection, WatchRelease release, List<NewEvent> events) {
        ReleaseState state = release.state();
        List<PollSpec> specs = state.active() && state.mode() == Mode.EXACT
                ? List.of(planner.forRelease(state.releaseId(), state.currency()))
                : List.of();
        return polls.serveRelease(connection, release.id(), specs)
                .compose(served -> writes.announce(connection, WatchKind.RELEASE, release.id(), state.active(), events))
                .map(announced -> Outcome.changed(release, events.size()));
    }

    private static List<NewEvent> events(UUID userId, UUID id, ReleaseState before, ReleaseState after) {
        var events = new ArrayList<NewEvent>();
        events.add(NewEvent.ofRelease(userId, EventType.WATCH_RELEASE_UPDATED, id));
        if (after.active() != before.active()) {
            EventType flip = after.active() ? EventType.WATCH_RELEASE_ENABLED : EventType.WATCH_RELEASE_DISABLED;
            events.add(NewEvent.ofRelease(userId, flip, id));
        }
        return events;
    }
}

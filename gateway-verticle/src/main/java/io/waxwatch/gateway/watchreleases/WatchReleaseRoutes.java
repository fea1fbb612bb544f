package io.waxwatch.gateway.watchreleases;

import io.vertx.core.Future;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.polls.PollPlanner;
import io.waxwatch.common.polls.PollStore;
import io.waxwatch.gateway.http.ApiResponse;
import io.waxwatch.gateway.idempotency.IdempotentRequest;
import io.waxwatch.gateway.pagination.Page;
import io.waxwatch.gateway.routing.Call;
import io.waxwatch.gateway.routing.Routes;
import io.waxwatch.gateway.users.Users;
import io.waxwatch.gateway.validation.Violations;
import io.waxwatch.gateway.watches.WatchAllowanceStore;
import io.waxwatch.gateway.watches.WatchWrites;
import java.util.UUID;

/** {@code /api/watch-releases}. */
public final class WatchReleaseRoutes {

    private final WatchReleaseStore store;
    private final WatchReleases releases;
    private final ReleaseMasters masters;
    private final Users users;

    public WatchReleaseRoutes(
            Database database,
            Bus bus,
            PollPlanner planner,
            WatchWrites writes,
            WatchAllowanceStore room,
            Users users) {
        this.store = new WatchReleaseStore(database);
        this.releases = new WatchReleases(store, writes, new PollStore(), planner, room);
        this.masters = new ReleaseMasters(bus);
        this.users = users;
    }

    public void mount(Routes routes) {
        routes.operation("create_watch_release_api_watch_releases_post").to(this::create);
        routes.operation("list_watch_releases_api_watch_releases_get").to(this::list);
        routes.operation("get_watch_release_api_watch_releases__watch_release_id__get")
                .to(this::get);
        routes.operation("update_watch_release_api_watch_releases__watch_release_id__patch")
                .to(this::patch);
        routes.operation("disable_watch_release_api_watch_releases__watch_release_id__delete")
                .to(this::disable);
    }

    private Future<ApiResponse> create(Call call) {
        ReleaseState release = ReleaseInput.create(call);
        IdempotentRequest request = IdempotentRequest.of(call);
        return users.requireRow(call.caller())
                .compose(known -> masters.complete(call, release))
                .compose(complete -> releases.create(
                        request, complete, created -> ApiResponse.created(json -> WatchRelease.write(json, created))));
    }

    private Future<ApiResponse> list(Call call) {
        Page page = Page.of(call);
        return store.list(call.userId(), page)
                .map(found -> page.answer(call, found, WatchRelease::write, WatchRelease::cursor));
    }

    private Future<ApiResponse> get(Call call) {
        return store.find(call.userId(), call.pathId("watch_release_id"))
                .map(WatchReleases::found)
                .map(WatchReleaseRoutes::answer);
    }

    private Future<ApiResponse> patch(Call call) {
        var violations = new Violations();
        UUID id = call.pathId("watch_release_id", violations);
        ReleaseInput.Patch patch = ReleaseInput.Patch.of(call, violations);
        // Looked up before anything is locked.
        return store.find(call.userId(), id)
                .map(WatchReleases::found)
                .compose(before -> masters.complete(call, patch.applyTo(before.state())))
                .compose(complete ->
                        releases.change(call.userId(), id, before -> withMaster(patch.applyTo(before), complete)))
                .map(WatchReleaseRoutes::answer);
    }

    private static ReleaseState withMaster(ReleaseState after, ReleaseState complete) {
        if (!after.lacksMaster()) {
            return after;
        }
        if (after.releaseId() != complete.releaseId() || complete.lacksMaster()) {
            throw ReleaseMasters.unresolved();
        }
        return after.withMaster(complete.masterId());
    }

    /** Soft: the release rests, and may be watched again. */
    private Future<ApiResponse> disable(Call call) {
        return releases.change(call.userId(), call.pathId("watch_release_id"), ReleaseState::resting)
                .map(WatchReleaseRoutes::answer);
    }

    private static ApiResponse answer(WatchRelease release) {
        return ApiResponse.ok(json -> WatchRelease.write(json, release));
    }
}

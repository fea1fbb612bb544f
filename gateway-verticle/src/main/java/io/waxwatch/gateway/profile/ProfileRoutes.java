package io.waxwatch.gateway.profile;

import io.vertx.core.Future;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.outbox.EventStore;
import io.waxwatch.common.polls.PollPlanner;
import io.waxwatch.gateway.auth.Access;
import io.waxwatch.gateway.http.ApiResponse;
import io.waxwatch.gateway.http.Timestamps;
import io.waxwatch.gateway.routing.Call;
import io.waxwatch.gateway.routing.Routes;
import io.waxwatch.gateway.users.Users;
import io.waxwatch.gateway.watches.WatchWrites;
import io.waxwatch.gateway.watchrules.WatchRuleStore;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

/** {@code /api/me}: the caller's own account. */
public final class ProfileRoutes {

    private final ProfileStore store;
    private final Accounts accounts;

    /** @param marketplaces wire names of those in use, in the contract's order */
    public ProfileRoutes(
            List<String> marketplaces,
            Database database,
            EventStore events,
            PollPlanner planner,
            WatchWrites writes,
            Users users) {
        this.store = new ProfileStore(database, marketplaces);
        this.accounts =
                new Accounts(database, events, store, users, writes, new WatchRuleStore(database, planner.sweepKey()));
    }

    public void mount(Routes routes) {
        routes.operation("get_me_api_me_get").to(this::get);
        routes.operation("patch_me_api_me_patch").to(this::patch);
        routes.operation("lift_email_suppression_api_me_email_suppression_delete")
                .to(this::liftSuppression);
        routes.operation("logout_me_api_me_logout_post").to(this::signOut);
        routes.operation("deactivate_me_api_me_delete").to(this::deactivate);
        routes.operation("hard_delete_me_api_me_hard_delete_delete")
                .access(Access.ALSO_INACTIVE)
                .to(this::delete);
    }

    private Future<ApiResponse> get(Call call) {
        return store.find(call.userId()).map(Accounts::found).map(ProfileRoutes::answer);
    }

    private Future<ApiResponse> patch(Call call) {
        return accounts.change(call.userId(), ProfilePatch.of(call)).map(ProfileRoutes::answer);
    }

    private Future<ApiResponse> liftSuppression(Call call) {
        return store.liftSuppression(call.userId())
                .compose(lifted -> store.find(call.userId()))
                .map(Accounts::found)
                .map(ProfileRoutes::answer);
    }

    private Future<ApiResponse> signOut(Call call) {
        Instant issuedAt = call.caller().issuedAt();
        // Tokens count in whole seconds, and the issuer's clock may be ahead: the one at hand must not outlive this.
        OffsetDateTime atLeast =
                issuedAt == null ? null : issuedAt.plusSeconds(1).atOffset(ZoneOffset.UTC);
        return accounts.signOut(call.userId(), atLeast)
                .map(done -> ApiResponse.ok(json -> {
                    json.startObject();
                    json.bool("success", true);
                    json.startObject("marker");
                    json.uuid("user_id", call.userId());
                    json.text("logged_out_at", Timestamps.offset(done.at()));
                    json.text("invalidate_before", Timestamps.offset(done.invalidateBefore()));
                    json.endObject();
                    json.endObject();
                }));
    }

    private Future<ApiResponse> deactivate(Call call) {
        return accounts.deactivate(call.userId()).map(at -> done("deactivated_at", at));
    }

    private Future<ApiResponse> delete(Call call) {
        return accounts.delete(call.userId()).map(at -> done("deleted_at", at));
    }

    private static ApiResponse answer(Profile profile) {
        return ApiResponse.ok(json -> Profile.write(json, profile));
    }

    private static ApiResponse done(String name, OffsetDateTime at) {
        return ApiResponse.ok(json -> {
            json.startObject();
            json.bool("success", true);
            json.time(name, at);
            json.endObject();
        });
    }
}

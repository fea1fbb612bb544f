package io.waxwatch.gateway.watchrules;

import io.vertx.core.Future;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.matching.Decision;
import io.waxwatch.common.matching.RuleMatcher;
import io.waxwatch.common.polls.PollPlanner;
import io.waxwatch.common.providers.EnabledProviders;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.gateway.http.ApiException;
import io.waxwatch.gateway.http.ApiResponse;
import io.waxwatch.gateway.http.JsonWriter;
import io.waxwatch.gateway.listings.ListingJson;
import io.waxwatch.gateway.pagination.Page;
import io.waxwatch.gateway.routing.Call;
import io.waxwatch.gateway.routing.Routes;
import io.waxwatch.gateway.throttle.RateLimitScope;
import io.waxwatch.gateway.validation.BodyFields;
import io.waxwatch.gateway.validation.Violations;
import io.waxwatch.gateway.watchrules.RuleFindingStore.Pair;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;

/** What a rule has found, what one would find, and why a listing is or is not among it. */
public final class RuleFindingRoutes {

    private final RuleFindingStore store;
    private final RulePreview preview;
    private final RuleInput input;

    public RuleFindingRoutes(
            Settings settings,
            Database database,
            PollPlanner planner,
            EnabledProviders enabled,
            Clock clock,
            LongSupplier nanoClock) {
        this.store = new RuleFindingStore(database);
        this.preview = new RulePreview(store, planner, RulePreview.Limits.DEFAULT, clock, nanoClock);
        this.input = RuleInput.from(settings, enabled);
    }

    public void mount(Routes routes) {
        routes.operation("list_rule_matches_api_watch_rules__rule_id__matches_get")
                .scopes(RateLimitScope.WATCH_RULES)
                .to(this::matches);
        routes.operation("preview_rule_api_watch_rules_preview_post")
                .scopes(RateLimitScope.WATCH_RULES)
                .to(this::preview);
        routes.operation("explain_rule_api_watch_rules__rule_id__explain_post")
                .scopes(RateLimitScope.WATCH_RULES)
                .to(this::explain);
    }

    private Future<ApiResponse> matches(Call call) {
        Page page = Page.of(call);
        return store.matches(call.userId(), call.pathId("rule_id"), page)
                .map(WatchRules::found)
                .map(matches -> page.answer(call, matches, RuleMatch::write, RuleMatch::cursor));
    }

    private Future<ApiResponse> preview(Call call) {
        return preview.of(call.userId(), input.preview(call)).map(previewed -> ApiResponse.ok(previewed::write));
    }

    private Future<ApiResponse> explain(Call call) {
        var violations = new Violations();
        UUID ruleId = call.pathId("rule_id", violations);
        BodyFields body = call.create(violations).require("listing_id");
        Optional<UUID> listingId = body.uuid("listing_id");
        violations.refuseIfAny();
        return store.pair(call.userId(), ruleId, listingId.orElseThrow())
                .map(WatchRules::found)
                .map(pair -> {
                    if (pair.listing() == null) {
                        throw ApiException.http(404, "listing not found");
                    }
                    return ApiResponse.ok(json -> explain(json, ruleId, pair));
                });
    }

    private static void explain(JsonWriter json, UUID ruleId, Pair pair) {
        Decision decision = RuleMatcher.decide(pair.query(), pair.listing().offer());
        json.startObject();
        json.uuid("rule_id", ruleId);
        json.uuid("listing_id", pair.listing().id());
        json.bool("matched", decision.matched());
        json.bool("is_active", pair.active());
        DecisionJson.clauses(json, decision);
        json.name("listing");
        ListingJson.write(json, pair.listing());
        json.endObject();
    }
}

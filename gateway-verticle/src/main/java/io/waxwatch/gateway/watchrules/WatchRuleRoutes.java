package io.waxwatch.gateway.watchrules;

import io.vertx.core.Future;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.polls.PollPlanner;
import io.waxwatch.common.providers.EnabledProviders;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.gateway.http.ApiResponse;
import io.waxwatch.gateway.idempotency.IdempotentRequest;
import io.waxwatch.gateway.pagination.Page;
import io.waxwatch.gateway.routing.Call;
import io.waxwatch.gateway.routing.Routes;
import io.waxwatch.gateway.throttle.RateLimitScope;
import io.waxwatch.gateway.users.Users;
import io.waxwatch.gateway.validation.Violations;
import java.util.UUID;

/** {@code /api/watch-rules}. */
public final class WatchRuleRoutes {

    private final WatchRuleStore store;
    private final WatchRules rules;
    private final RuleInput input;
    private final Users users;

    public WatchRuleRoutes(
            Settings settings,
            Database database,
            PollPlanner planner,
            WatchRules rules,
            EnabledProviders enabled,
            Users users) {
        this.store = new WatchRuleStore(database, planner.sweepKey());
        this.rules = rules;
        this.input = RuleInput.from(settings, enabled);
        this.users = users;
    }

    public void mount(Routes routes) {
        routes.operation("create_rule_api_watch_rules_post")
                .scopes(RateLimitScope.WATCH_RULES)
                .to(this::create);
        routes.operation("list_rules_api_watch_rules_get")
                .scopes(RateLimitScope.WATCH_RULES)
                .to(this::list);
        routes.operation("get_rule_api_watch_rules__rule_id__get")
                .scopes(RateLimitScope.WATCH_RULES)
                .to(this::get);
        routes.operation("patch_rule_api_watch_rules__rule_id__patch")
                .scopes(RateLimitScope.WATCH_RULES)
                .to(this::patch);
        routes.operation("disable_rule_explicit_api_watch_rules__rule_id__disable_post")
                .scopes(RateLimitScope.WATCH_RULES)
                .to(this::disable);
        routes.operation("disable_rule_api_watch_rules__rule_id__delete")
                .scopes(RateLimitScope.WATCH_RULES)
                .to(this::disable);
        routes.operation("delete_rule_hard_api_watch_rules__rule_id__hard_delete")
                .scopes(RateLimitScope.WATCH_RULES)
                .to(this::delete);
    }

    private Future<ApiResponse> create(Call call) {
        RuleState rule = input.create(call);
        IdempotentRequest request = IdempotentRequest.of(call);
        return users.requireRow(call.caller())
                .compose(known -> rules.create(
                        request, rule, created -> ApiResponse.created(json -> WatchRule.write(json, created))));
    }

    private Future<ApiResponse> list(Call call) {
        Page page = Page.of(call);
        return store.list(call.userId(), page)
                .map(found -> page.answer(call, found, WatchRule::write, WatchRule::cursor));
    }

    private Future<ApiResponse> get(Call call) {
        return store.find(call.userId(), call.pathId("rule_id"))
                .map(WatchRules::found)
                .map(WatchRuleRoutes::answer);
    }

    private Future<ApiResponse> patch(Call call) {
        var violations = new Violations();
        UUID ruleId = call.pathId("rule_id", violations);
        RuleInput.Patch patch = input.patch(call, violations);
        return rules.change(call.userId(), ruleId, patch).map(WatchRuleRoutes::answer);
    }

    private Future<ApiResponse> disable(Call call) {
        return rules.change(call.userId(), call.pathId("rule_id"), RuleInput.disable())
                .map(WatchRuleRoutes::answer);
    }

    private Future<ApiResponse> delete(Call call) {
        return rules.delete(call.userId(), call.pathId("rule_id")).map(deleted -> ApiResponse.noContent());
    }

    private static ApiResponse answer(WatchRule rule) {
        return ApiResponse.ok(json -> WatchRule.write(json, rule));
    }
}

package io.waxwatch.gateway.watchrules;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.polls.PollPlanner;
import io.waxwatch.common.providers.EnabledProviders;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.gateway.http.ApiResponse;
import io.waxwatch.gateway.http.Call;
import io.waxwatch.gateway.http.Routes;
import io.waxwatch.gateway.idempotency.IdempotentRequest;
import io.waxwatch.gateway.pagination.Page;
import io.waxwatch.gateway.throttle.RateLimitScope;
import io.waxwatch.gateway.users.Users;
import io.waxwatch.gateway.validation.Violations;
import java.util.UUID;

/** {@code /api/watch-rules}. */
public final class WatchRuleRoutes {

    private static final String ALL = "/api/watch-rules";
    private static final String ONE = ALL + "/:rule_id";

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
        this.store = new WatchRuleStore(database, planner.sweep().key());
        this.rules = rules;
        this.input = RuleInput.from(settings, enabled);
        this.users = users;
    }

    public void mount(Routes routes) {
        routes.add(HttpMethod.POST, ALL, RateLimitScope.WATCH_RULES, this::create);
        routes.add(HttpMethod.GET, ALL, RateLimitScope.WATCH_RULES, this::list);
        routes.add(HttpMethod.GET, ONE, RateLimitScope.WATCH_RULES, this::get);
        routes.add(HttpMethod.PATCH, ONE, RateLimitScope.WATCH_RULES, this::patch);
        routes.add(HttpMethod.POST, ONE + "/disable", RateLimitScope.WATCH_RULES, this::disable);
        routes.add(HttpMethod.DELETE, ONE, RateLimitScope.WATCH_RULES, this::disable);
        routes.add(HttpMethod.DELETE, ONE + "/hard", RateLimitScope.WATCH_RULES, this::delete);
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

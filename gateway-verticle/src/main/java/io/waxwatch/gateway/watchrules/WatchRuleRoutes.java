package io.waxwatch.gateway.watchrules;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.polls.PollPlanner;
import io.waxwatch.common.providers.EnabledProviders;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.gateway.http.Answer;
import io.waxwatch.gateway.http.Call;
import io.waxwatch.gateway.http.Routes;
import io.waxwatch.gateway.idempotency.Repeatable;
import io.waxwatch.gateway.pagination.Page;
import io.waxwatch.gateway.throttle.Scope;
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
        routes.add(HttpMethod.POST, ALL, Scope.WATCH_RULES, this::create);
        routes.add(HttpMethod.GET, ALL, Scope.WATCH_RULES, this::list);
        routes.add(HttpMethod.GET, ONE, Scope.WATCH_RULES, this::get);
        routes.add(HttpMethod.PATCH, ONE, Scope.WATCH_RULES, this::patch);
        routes.add(HttpMethod.POST, ONE + "/disable", Scope.WATCH_RULES, this::disable);
        routes.add(HttpMethod.DELETE, ONE, Scope.WATCH_RULES, this::disable);
        routes.add(HttpMethod.DELETE, ONE + "/hard", Scope.WATCH_RULES, this::delete);
    }

    private Future<Answer> create(Call call) {
        RuleState rule = input.create(call);
        Repeatable request = Repeatable.of(call);
        return users.requireRow(call.caller())
                .compose(known ->
                        rules.create(request, rule, created -> Answer.created(json -> WatchRule.write(json, created))));
    }

    private Future<Answer> list(Call call) {
        Page page = Page.of(call);
        return store.list(call.userId(), page)
                .map(found -> page.answer(call, found, WatchRule::write, WatchRule::cursor));
    }

    private Future<Answer> get(Call call) {
        return store.find(call.userId(), call.pathId("rule_id"))
                .map(WatchRules::found)
                .map(WatchRuleRoutes::answer);
    }

    private Future<Answer> patch(Call call) {
        var violations = new Violations();
        UUID ruleId = call.pathId("rule_id", violations);
        RuleInput.Patch patch = input.patch(call, violations);
        return rules.change(call.userId(), ruleId, patch).map(WatchRuleRoutes::answer);
    }

    private Future<Answer> disable(Call call) {
        return rules.change(call.userId(), call.pathId("rule_id"), RuleInput.disable())
                .map(WatchRuleRoutes::answer);
    }

    private Future<Answer> delete(Call call) {
        return rules.delete(call.userId(), call.pathId("rule_id")).map(deleted -> Answer.noContent());
    }

    private static Answer answer(WatchRule rule) {
        return Answer.ok(json -> WatchRule.write(json, rule));
    }
}

package io.waxwatch.gateway.watchrules;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.matching.RuleQuery;
import io.waxwatch.common.outbox.EventType;
import io.waxwatch.common.outbox.NewEvent;
import io.waxwatch.common.polls.PollKey;
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

/** Changes of rules: the row, the polls that serve it, its announcement and its events, all or nothing. */
public final class WatchRules {

    private final WatchRuleStore store;
    private final WatchWrites writes;
    private final PollStore polls;
    private final PollPlanner planner;
    private final WatchAllowanceStore room;

    public WatchRules(Database database, PollPlanner planner, WatchWrites writes, WatchAllowanceStore room) {
        this.store = new WatchRuleStore(database, planner.sweepKey());
        this.writes = writes;
        this.polls = new PollStore();
        this.planner = planner;
        this.room = room;
    }

    /** Makes a rule; the answer to a request that comes again is the first one's. */
    public Future<ApiResponse> create(
            IdempotentRequest request, RuleState rule, Function<WatchRule, ApiResponse> answer) {
        return writes.create(
                request,
                connection -> insert(connection, request.userId(), rule).map(made -> made.map(answer)));
    }

    private Future<Outcome<WatchRule>> insert(SqlConnection connection, UUID userId, RuleState given) {
        return priced(connection, userId, given)
                .compose(rule -> store.insert(connection, userId, rule)
                        .compose(id -> serve(connection, id, rule)
                                .compose(served -> room.forRule(connection, userId))
                                .compose(fits -> room.forQuery(connection, userId))
                                .compose(fits -> writes.announce(
                                        connection,
                                        WatchKind.RULE,
                                        id,
                                        rule.active(),
                                        List.of(NewEvent.ofRule(userId, EventType.RULE_CREATED, id))))
                                .compose(announced -> answer(connection, userId, id, 1))));
    }

    /** The currency in which this collector means the prices that come without one; empty for none named. */
    public Future<Optional<String>> currencyOf(UUID userId) {
        return store.currency(userId);
    }

    /** With the bounds in the owner's currency of now, if the owner has named none; the account is held by now. */
    private Future<RuleState> priced(SqlConnection connection, UUID userId, RuleState rule) {
        return rule.lacksCurrency()
                ? store.currency(connection, userId).map(owners -> rule.priced(owners.orElse(null)))
                : Future.succeededFuture(rule);
    }

    /** Fails with 404 for a rule that is not there or somebody else's; a change that changes nothing leaves no trace. */
    Future<WatchRule> change(UUID userId, UUID ruleId, RuleInput.Patch patch) {
        return writes.runFor(
                userId,
                connection -> locked(connection, userId, ruleId)
                        .compose(before -> priced(connection, userId, patch.applyTo(before))
                                .compose(after -> change(connection, userId, ruleId, before, after))));
    }

    private Future<Outcome<WatchRule>> change(
            SqlConnection connection, UUID userId, UUID ruleId, RuleState before, RuleState after) {
        if (after.equals(before)) {
            return store.find(connection, userId, ruleId).map(Outcome::unchanged);
        }
        List<NewEvent> events = events(userId, ruleId, before, after);
        boolean asksMore = !queries(before).containsAll(queries(after));
        return store.update(connection, ruleId, after)
                .compose(updated -> serve(connection, ruleId, after))
                .compose(served -> asksMore ? room.forQuery(connection, userId) : Future.succeededFuture())
                .compose(fits -> writes.announce(connection, WatchKind.RULE, ruleId, after.active(), events))
                .compose(announced -> answer(connection, userId, ruleId, events.size()));
    }

    /** Deletes for good; the event keeps the rule's id and name in its payload, for its reference will be gone. */
    Future<Void> delete(UUID userId, UUID ruleId) {
        return writes.runFor(
                userId,
                connection -> locked(connection, userId, ruleId).compose(rule -> {
                    var payload =
                            new JsonObject().put("rule_id", ruleId.toString()).put("rule_name", rule.name());
                    var event = new NewEvent(userId, EventType.RULE_DELETED, null, ruleId, null, payload);
                    return polls.serveRule(connection, ruleId, List.of())
                            .compose(served ->
                                    writes.announce(connection, WatchKind.RULE, ruleId, false, List.of(event)))
                            .compose(announced ->
                                    store.delete(connection, ruleId).map(Outcome.<Void>changed(null, 1)));
                }));
    }

    private Future<RuleState> locked(SqlConnection connection, UUID userId, UUID ruleId) {
        return store.lock(connection, userId, ruleId).map(WatchRules::found);
    }

    static <T> T found(Optional<T> rule) {
        return rule.orElseThrow(() -> ApiException.http(404, "Watch rule not found"));
    }

    /** Plans the polls, none for a paused rule. */
    private Future<Void> serve(SqlConnection connection, UUID ruleId, RuleState rule) {
        return polls.serveRule(connection, ruleId, specs(rule));
    }

    private List<PollSpec> specs(RuleState rule) {
        return rule.active()
                ? planner.forRule(RuleQuery.fromStored(rule.query()), rule.pollIntervalSeconds())
                : List.of();
    }

    private List<PollKey> queries(RuleState rule) {
        return specs(rule).stream().map(PollSpec::key).toList();
    }

    private static List<NewEvent> events(UUID userId, UUID ruleId, RuleState before, RuleState after) {
        var events = new ArrayList<NewEvent>();
        events.add(NewEvent.ofRule(userId, EventType.RULE_UPDATED, ruleId));
        if (after.active() != before.active()) {
            EventType flip = after.active() ? EventType.RULE_ENABLED : EventType.RULE_DISABLED;
            events.add(NewEvent.ofRule(userId, flip, ruleId));
        }
        return events;
    }

    private Future<Outcome<WatchRule>> answer(SqlConnection connection, UUID userId, UUID ruleId, int events) {
        return store.find(connection, userId, ruleId).map(rule -> Outcome.changed(rule, events));
    }
}

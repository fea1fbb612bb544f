package io.waxwatch.gateway.search;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.waxwatch.common.bus.BusMessage.SearchAnswered;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.matching.RuleQuery;
import io.waxwatch.common.providers.EnabledProviders;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.gateway.http.ApiResponse;
import io.waxwatch.gateway.idempotency.IdempotentRequest;
import io.waxwatch.gateway.outbound.EbayLinks;
import io.waxwatch.gateway.routing.Call;
import io.waxwatch.gateway.routing.Routes;
import io.waxwatch.gateway.throttle.RateLimitScope;
import io.waxwatch.gateway.users.Users;
import io.waxwatch.gateway.validation.Violations;
import io.waxwatch.gateway.watchrules.RuleState;
import io.waxwatch.gateway.watchrules.WatchRule;
import io.waxwatch.gateway.watchrules.WatchRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /api/search}: what the marketplaces have at this moment, and a rule made of a search. */
public final class SearchRoutes {

    private static final Logger log = LoggerFactory.getLogger(SearchRoutes.class);

    private final SearchInput input;
    private final ProviderSearches searches;
    private final SearchListingStore stored;
    private final SearchJson json;
    private final AlertInput alerts;
    private final WatchRules rules;
    private final Users users;

    public SearchRoutes(
            Settings settings,
            Database database,
            EnabledProviders enabled,
            ProviderSearches searches,
            WatchRules rules,
            Users users) {
        this.input = new SearchInput(enabled);
        this.searches = searches;
        this.stored = new SearchListingStore(database);
        this.json = new SearchJson(EbayLinks.from(settings));
        this.alerts = new AlertInput(settings, input);
        this.rules = rules;
        this.users = users;
    }

    public void mount(Routes routes) {
        routes.operation("search_listings_api_search_post")
                .scopes(RateLimitScope.SEARCH)
                .to(this::search);
        routes.operation("save_alert_api_search_save_alert_post")
                .scopes(RateLimitScope.SEARCH)
                .to(this::saveAlert);
    }

    private Future<ApiResponse> saveAlert(Call call) {
        RuleState rule = alerts.read(call);
        IdempotentRequest request = IdempotentRequest.of(call);
        return users.requireRow(call.caller())
                .compose(known ->
                        rules.create(request, rule, created -> ApiResponse.ok(json -> WatchRule.write(json, created))));
    }

    private Future<ApiResponse> search(Call call) {
        var violations = new Violations();
        SearchQuery query = input.read(call.create(violations));
        violations.refuseIfAny();
        return searches.bounded(call.userId(), () -> judged(call, query).compose(rule -> ask(call, query, rule)))
                .compose(results ->
                        stored.ids(results.items()).map(ids -> ApiResponse.ok(out -> json.write(out, results, ids))));
    }

    /** What the alert would ask that can be saved from this search. */
    private Future<RuleQuery> judged(Call call, SearchQuery query) {
        return query.isPriced()
                ? rules.currencyOf(call.userId()).map(owners -> query.judged(owners.orElse(null)))
                : Future.succeededFuture(query.judged(null));
    }

    /** All marketplaces at once; one that fails is reported beside what the others found. */
    private Future<SearchResults> ask(Call call, SearchQuery query, RuleQuery rule) {
        Map<String, Future<SearchAnswered>> asked = new LinkedHashMap<>();
        for (String provider : query.providers()) {
            asked.put(provider, searches.ask(provider, query.words(), call.userId(), call.requestId()));
        }
        return Future.join(List.copyOf(asked.values()))
                .transform(all -> Future.succeededFuture(gather(call, query, rule, asked)));
    }

    private static SearchResults gather(
            Call call, SearchQuery query, RuleQuery rule, Map<String, Future<SearchAnswered>> asked) {
        List<SearchAnswered> answers = new ArrayList<>();
        Map<String, String> errors = new LinkedHashMap<>();
        asked.forEach((provider, answer) -> {
            if (answer.succeeded()) {
                answers.add(answer.result());
            } else {
                String text = text(provider, answer.cause());
                log.warn(
                        "search.provider_failed",
                        kv("request_id", call.requestId()),
                        kv("provider", provider),
                        kv("error", text));
                errors.put(provider, text);
            }
        });
        return SearchResults.of(query, rule, answers, errors);
    }

    /** Names the marketplace, for people see this text alone. */
    private static String text(String provider, Throwable cause) {
        String title = Provider.fromWireName(provider).orElseThrow().title();
        String text = Failure.of(cause).getMessage();
        return text.startsWith(title) ? text : title + ": " + text;
    }
}

package io.waxwatch.gateway.search;

import io.waxwatch.common.matching.Criteria;
import io.waxwatch.common.matching.RuleQuery;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.gateway.routing.Call;
import io.waxwatch.gateway.validation.BodyFields;
import io.waxwatch.gateway.validation.Violations;
import io.waxwatch.gateway.watchrules.RuleState;
import java.util.Map;
import java.util.Optional;

/** Reads a search that is to become a rule. */
final class AlertInput {

    private static final int DEFAULT_INTERVAL_SECONDS = 600;
    private static final int MAX_NAME = 120;

    private final SearchInput searches;
    private final int minIntervalSeconds;
    private final int maxIntervalSeconds;

    AlertInput(Settings settings, SearchInput searches) {
        this.searches = searches;
        this.minIntervalSeconds = (int)
                settings.get(SettingsCatalog.RULE_MIN_POLL_INTERVAL_SECONDS).toSeconds();
        this.maxIntervalSeconds = (int)
                settings.get(SettingsCatalog.RULE_MAX_POLL_INTERVAL_SECONDS).toSeconds();
    }

    RuleState read(Call call) {
        var violations = new Violations();
        BodyFields body = call.create(violations).require("name").require("query");
        Optional<String> name = body.name("name", MAX_NAME);
        Optional<SearchQuery> query = body.fields("query").map(this::toKeep);
        int interval = (int) body.whole("poll_interval_seconds", minIntervalSeconds, maxIntervalSeconds)
                .orElse(DEFAULT_INTERVAL_SECONDS);
        violations.refuseIfAny();
        return new RuleState(name.orElseThrow(), query.orElseThrow().asRule(), true, interval);
    }

    /** A search may do without words, and a rule that was made without any is not finished; but who gives a list gives a word. */
    private SearchQuery toKeep(BodyFields query) {
        SearchQuery search = searches.read(query);
        if (query.has("keywords") && search.keywords().stream().allMatch(String::isBlank)) {
            Criteria.faultOfWords(RuleQuery.fromStored(Map.of())).ifPresent(fault -> query.refuse("keywords", fault));
        }
        return search;
    }
}

package io.waxwatch.gateway.watchrules;

import io.vertx.core.json.JsonObject;
import io.waxwatch.common.json.KeptJson;
import io.waxwatch.common.matching.Criteria;
import io.waxwatch.common.matching.Criterion;
import io.waxwatch.common.matching.RuleQuery;
import io.waxwatch.common.providers.EnabledProviders;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.gateway.http.ApiException;
import io.waxwatch.gateway.routing.Call;
import io.waxwatch.gateway.validation.BodyFields;
import io.waxwatch.gateway.validation.Violations;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads and checks what callers send about rules, in the contract's words. */
final class RuleInput {

    private static final List<String> QUERY = List.of("body", "query");
    /** The conditions that the contract checks in a change by themselves. */
    private static final Set<Criterion> OF_CONTRACT =
            Set.of(Criteria.SEARCH_TEXT, Criteria.MAX_PRICE, Criteria.SOURCES, Criteria.KEYWORDS);

    private static final String CURRENCY = Criteria.CURRENCY.key();
    private static final int DEFAULT_INTERVAL_SECONDS = 600;
    private static final int MAX_NAME = 120;
    private static final int MAX_QUERY_BYTES = 4096;

    private final List<String> enabled;
    private final int minIntervalSeconds;
    private final int maxIntervalSeconds;

    /**
     * @param enabled wire names of those that a rule looks at which names none
     */
    RuleInput(List<String> enabled, int minIntervalSeconds, int maxIntervalSeconds) {
        this.enabled = enabled;
        this.minIntervalSeconds = minIntervalSeconds;
        this.maxIntervalSeconds = maxIntervalSeconds;
    }

    /** As the settings say. */
    static RuleInput from(Settings settings, EnabledProviders enabled) {
        return new RuleInput(
                enabled.wireNames(),
                (int) settings.get(SettingsCatalog.RULE_MIN_POLL_INTERVAL_SECONDS)
                        .toSeconds(),
                (int) settings.get(SettingsCatalog.RULE_MAX_POLL_INTERVAL_SECONDS)
                        .toSeconds());
    }

    /** A new rule; without sources it looks at every enabled marketplace. */
    RuleState create(Call call) {
        var violations = new Violations();
        return state(call.create(violations).require("name"), violations);
    }

    /** A rule that is only thought of, which need not have a name yet. */
    RuleState preview(Call call) {
        var violations = new Violations();
        return state(call.create(violations), violations);
    }

    private RuleState state(BodyFields body, Violations violations) {
        Optional<String> name = body.name("name", MAX_NAME);
        Map<String, Object> query = body.object("query")
                .map(given -> checked(given, false, violations))
                .orElseGet(LinkedHashMap::new);
        boolean active = body.bool("is_active").orElse(true);
        int interval = (int) body.whole("poll_interval_seconds", minIntervalSeconds, maxIntervalSeconds)
                .orElse(DEFAULT_INTERVAL_SECONDS);
        violations.refuseIfAny();
        query.putIfAbsent("sources", enabled);
        return new RuleState(name.orElse(""), query, active, interval);
    }

    /** A change of a rule: what is absent or null stays, but for keys of the query, where null removes. */
    record Patch(
            Optional<String> name,
            Optional<Map<String, Object>> query,
            Optional<Boolean> active,
            Optional<Integer> interval) {

        /**
         * What a change leaves as it was is not judged: a rule of long ago can be renamed and paused, whatever it asks for.
         *
         * @throws ApiException (400) if the rule would lose its sources, or keep what only an adopted one can have; (422) if
         *     its changed query could not do what it says
         */
        RuleState applyTo(RuleState rule) {
            var merged = new LinkedHashMap<>(rule.query());
            query.ifPresent(changes -> {
                if (changes.containsKey("sources") && changes.get("sources") == null) {
                    throw ApiException.http(400, "query.sources cannot be removed");
                }
                changes.forEach((key, value) -> {
                    if (value == null) {
                        merged.remove(key);
                    } else {
                        merged.put(key, value);
                    }
                });
                if (!(merged.get("sources") instanceof List<?> sources) || sources.isEmpty()) {
                    throw ApiException.http(400, "query.sources must remain a non-empty list");
                }
                checkMerged(merged);
                if (!merged.equals(rule.query())) {
                    judge(merged, KeptJson.bytes(rule.query()));
                }
            });
            boolean defaulted = rule.currencyDefaulted()
                    && Objects.equals(merged.get(CURRENCY), rule.query().get(CURRENCY));
            if (defaulted && merged.get("min_price") == null && merged.get("max_price") == null) {
                // It came with the bound, and goes with it: the next one is meant in the currency of its own time.
                merged.remove(CURRENCY);
                defaulted = false;
            }
            return new RuleState(
                    name.orElse(rule.name()),
                    merged,
                    active.orElse(rule.active()),
                    interval.orElse(rule.pollIntervalSeconds()),
                    defaulted);
        }
    }

    private static void judge(Map<String, Object> query, long bytesBefore) {
        var violations = new Violations();
        Criteria.fault(query)
                .or(() -> tooLarge(query, bytesBefore))
                .ifPresent(fault -> violations.value(QUERY, fault, new JsonObject(query)));
        violations.refuseIfAny();
    }

    /** Keys that no rule knows are kept, and counted: a rule's row is read by everybody who matches. */
    private static Optional<String> tooLarge(Map<String, Object> query, long bytesBefore) {
        long bytes = KeptJson.bytes(query);
        return bytes <= Math.max(MAX_QUERY_BYTES, bytesBefore)
                ? Optional.empty()
                : Optional.of(
                        "query may have " + MAX_QUERY_BYTES + " bytes as JSON, with every number written out, and has "
                                + bytes + "; leave out keywords, or keys of your own");
    }

    /** What a caller gives is normal by now, but what was stored by others may not be. */
    private static void checkMerged(Map<String, Object> query) {
        Stream.of(Criteria.KEYWORDS, Criteria.MAX_PRICE)
                .filter(criterion -> query.get(criterion.key()) != null)
                .map(criterion -> criterion.fault(query.get(criterion.key())))
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> excess(query))
                .ifPresent(fault -> {
                    throw ApiException.http(400, fault);
                });
    }

    Patch patch(Call call, Violations violations) {
        BodyFields body = call.patch(violations);
        Optional<String> name = body.name("name", MAX_NAME);
        Optional<Map<String, Object>> query = body.object("query").map(given -> checked(given, true, violations));
        Optional<Boolean> active = body.bool("is_active");
        var interval = body.whole("poll_interval_seconds", minIntervalSeconds, maxIntervalSeconds);
        violations.refuseIfAny();
        return new Patch(
                name, query, active, interval.isPresent() ? Optional.of((int) interval.getAsLong()) : Optional.empty());
    }

    static Patch disable() {
        return new Patch(Optional.empty(), Optional.empty(), Optional.of(false), Optional.empty());
    }

    /** Checks what is given and brings it into its normal form; the first fault is the one reported. */
    private static Map<String, Object> checked(Map<String, Object> query, boolean patch, Violations violations) {
        var normal = new LinkedHashMap<>(query);
        normalise(normal, patch)
                .or(() -> excess(normal))
                // A change is judged together with what it changes.
                .or(() -> patch ? Optional.empty() : Criteria.fault(normal).or(() -> tooLarge(normal, 0)))
                .ifPresent(fault -> violations.value(QUERY, fault, new JsonObject(query)));
        return normal;
    }

    /** In a change, null removes a condition; in a new rule some may not be null. */
    private static Optional<String> normalise(Map<String, Object> query, boolean patch) {
        for (Criterion criterion : Criteria.asChecked()) {
            String key = criterion.key();
            if (!query.containsKey(key) || (patch && query.get(key) == null)) {
                continue;
            }
            Object given = query.get(key);
            Optional<String> fault = given == null ? criterion.faultOfNull() : criterion.fault(given);
            if (fault.isPresent()) {
                if (patch && !OF_CONTRACT.contains(criterion)) {
                    // A rule of long ago may have it already; it is judged with the merged query, if that is another
                    // one.
                    continue;
                }
                return fault;
            }
            if (given != null) {
                query.put(key, criterion.normal(given));
            } else if (criterion == Criteria.KEYWORDS) {
                // The contract's: the only one that null leaves out.
                query.remove(key);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> excess(Map<String, Object> query) {
        return RuleQuery.fromStored(query).excess().map(excess -> "query.keywords and query.q: " + excess);
    }
}

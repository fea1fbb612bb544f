package io.waxwatch.gateway.watchrules;

import io.vertx.core.json.JsonObject;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.matching.RuleFaults;
import io.waxwatch.common.matching.RuleQuery;
import io.waxwatch.common.providers.EnabledProviders;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.gateway.http.ApiException;
import io.waxwatch.gateway.routing.Call;
import io.waxwatch.gateway.validation.BodyFields;
import io.waxwatch.gateway.validation.Violations;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Reads and checks what callers send about rules, in the contract's words. */
final class RuleInput {

    private static final List<String> QUERY = List.of("body", "query");
    private static final String CURRENCY = "currency";
    private static final int DEFAULT_INTERVAL_SECONDS = 600;
    private static final int MAX_NAME = 120;
    private static final int MAX_QUERY_BYTES = 4096;

    /** The marketplaces there are, in the contract's order. */
    private static final List<String> PROVIDERS = List.of(Provider.DISCOGS.wireName(), Provider.EBAY.wireName());

    private final List<String> providers;
    private final List<String> enabled;
    private final int minIntervalSeconds;
    private final int maxIntervalSeconds;

    /**
     * @param providers wire names of those a rule may name
     * @param enabled wire names of those that a rule looks at which names none
     */
    RuleInput(List<String> providers, List<String> enabled, int minIntervalSeconds, int maxIntervalSeconds) {
        this.providers = providers;
        this.enabled = enabled;
        this.minIntervalSeconds = minIntervalSeconds;
        this.maxIntervalSeconds = maxIntervalSeconds;
    }

    /** As the settings say. */
    static RuleInput from(Settings settings, EnabledProviders enabled) {
        return new RuleInput(
                PROVIDERS,
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
        Optional<String> name = body.text("name", 1, MAX_NAME);
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
         * What a change leaves as it was is not judged: a rule of long ago can be renamed and laid to rest, whatever it asks for.
         *
         * @throws ApiException (400) if the rule would lose its sources, or keep what only an adopted one can have; (422) if its
         *     changed query could not do what it says
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
                    judge(merged, bytes(rule.query()));
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

    private static void judge(Map<String, Object> query, int bytesBefore) {
        var violations = new Violations();
        RuleFaults.first(query)
                .or(() -> tooLarge(query, bytesBefore))
                .ifPresent(fault -> violations.value(QUERY, fault, new JsonObject(query)));
        violations.refuseIfAny();
    }

    /** Keys that no rule knows are kept, and counted: a rule's row is read by everybody who matches. */
    private static Optional<String> tooLarge(Map<String, Object> query, int bytesBefore) {
        int bytes = bytes(query);
        return bytes <= Math.max(MAX_QUERY_BYTES, bytesBefore)
                ? Optional.empty()
                : Optional.of("query may have " + MAX_QUERY_BYTES + " bytes as JSON, and has " + bytes
                        + "; leave out keywords, or keys of your own");
    }

    private static int bytes(Map<String, Object> query) {
        return new JsonObject(query).toBuffer().length();
    }

    /** What a caller gives is normal by now, but what was stored by others may not be. */
    private static void checkMerged(Map<String, Object> query) {
        try {
            var copy = new LinkedHashMap<>(query);
            normaliseKeywords(copy, true);
            normaliseMaxPrice(copy, true);
            checkSize(copy);
        } catch (QueryFault fault) {
            throw ApiException.http(400, fault.getMessage());
        }
    }

    Patch patch(Call call, Violations violations) {
        BodyFields body = call.patch(violations);
        Optional<String> name = body.text("name", 1, MAX_NAME);
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

    /**
     * Checks in the contract's order (q, max_price, sources, keywords), then what else would keep the rule from doing what it
     * says; the first fault is the one reported.
     */
    private Map<String, Object> checked(Map<String, Object> query, boolean patch, Violations violations) {
        var normal = new LinkedHashMap<>(query);
        try {
            normaliseQ(normal, patch);
            normaliseMaxPrice(normal, patch);
            normaliseSources(normal, patch);
            normaliseKeywords(normal, patch);
            checkSize(normal);
            if (!patch) {
                checkAlone(normal);
            }
        } catch (QueryFault fault) {
            violations.value(QUERY, fault.getMessage(), new JsonObject(query));
        }
        return normal;
    }

    /** A change is judged together with what it changes. */
    private static void checkAlone(Map<String, Object> query) throws QueryFault {
        Optional<String> fault = RuleFaults.first(query).or(() -> tooLarge(query, 0));
        if (fault.isPresent()) {
            throw new QueryFault(fault.get());
        }
    }

    private static final class QueryFault extends Exception {
        private static final long serialVersionUID = 1L;

        QueryFault(String text) {
            super(text, null, false, false);
        }
    }

    private static void normaliseQ(Map<String, Object> query, boolean patch) throws QueryFault {
        if (!query.containsKey("q") || (patch && query.get("q") == null)) {
            return;
        }
        if (!(query.get("q") instanceof String q)) {
            throw new QueryFault("query.q must be a string when provided");
        }
        if (q.isBlank()) {
            throw new QueryFault("query.q must be non-empty when provided");
        }
        query.put("q", normal(q));
    }

    private static void normaliseMaxPrice(Map<String, Object> query, boolean patch) throws QueryFault {
        if (!query.containsKey("max_price") || (patch && query.get("max_price") == null)) {
            return;
        }
        if (!(query.get("max_price") instanceof Number price)) {
            throw new QueryFault("query.max_price must be a numeric value");
        }
        if (price.doubleValue() < 0) {
            throw new QueryFault("query.max_price must be non-negative");
        }
        if (!Double.isFinite(price.doubleValue())) {
            throw new QueryFault("query.max_price must be a numeric value");
        }
        query.put("max_price", price.doubleValue());
    }

    private void normaliseSources(Map<String, Object> query, boolean patch) throws QueryFault {
        if (!query.containsKey("sources") || (patch && query.get("sources") == null)) {
            return;
        }
        if (query.get("sources") == null) {
            throw new QueryFault("query.sources is required and must be a non-empty list");
        }
        if (!(query.get("sources") instanceof List<?> sources) || sources.isEmpty()) {
            throw new QueryFault("query.sources must be a non-empty list");
        }
        var chosen = new LinkedHashSet<String>();
        for (Object source : sources) {
            if (!(source instanceof String text)) {
                throw new QueryFault("query.sources entries must be strings");
            }
            String name = normal(text);
            if (name.isEmpty()) {
                continue;
            }
            if (!providers.contains(name)) {
                throw new QueryFault("Invalid provider source: " + name);
            }
            chosen.add(name);
        }
        if (chosen.isEmpty()) {
            throw new QueryFault("query.sources must contain at least one valid provider");
        }
        query.put("sources", new ArrayList<>(chosen));
    }

    private static void normaliseKeywords(Map<String, Object> query, boolean patch) throws QueryFault {
        if (!query.containsKey("keywords")) {
            return;
        }
        if (query.get("keywords") == null) {
            if (!patch) {
                query.remove("keywords");
            }
            return;
        }
        if (!(query.get("keywords") instanceof List<?> keywords)) {
            throw new QueryFault("query.keywords must be a list when provided");
        }
        var words = new ArrayList<String>();
        for (Object keyword : keywords) {
            if (!(keyword instanceof String text)) {
                throw new QueryFault("query.keywords entries must be strings");
            }
            if (!text.isBlank()) {
                words.add(normal(text));
            }
        }
        if (words.isEmpty() && !keywords.isEmpty()) {
            throw new QueryFault("query.keywords must contain at least one non-empty keyword when provided");
        }
        query.put("keywords", words);
    }

    private static void checkSize(Map<String, Object> query) throws QueryFault {
        Optional<String> excess = RuleQuery.fromStored(query).excess();
        if (excess.isPresent()) {
            throw new QueryFault("query.keywords and query.q: " + excess.get());
        }
    }

    private static String normal(String text) {
        return text.strip().toLowerCase(Locale.ROOT);
    }
}

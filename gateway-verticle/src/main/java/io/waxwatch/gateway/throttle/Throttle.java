package io.waxwatch.gateway.throttle;

import io.micrometer.core.instrument.Counter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.waxwatch.common.redis.RedisDialer;
import io.waxwatch.common.redis.RedisOutage;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.common.telemetry.Metrics;
import io.waxwatch.gateway.http.ApiException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How often somebody may ask. Buckets are in Redis, shared by all gateways; while Redis is off or away each process
 * counts for itself, from where Redis was last heard to be, and goes back by itself. Of one event loop.
 */
public final class Throttle {

    private static final String KEY_PREFIX = "waxwatch:throttle:";
    private static final String LOCAL = "local";
    private static final String REDIS = "redis";
    private static final String ALLOWED = "allowed";
    private static final String REFUSED = "refused";

    private final boolean enabled;
    private final Map<RateLimitScope, Limit> limits = new EnumMap<>(RateLimitScope.class);
    private final LocalBuckets local;
    private final RedisBuckets shared;
    private final Metrics metrics;
    private final Map<String, Counter> counters = new HashMap<>();

    /** @param outage told when this event loop has lost Redis, and when it has it back */
    public Throttle(Vertx vertx, Settings settings, LocalBuckets local, Metrics metrics, RedisOutage outage) {
        this.enabled = settings.get(SettingsCatalog.RATE_LIMIT_ENABLED);
        for (RateLimitScope scope : RateLimitScope.values()) {
            limits.put(scope, scope.limit(settings));
        }
        this.local = local;
        this.metrics = metrics;
        this.shared = settings.find(SettingsCatalog.REDIS_URL)
                .filter(address -> enabled)
                .map(address -> new RedisBuckets(
                        vertx,
                        new RedisDialer(vertx, address, settings.find(SettingsCatalog.REDIS_CA_FILE), "throttle"),
                        settings.get(SettingsCatalog.REDIS_TIMEOUT_MS),
                        outage))
                .orElse(null);
        // There at zero from the start: a rate cannot see the first of what was not there before.
        for (RateLimitScope scope : RateLimitScope.values()) {
            for (String store : shared == null ? List.of(LOCAL) : List.of(REDIS, LOCAL)) {
                counter(scope, ALLOWED, store);
                counter(scope, REFUSED, store);
            }
        }
    }

    public Future<Void> start() {
        return shared == null ? Future.succeededFuture() : shared.start();
    }

    public Future<Void> close() {
        return shared == null ? Future.succeededFuture() : shared.close();
    }

    /**
     * Counts one request, and says on its response what is left.
     *
     * @param principal who asks
     * @param scopes to count it in, all or nothing
     * @return fails with a 429 {@link ApiException}
     */
    public Future<Void> take(HttpServerResponse response, String principal, List<RateLimitScope> scopes) {
        if (!enabled) {
            return Future.succeededFuture();
        }
        List<Ask> asks = scopes.stream().map(scope -> ask(principal, scope)).toList();
        if (shared == null) {
            return settle(response, asks, local.take(asks), LOCAL);
        }
        return shared.take(asks)
                .onSuccess(decision -> local.follow(asks, decision))
                .transform(answer -> answer.succeeded()
                        ? settle(response, asks, answer.result(), REDIS)
                        : settle(response, asks, local.take(asks), LOCAL));
    }

    /** Whether this scope has nothing left, as far as this process knows; costs next to nothing, and counts nothing. */
    public boolean isSpent(String principal, RateLimitScope scope) {
        return enabled && local.isEmpty(key(principal, scope));
    }

    private Ask ask(String principal, RateLimitScope scope) {
        return new Ask(key(principal, scope), scope, limits.get(scope));
    }

    private static String key(String principal, RateLimitScope scope) {
        return KEY_PREFIX + scope.wireName() + ':' + principal;
    }

    private Future<Void> settle(HttpServerResponse response, List<Ask> asks, Decision decision, String store) {
        RateLimitHeaders.write(response, asks, decision);
        for (Ask ask : asks) {
            boolean refusedHere = ask.scope() == decision.refusedBy();
            if (decision.isAllowed() || refusedHere) {
                counter(ask.scope(), refusedHere ? REFUSED : ALLOWED, store).increment();
            }
        }
        if (decision.isAllowed()) {
            return Future.succeededFuture();
        }
        return Future.failedFuture(
                ApiException.rateLimited(decision.refusedBy().wireName(), decision.retryAfterSeconds()));
    }

    private Counter counter(RateLimitScope scope, String outcome, String store) {
        return counters.computeIfAbsent(
                scope.wireName() + outcome + store,
                key -> metrics.counter(
                        Metrics.Name.THROTTLE, "scope", scope.wireName(), "outcome", outcome, "store", store));
    }
}

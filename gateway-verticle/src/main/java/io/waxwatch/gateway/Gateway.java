package io.waxwatch.gateway;

import io.vertx.core.Future;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.http.Readiness;
import io.waxwatch.common.node.ManagementServer;
import io.waxwatch.common.node.Node;
import io.waxwatch.common.outbox.EventStore;
import io.waxwatch.common.outbox.NotificationStore;
import io.waxwatch.common.polls.PollPlanner;
import io.waxwatch.common.redis.RedisOutage;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.common.telemetry.Metrics;
import io.waxwatch.common.watches.WatchRevisions;
import io.waxwatch.gateway.auth.TokenVerifier;
import io.waxwatch.gateway.routing.ReadLanes;
import io.waxwatch.gateway.search.ProviderSearches;
import io.waxwatch.gateway.sessions.Sessions;
import io.waxwatch.gateway.stream.StreamSlots;
import io.waxwatch.gateway.throttle.LocalBuckets;
import io.waxwatch.gateway.throttle.RedisProbe;
import io.waxwatch.gateway.users.UserStore;
import io.waxwatch.gateway.users.Users;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Puts the gateway onto a node: alone in its process, or beside the other verticles in standalone. */
public final class Gateway {

    private Gateway() {}

    /**
     * Deploys one instance per processor.
     *
     * @return the port it listens on
     */
    public static Future<Integer> deploy(Node node, Database database) {
        return deploy(node, database, Runtime.getRuntime().availableProcessors());
    }

    /**
     * The same with a number of instances, each on an event loop of its own.
     *
     * @return the port it listens on; fails with {@code InvalidSettings} when no token issuer is configured
     */
    public static Future<Integer> deploy(Node node, Database database, int instances) {
        return deploy(node, database, instances, Clock.systemUTC());
    }

    /** The same by another clock. */
    public static Future<Integer> deploy(Node node, Database database, int instances, Clock clock) {
        Settings settings = node.settings();
        return Future.succeededFuture(settings).compose(read -> {
            GatewayParts parts = parts(node, database, clock);
            node.onClose("token keys", Duration.ofSeconds(2), parts.tokens()::close);
            node.onClose("browser sessions", Duration.ofSeconds(2), parts.sessions()::close);
            int wanted = settings.get(SettingsCatalog.GATEWAY_PORT);
            var actual = new AtomicInteger();
            return listenForOperators(node, parts.readiness())
                    .compose(listening -> node.deploy(
                            () -> new GatewayVerticle(parts, wanted == 0 ? -1 : wanted, actual::set),
                            instances,
                            settings.get(SettingsCatalog.SHUTDOWN_GRACE_SECONDS)))
                    .map(deployed -> actual.get());
        });
    }

    /** Metrics that are not for everybody need a port of their own. */
    private static Future<?> listenForOperators(Node node, Readiness readiness) {
        return node.settings().areMetricsPublic() ? Future.succeededFuture() : ManagementServer.start(node, readiness);
    }

    static GatewayParts parts(Node node, Database database, Clock clock) {
        Settings settings = node.settings();
        var redisOutage = new RedisOutage("throttle");
        var slots = new StreamSlots(settings.get(SettingsCatalog.STREAM_MAX_PER_USER));
        node.metrics().gauge(Metrics.Name.THROTTLE_DEGRADED, () -> redisOutage.isOn() ? 1 : 0);
        node.metrics().gauge(Metrics.Name.STREAMS, slots::open);
        var tokens = new TokenVerifier(node.vertx(), settings, clock, System::nanoTime);
        var users = new Users(new UserStore(database), settings.get(SettingsCatalog.DEV_AUTO_CREATE_USERS));
        return new GatewayParts(
                settings,
                database,
                node.bus(),
                node.metrics(),
                readiness(node, database, tokens, redisOutage),
                tokens,
                users,
                new Sessions(node.vertx(), settings, database, tokens, users, clock),
                new LocalBuckets(System::nanoTime),
                redisOutage,
                slots,
                new ReadLanes(
                        settings.get(SettingsCatalog.DATABASE_POOL_MAX_SIZE),
                        Runtime.getRuntime().maxMemory()),
                new ProviderSearches(node.bus(), settings),
                PollPlanner.from(settings),
                new WatchRevisions(),
                new EventStore(new NotificationStore()),
                clock,
                System::nanoTime);
    }

    /**
     * Without the database nothing works; without Redis each process counts requests for itself; without the issuer's keys nobody is let
     * in, at any gateway alike, so that taking this one out of service would mend nothing.
     */
    private static Readiness readiness(Node node, Database database, TokenVerifier tokens, RedisOutage outage) {
        var readiness = new Readiness(node.vertx());
        readiness.require("db", database::probe);
        readiness.observe("issuer", tokens::haveKeys);
        return node.settings()
                .find(SettingsCatalog.REDIS_URL)
                .map(address -> {
                    var redis = new RedisProbe(node.vertx(), node.settings(), address, outage);
                    node.onClose("redis probe", Duration.ofSeconds(2), redis::close);
                    return readiness.observe("redis", redis::check);
                })
                .orElseGet(() -> readiness.skip("redis", "redis readiness check skipped because REDIS_URL is blank"));
    }
}

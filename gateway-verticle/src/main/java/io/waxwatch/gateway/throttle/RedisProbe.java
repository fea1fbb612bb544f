package io.waxwatch.gateway.throttle;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.waxwatch.common.redis.RedisDialer;
import io.waxwatch.common.redis.RedisOutage;
import io.waxwatch.common.settings.RedisAddress;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import java.time.Duration;

/**
 * The look at Redis of {@code /readyz}: does what the throttle does, over a connection of its own, so that a server that says
 * PONG and takes no writes is not called well. Safe for all threads.
 */
public final class RedisProbe {

    /** More than a request would wait, as long as a probe may take. */
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private final Context context;
    private final RedisBuckets buckets;
    private final Future<Void> started;

    /** Begins to connect. */
    public RedisProbe(Vertx vertx, Settings settings, RedisAddress address, RedisOutage outage) {
        this.context = vertx.getOrCreateContext();
        this.buckets = new RedisBuckets(
                vertx,
                new RedisDialer(vertx, address, settings.find(SettingsCatalog.REDIS_CA_FILE), "throttle"),
                LIMIT,
                outage);
        Promise<Void> start = Promise.promise();
        context.runOnContext(go -> buckets.start().onComplete(start));
        this.started = start.future();
    }

    /** Fails when a request would not be counted in Redis now. */
    public Future<?> check() {
        Promise<Decision> told = Promise.promise();
        context.runOnContext(
                go -> started.compose(ready -> buckets.take(RedisBuckets.PROBE)).onComplete(told));
        return told.future();
    }

    public Future<Void> close() {
        Promise<Void> closed = Promise.promise();
        context.runOnContext(go -> buckets.close().onComplete(closed));
        return closed.future();
    }
}

package io.waxwatch.gateway.throttle;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisConnection;
import io.waxwatch.common.redis.RedisDialer;
import io.waxwatch.common.redis.RedisLink;
import io.waxwatch.common.redis.RedisOutage;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** The buckets that all gateways share, in Redis: one script call per request, over one held connection. Of one event loop. */
final class RedisBuckets {

    /**
     * Asked of every new connection before it is used, and by the readiness probe: the script itself, on a key that
     * nobody counts in. Never empty, so it always writes.
     */
    static final List<Ask> PROBE = List.of(
            new Ask("waxwatch:throttle:probe", RateLimitScope.GLOBAL_ANONYMOUS, new Limit(1_000_000, 1_000_000)));

    private final RedisLink link;
    private final Duration timeout;

    /** @param timeout longest wait for an answer */
    RedisBuckets(Vertx vertx, RedisDialer dialer, Duration timeout, RedisOutage outage) {
        this.timeout = timeout;
        this.link = new RedisLink(vertx, dialer, fresh -> take(fresh, PROBE), outage, new SplittableRandom());
    }

    /** Connects, now or as soon as it can be; never fails. */
    Future<Void> start() {
        return link.start();
    }

    /** Fails when Redis is away, slow or refuses; then nothing is known, and the local buckets decide. */
    Future<Decision> take(List<Ask> asks) {
        return link.call(connection -> take(connection, asks));
    }

    Future<Void> close() {
        return link.close();
    }

    private Future<Decision> take(RedisConnection on, List<Ask> asks) {
        return BucketScript.run(on, asks)
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .map(answer -> BucketScript.decision(answer, asks));
    }
}

package io.waxwatch.gateway.throttle;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The buckets that all gateways share, in Redis: one script call per request, over one held connection of this event
 * loop, rebuilt with backoff when it breaks or is refused. Of one event loop.
 */
final class RedisBuckets {

    /**
     * Asked of every new connection before it is used, and by the readiness probe: the script itself, on a key that nobody counts
     * in. A replica, a full server and a user without the right to write all say PONG. Never empty, so it always writes.
     */
    static final List<Ask> PROBE = List.of(
            new Ask("waxwatch:throttle:probe", RateLimitScope.GLOBAL_ANONYMOUS, new Limit(1_000_000, 1_000_000)));

    /** A gateway starts without Redis rather than late. */
    private static final long START_LIMIT_MILLIS = 500;

    private static final long FIRST_BACKOFF_MILLIS = 100;
    private static final long MAX_BACKOFF_MILLIS = 5_000;
    private static final long CONNECT_LIMIT_MILLIS = 3_000;
    /** A connection that held so long was a good one; before, what breaks it may do so again and again. */
    private static final long STEADY_MILLIS = 10_000;

    private static final Logger log = LoggerFactory.getLogger(RedisBuckets.class);

    private final Vertx vertx;
    private final RedisDialer dialer;
    private final Duration timeout;
    private final RedisOutage outage;
    private RedisDialer.Attempt attempt;
    private RedisConnection connection;
    private long backoffMillis = FIRST_BACKOFF_MILLIS;
    private boolean isAway;
    private boolean closed;

    /** @param timeout longest wait for an answer */
    RedisBuckets(Vertx vertx, RedisDialer dialer, Duration timeout, RedisOutage outage) {
        this.vertx = vertx;
        this.dialer = dialer;
        this.timeout = timeout;
        this.outage = outage;
    }

    /** Connects, now or as soon as it can be; never fails. */
    Future<Void> start() {
        return connect().timeout(START_LIMIT_MILLIS, TimeUnit.MILLISECONDS).otherwiseEmpty();
    }

    /** Fails when Redis is away, slow or refuses; then nothing is known, and the local buckets decide. */
    Future<Decision> take(List<Ask> asks) {
        RedisConnection present = connection;
        if (present == null) {
            return Future.failedFuture(new RedisAway());
        }
        return take(present, asks).onFailure(cause -> broken(present, cause));
    }

    private Future<Decision> take(RedisConnection on, List<Ask> asks) {
        return on.send(BucketScript.byName(asks))
                .recover(cause -> String.valueOf(cause.getMessage()).startsWith("NOSCRIPT")
                        ? on.send(BucketScript.whole(asks))
                        : Future.failedFuture(cause))
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .map(answer -> BucketScript.decision(answer, asks));
    }

    Future<Void> close() {
        closed = true;
        connection = null;
        if (isAway) {
            isAway = false;
            outage.leave();
        }
        return attempt == null ? Future.succeededFuture() : attempt.close();
    }

    private Future<Void> connect() {
        RedisDialer.Attempt mine = dialer.attempt();
        attempt = mine;
        return Future.succeededFuture(mine)
                .compose(RedisDialer.Attempt::connect)
                // A connection that hangs, or that takes no writes, is no connection; only an answer proves it.
                .compose(fresh -> take(fresh, PROBE).map(fresh))
                .timeout(dialer.limitMillis(CONNECT_LIMIT_MILLIS), TimeUnit.MILLISECONDS)
                .onSuccess(this::connected)
                .onFailure(cause -> {
                    mine.close();
                    if (!closed) {
                        away(cause);
                        reconnectLater();
                    }
                })
                .mapEmpty();
    }

    private void connected(RedisConnection fresh) {
        if (closed) {
            return;
        }
        fresh.exceptionHandler(cause -> broken(fresh, cause));
        fresh.endHandler(ended -> broken(fresh, new IOException("the connection ended")));
        connection = fresh;
        if (isAway) {
            isAway = false;
            outage.end();
        }
        vertx.setTimer(STEADY_MILLIS, later -> {
            if (connection == fresh) {
                backoffMillis = FIRST_BACKOFF_MILLIS;
            }
        });
        log.debug("throttle.redis.connected");
    }

    private void broken(RedisConnection which, Throwable cause) {
        if (closed || connection != which) {
            return;
        }
        connection = null;
        attempt.close();
        away(cause);
        reconnectLater();
    }

    private void away(Throwable cause) {
        if (isAway) {
            outage.goesOn(cause);
        } else {
            isAway = true;
            outage.begin(cause);
        }
        log.debug("throttle.redis.attempt_failed", kv("backoff_ms", backoffMillis));
    }

    private void reconnectLater() {
        if (closed) {
            return;
        }
        long pause = backoffMillis / 2 + ThreadLocalRandom.current().nextLong(backoffMillis / 2 + 1);
        backoffMillis = Math.min(MAX_BACKOFF_MILLIS, backoffMillis * 2);
        vertx.setTimer(Math.max(1, pause), again -> {
            if (!closed) {
                connect();
            }
        });
    }

    /** Nothing was asked of it, because nothing is connected. */
    private static final class RedisAway extends RuntimeException {
        RedisAway() {
            super("redis is away", null, false, false);
        }
    }
}

package io.waxwatch.gateway.throttle;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.waxwatch.common.settings.RedisAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The buckets that all gateways share, in Redis: one script call per request, over one held connection of this event
 * loop, rebuilt with backoff when it breaks. Of one event loop.
 */
final class RedisBuckets {

    /** A gateway starts without Redis rather than late. */
    private static final long START_LIMIT_MILLIS = 500;

    private static final long FIRST_BACKOFF_MILLIS = 100;
    private static final long MAX_BACKOFF_MILLIS = 5_000;
    private static final long CONNECT_LIMIT_SECONDS = 3;

    private static final Logger log = LoggerFactory.getLogger(RedisBuckets.class);

    private final Vertx vertx;
    private final RedisOptions options;
    private final Duration timeout;
    /** One for each attempt: closing it ends whatever the attempt has begun, also a connection that never came to be. */
    private Redis attempt;

    private RedisConnection connection;
    private long backoffMillis = FIRST_BACKOFF_MILLIS;
    private final AtomicInteger away;
    private boolean isAway;
    private boolean closed;

    /** @param away counts the event loops that have lost Redis */
    RedisBuckets(Vertx vertx, RedisAddress address, Duration timeout, AtomicInteger away) {
        this.vertx = vertx;
        this.away = away;
        this.timeout = timeout;
        this.options = new RedisOptions()
                .setConnectionString(address.connectionString())
                .setMaxPoolSize(1)
                .setMaxPoolWaiting(1)
                .setPoolName("throttle")
                .setNetClientOptions(new NetClientOptions().setConnectTimeout(2000));
    }

    /** Connects, now or as soon as it can be; never fails. */
    Future<Void> start() {
        return connect().timeout(START_LIMIT_MILLIS, TimeUnit.MILLISECONDS).otherwiseEmpty();
    }

    /** Fails when Redis is away or slow; then nothing is known, and the local buckets decide. */
    Future<Decision> take(List<Ask> asks) {
        RedisConnection present = connection;
        if (present == null) {
            return Future.failedFuture("redis is away");
        }
        return present.send(BucketScript.byName(asks))
                .recover(cause -> String.valueOf(cause.getMessage()).startsWith("NOSCRIPT")
                        ? present.send(BucketScript.whole(asks))
                        : Future.failedFuture(cause))
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .map(answer -> BucketScript.decision(answer, asks))
                .onFailure(cause -> broken(present, cause));
    }

    Future<Void> close() {
        closed = true;
        connection = null;
        away(false);
        return attempt == null ? Future.succeededFuture() : attempt.close();
    }

    private Future<Void> connect() {
        Redis mine = Redis.createClient(vertx, options);
        attempt = mine;
        return mine.connect()
                // A connection that hangs is no connection; only an answer proves it.
                .compose(fresh -> fresh.send(Request.cmd(Command.PING)).map(fresh))
                .timeout(CONNECT_LIMIT_SECONDS, TimeUnit.SECONDS)
                .onSuccess(this::connected)
                .onFailure(cause -> {
                    mine.close();
                    away(!closed);
                    reconnectLater();
                })
                .mapEmpty();
    }

    private void connected(RedisConnection fresh) {
        if (closed) {
            return;
        }
        fresh.exceptionHandler(cause -> broken(fresh, cause));
        fresh.endHandler(ended -> broken(fresh, null));
        connection = fresh;
        away(false);
        backoffMillis = FIRST_BACKOFF_MILLIS;
        log.info("throttle.redis.connected");
    }

    private void broken(RedisConnection which, Throwable cause) {
        if (closed || connection != which) {
            return;
        }
        connection = null;
        attempt.close();
        away(true);
        log.warn("throttle.redis.away", kv("error", cause == null ? "connection ended" : cause.toString()));
        reconnectLater();
    }

    private void away(boolean now) {
        if (now != isAway) {
            isAway = now;
            away.addAndGet(now ? 1 : -1);
        }
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
}

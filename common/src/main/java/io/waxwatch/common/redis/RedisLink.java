package io.waxwatch.common.redis;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisConnection;
import io.waxwatch.common.failure.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One held connection to Redis, made anew with growing pauses when it breaks or is refused. Of one event loop. */
public final class RedisLink {

    /** A process starts without Redis rather than late. */
    private static final long START_LIMIT_MILLIS = 500;

    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));
    private static final long CONNECT_LIMIT_MILLIS = 3_000;
    /** A connection that held so long was a good one; before, what breaks it may do so again and again. */
    private static final long STEADY_MILLIS = 10_000;

    private static final Logger log = LoggerFactory.getLogger(RedisLink.class);

    private final Vertx vertx;
    private final RedisDialer dialer;
    private final Function<RedisConnection, Future<?>> proof;
    private final RedisOutage outage;
    private final RandomGenerator random;
    private RedisDialer.Attempt attempt;
    private RedisConnection connection;
    private int failures;
    private boolean isAway;
    private boolean closed;

    /**
     * @param proof asked of every new connection before it is used: a replica, a full server and a user without the right
     *     to write all say PONG
     * @param outage told when this link has lost Redis, and when it has it back
     * @param random spreads the attempts
     */
    public RedisLink(
            Vertx vertx,
            RedisDialer dialer,
            Function<RedisConnection, Future<?>> proof,
            RedisOutage outage,
            RandomGenerator random) {
        this.vertx = vertx;
        this.dialer = dialer;
        this.proof = proof;
        this.outage = outage;
        this.random = random;
    }

    /** Connects, now or as soon as it can be; never fails. */
    public Future<Void> start() {
        return connect().timeout(START_LIMIT_MILLIS, TimeUnit.MILLISECONDS).otherwiseEmpty();
    }

    /**
     * Makes a call. One that fails ends the connection, for nothing is known of it any more.
     *
     * @param call bounds its own time
     * @return fails at once while Redis is away
     */
    public <T> Future<T> call(Function<RedisConnection, Future<T>> call) {
        RedisConnection present = connection;
        if (present == null) {
            return Future.failedFuture(new RedisAway());
        }
        return call.apply(present).onFailure(cause -> broken(present, cause));
    }

    public Future<Void> close() {
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
                .compose(fresh -> proof.apply(fresh).map(fresh))
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
                failures = 0;
            }
        });
        log.debug("redis.connected");
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
    }

    private void reconnectLater() {
        long pauseMillis = Math.max(1, BACKOFF.equalJitter(++failures, random).toMillis());
        log.debug("redis.attempt_failed", kv("again_in_ms", pauseMillis));
        vertx.setTimer(pauseMillis, again -> {
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

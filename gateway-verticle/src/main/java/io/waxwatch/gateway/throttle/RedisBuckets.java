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
import io.vertx.redis.client.Response;
import io.waxwatch.common.settings.RedisAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
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

    /** Takes one token from every bucket or from none; answers {refused bucket or 0, milliseconds to wait}. */
    private static final String SCRIPT = """
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            local left = {}
            local refused, wait = 0, 0
            for i, key in ipairs(KEYS) do
              local capacity, rate = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
              local stored = redis.call('HMGET', key, 'n', 't')
              local tokens, at = tonumber(stored[1]) or capacity, tonumber(stored[2]) or now
              tokens = math.min(capacity, tokens + math.max(0, now - at) * rate)
              left[i] = tokens
              if tokens < 1 and (1 - tokens) / rate > wait then
                refused, wait = i, math.ceil((1 - tokens) / rate)
              end
            end
            if refused > 0 then return {refused, wait} end
            for i, key in ipairs(KEYS) do
              redis.call('HSET', key, 'n', string.format('%.9f', left[i] - 1), 't', now)
              redis.call('PEXPIRE', key, math.ceil(ARGV[2 * i - 1] / ARGV[2 * i]) + 1000)
            end
            return {0, 0}
            """;

    private static final String SCRIPT_SHA = sha1(SCRIPT);
    /** A gateway starts without Redis rather than late. */
    private static final long START_LIMIT_MILLIS = 500;

    private static final long FIRST_BACKOFF_MILLIS = 100;
    private static final long MAX_BACKOFF_MILLIS = 5_000;

    private static final Logger log = LoggerFactory.getLogger(RedisBuckets.class);

    private final Vertx vertx;
    private final Redis redis;
    private final Duration timeout;
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
        this.redis = Redis.createClient(
                vertx,
                new RedisOptions()
                        .setConnectionString(address.connectionString())
                        .setMaxPoolSize(2)
                        .setMaxPoolWaiting(4)
                        .setPoolName("throttle")
                        .setNetClientOptions(new NetClientOptions().setConnectTimeout(2000)));
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
        return present.send(call(Command.EVALSHA, SCRIPT_SHA, asks))
                .recover(cause -> String.valueOf(cause.getMessage()).startsWith("NOSCRIPT")
                        ? present.send(call(Command.EVAL, SCRIPT, asks))
                        : Future.failedFuture(cause))
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .map(answer -> decision(answer, asks))
                .onFailure(cause -> {
                    if (connection == present) {
                        broken(present, cause);
                        present.close();
                    }
                });
    }

    Future<Void> close() {
        closed = true;
        connection = null;
        away(false);
        return redis.close();
    }

    private static Request call(Command command, String script, List<Ask> asks) {
        Request request = Request.cmd(command).arg(script).arg(asks.size());
        asks.forEach(ask -> request.arg(ask.key()));
        asks.forEach(ask -> request.arg(ask.limit().capacity())
                .arg(Double.toString(ask.limit().perSecond() / 1000)));
        return request;
    }

    private static Decision decision(Response answer, List<Ask> asks) {
        int refused = answer.get(0).toInteger();
        return refused == 0
                ? Decision.ALLOWED
                : Decision.refused(asks.get(refused - 1).scope(), answer.get(1).toLong());
    }

    private Future<Void> connect() {
        return redis.connect()
                // A connection that hangs is no connection; only an answer proves it.
                .compose(fresh -> fresh.send(Request.cmd(Command.PING))
                        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                        .map(fresh)
                        .onFailure(mute -> fresh.close()))
                .timeout(3, TimeUnit.SECONDS)
                .onSuccess(fresh -> {
                    if (closed) {
                        fresh.close();
                        return;
                    }
                    fresh.exceptionHandler(cause -> broken(fresh, cause));
                    fresh.endHandler(ended -> broken(fresh, null));
                    connection = fresh;
                    away(false);
                    backoffMillis = FIRST_BACKOFF_MILLIS;
                    log.info("throttle.redis.connected");
                })
                .onFailure(cause -> {
                    away(!closed);
                    reconnectLater();
                })
                .mapEmpty();
    }

    private void broken(RedisConnection which, Throwable cause) {
        if (closed || connection != which) {
            return;
        }
        connection = null;
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

    private static String sha1(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

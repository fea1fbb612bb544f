package io.waxwatch.gateway.throttle;

import io.vertx.core.Future;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.waxwatch.common.redis.RedisScript;
import java.util.ArrayList;
import java.util.List;

/**
 * The one script that all gateways run in Redis: takes a token from every bucket or from none. It runs alone, so no
 * interleaving of gateways lets through more than a bucket's capacity + rate x time.
 */
final class BucketScript {

    /**
     * Answers {refused bucket or 0, milliseconds to wait, tokens left in each}. The clock is that of Redis, which all gateways
     * share, unless the last argument names a time. A clock that steps back adds nothing, also not when it has caught up.
     */
    private static final RedisScript SCRIPT = new RedisScript("""
            local now = tonumber(ARGV[2 * #KEYS + 1])
            if not now then
              local time = redis.call('TIME')
              now = time[1] * 1000 + math.floor(time[2] / 1000)
            end
            local left, filled = {}, {}
            local refused, wait = 0, 0
            for i, key in ipairs(KEYS) do
              local capacity, rate = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
              local stored = redis.call('HMGET', key, 'n', 't')
              local tokens, at = tonumber(stored[1]) or capacity, tonumber(stored[2]) or now
              tokens = math.min(capacity, tokens + math.max(0, now - at) * rate)
              left[i], filled[i] = tokens, math.max(now, at)
              if tokens < 1 and (1 - tokens) / rate > wait then
                refused, wait = i, math.ceil((1 - tokens) / rate)
              end
            end
            local answer = {refused, wait}
            for i, key in ipairs(KEYS) do
              if refused == 0 then
                left[i] = left[i] - 1
                redis.call('HSET', key, 'n', string.format('%.9f', left[i]), 't', filled[i])
                redis.call('PEXPIRE', key, math.ceil(ARGV[2 * i - 1] / ARGV[2 * i]) + 1000)
              end
              answer[i + 2] = string.format('%.9f', left[i])
            end
            return answer
            """);

    private static final int FIRST_LEFT = 2;

    private BucketScript() {}

    static Future<Response> run(RedisConnection on, List<Ask> asks) {
        return SCRIPT.run(on, request -> arguments(request, asks));
    }

    /** The call that brings the script along, at a time of one's own, in milliseconds. */
    static Request whole(List<Ask> asks, long nowMillis) {
        return SCRIPT.whole(request -> arguments(request, asks)).arg(nowMillis);
    }

    static Decision decision(Response answer, List<Ask> asks) {
        var left = new ArrayList<Double>(asks.size());
        for (int i = 0; i < asks.size(); i++) {
            left.add(answer.get(FIRST_LEFT + i).toDouble());
        }
        int refused = answer.get(0).toInteger();
        return refused == 0
                ? Decision.allowed(left)
                : new Decision(asks.get(refused - 1).scope(), answer.get(1).toLong(), left);
    }

    private static void arguments(Request request, List<Ask> asks) {
        request.arg(asks.size());
        asks.forEach(ask -> request.arg(ask.key()));
        asks.forEach(ask -> request.arg(ask.limit().capacity())
                .arg(Double.toString(ask.limit().perSecond() / 1000)));
    }
}

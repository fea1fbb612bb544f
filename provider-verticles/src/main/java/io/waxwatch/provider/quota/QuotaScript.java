package io.waxwatch.provider.quota;

import io.vertx.core.Future;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.waxwatch.common.redis.RedisScript;
import java.util.ArrayList;
import java.util.List;

/**
 * The one script of a budget, run alone by Redis and by its clock, so that all processes spend the same calls.
 *
 * <p>Each lane has a bucket that fills with its share. What does not fit into a full one goes to the others by their weights;
 * when all are full it is lost, so nothing is saved beyond their sizes. Within a lane, whoever has been served least comes
 * first (start-time fair queueing): each grant puts its user one step further on; who is refused is remembered until they were
 * told to come back, and nobody further on is served before them. The buckets of a minute begin empty, so that a Redis that lost
 * everything cannot give twice; those of a day begin full, for what was used of it is told first.
 */
public final class QuotaScript {

    private static final RedisScript SCRIPT = new RedisScript("""
            local conf, op, lane, now = cjson.decode(ARGV[1]), ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
            if not now then
              local time = redis.call('TIME')
              now = time[1] * 1000 + time[2] / 1000
            end
            local stored, flat = {}, redis.call('HGETALL', KEYS[1])
            for i = 1, #flat, 2 do stored[flat[i]] = flat[i + 1] end
            local function number(field, otherwise) return tonumber(stored[field]) or otherwise end
            local changed = {}
            local function put(field, value)
              stored[field] = value
              changed[#changed + 1] = field
              changed[#changed + 1] = string.format('%.9f', value)
            end

            -- What is left of a day, and how fast calls come.
            local left, reset, used, limit = -1, 0, number('used', 0), conf.limit
            local perMs = conf.perMs
            if limit then
              reset = number('reset', 0)
              if now >= reset then
                if op == 'take' and reset == 0 then return {-1} end
                reset = conf.reset
                while reset <= now do reset = reset + 86400000 end
                put('reset', reset)
                used = 0
                put('used', 0)
                for i = 1, #conf.lanes do put('c' .. i, 0) end
                put('told', limit)
                put('hold', 0)
              end
              if op == 'seed' then
                used = math.max(used, tonumber(ARGV[5]))
                put('used', used)
              end
              limit = math.min(limit, number('told', limit))
              left = limit - used
              perMs = math.max(0, left) / math.max(1, reset - now)
            end

            -- Share what has come since.
            local tokens, amount = {}, math.max(0, now - number('at', now)) * perMs
            local lanes = conf.lanes
            for i = 1, #lanes do tokens[i] = number('n' .. i, limit and lanes[i].cap or 0) end
            while amount > 1e-9 do
              local weights, rest = 0, 0
              for i, each in ipairs(lanes) do
                if tokens[i] < each.cap - 1e-9 then weights = weights + each.w end
              end
              if weights == 0 then break end
              for i, each in ipairs(lanes) do
                if tokens[i] < each.cap - 1e-9 then
                  local filled = tokens[i] + amount * each.w / weights
                  rest = rest + math.max(0, filled - each.cap)
                  tokens[i] = math.min(each.cap, filled)
                end
              end
              amount = rest
            end
            local at = math.max(now, number('at', now))
            local hold = number('hold', 0)

            local granted, wait, reason = 0, 0, ''
            if op == 'take' or op == 'leave' then
              local waiting, until_ = KEYS[3], KEYS[4]
              local users = {}
              for i = 5, #ARGV do users[#users + 1] = ARGV[i] end
              if op == 'leave' then
                for _, user in ipairs(users) do
                  redis.call('ZREM', waiting, user)
                  redis.call('HDEL', until_, user)
                end
              else
                local step, floor = 1, number('v' .. lane, 0)
                if #users == 0 then users, step = {'-'}, 1 / 64 end
                local user, tag, mine = nil, nil, {}
                for _, each in ipairs(users) do
                  mine[each] = true
                  local its = math.max(floor, tonumber(redis.call('HGET', KEYS[2], lane .. each)) or 0)
                  if not tag or its < tag then user, tag = each, its end
                end
                local ahead = nil
                while true do
                  local head = redis.call('ZRANGE', waiting, 0, 0, 'WITHSCORES')
                  if not head[1] then break end
                  local back = tonumber(redis.call('HGET', until_, head[1])) or 0
                  if back >= now then
                    if not mine[head[1]] and tonumber(head[2]) < tag then ahead = head[1] end
                    break
                  end
                  redis.call('ZREM', waiting, head[1])
                  redis.call('HDEL', until_, head[1])
                end
                local weights = 0
                for i, each in ipairs(lanes) do
                  if i == lane or tokens[i] < each.cap - 1e-9 then weights = weights + each.w end
                end
                local rate = math.max(perMs * lanes[lane].w / weights, 1e-9)
                if now < hold then
                  wait, reason = hold - now, 'held'
                elseif limit and left < 1 then
                  wait, reason = reset - now, 'spent'
                elseif tokens[lane] >= 1 and not ahead then
                  granted = 1
                  tokens[lane] = tokens[lane] - 1
                  used = used + 1
                  left = left - 1
                  put('used', used)
                  put('c' .. lane, number('c' .. lane, 0) + 1)
                  put('v' .. lane, tag)
                  redis.call('HSET', KEYS[2], lane .. user, string.format('%.9f', tag + step))
                  if redis.call('HLEN', KEYS[2]) > 20000 then redis.call('DEL', KEYS[2]) end
                  for each in pairs(mine) do
                    redis.call('ZREM', waiting, each)
                    redis.call('HDEL', until_, each)
                  end
                else
                  local before = redis.call('ZCOUNT', waiting, '-inf', string.format('(%.9f', tag))
                  wait = (math.max(0, 1 - tokens[lane]) + before) / rate
                  reason = ahead and 'turn' or 'pace'
                  if ahead then wait = math.max(wait, 100) end
                  redis.call('ZADD', waiting, string.format('%.9f', tag), user)
                  redis.call('HSET', until_, user, string.format('%.0f', now + math.min(wait, 60000) + 2000))
                  redis.call('PEXPIRE', waiting, 180000)
                  redis.call('PEXPIRE', until_, 180000)
                end
              end
            elseif op == 'answered' then
              local status, remaining, after = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
              if remaining then
                if limit then
                  put('used', math.max(used, limit - remaining))
                else
                  local saved = 0
                  for i = 1, #lanes do saved = saved + tokens[i] end
                  if saved > remaining then
                    for i = 1, #lanes do tokens[i] = tokens[i] * remaining / saved end
                  end
                end
              end
              if status == 429 then
                if limit and not after then
                  put('hold', reset)
                else
                  put('hold', math.max(hold, now + (after or conf.pause)))
                end
                for i = 1, #lanes do tokens[i] = 0 end
              end
            end
            used = number('used', 0)
            if limit then left = limit - used end
            put('at', at)
            for i = 1, #lanes do put('n' .. i, tokens[i]) end
            redis.call('HSET', KEYS[1], unpack(changed))
            redis.call('PEXPIRE', KEYS[1], 172800000)
            redis.call('PEXPIRE', KEYS[2], 172800000)
            local answer = {granted, math.ceil(wait), reason, string.format('%.3f', left), string.format('%.0f', reset),
              string.format('%.0f', number('hold', 0) - now), string.format('%.0f', used)}
            for i = 1, #lanes do
              answer[#answer + 1] = string.format('%.3f', tokens[i])
              answer[#answer + 1] = string.format('%.0f', number('c' .. i, 0))
            end
            return answer
            """);

    private QuotaScript() {}

    /**
     * What to do.
     *
     * @param budget as {@link Budget#json}
     * @param operation {@code take}, {@code leave}, {@code seed}, {@code answered} or {@code look}
     * @param lane 1 and up; 0 where it does not matter
     * @param nowMillis of a clock of one's own; null for that of Redis
     */
    public record Ask(
            String name, String budget, String operation, int lane, Double nowMillis, List<String> arguments) {}

    public static Future<Response> run(RedisConnection on, Ask ask) {
        return SCRIPT.run(on, request -> arguments(request, ask));
    }

    private static void arguments(Request request, Ask ask) {
        // One place in a cluster of Redis servers.
        String key = "waxwatch:quota:{" + ask.name() + "}";
        request.arg(4)
                .arg(key)
                .arg(key + ":users")
                .arg(key + ":waiting:" + ask.lane())
                .arg(key + ":until:" + ask.lane())
                .arg(ask.budget())
                .arg(ask.operation())
                .arg(ask.lane())
                .arg(ask.nowMillis() == null ? "" : Double.toString(ask.nowMillis()));
        ask.arguments().forEach(request::arg);
    }

    /** Whether the budget's past is unknown and must be told with {@code seed} before anything is taken. */
    public static boolean isUnknown(Response answer) {
        return answer.get(0).toInteger() < 0;
    }

    public static QuotaAnswer read(Response answer) {
        var lanes = new ArrayList<QuotaAnswer.Lane>();
        for (int i = 7; i + 1 < answer.size(); i += 2) {
            lanes.add(new QuotaAnswer.Lane(
                    answer.get(i).toDouble(), answer.get(i + 1).toLong()));
        }
        return new QuotaAnswer(
                answer.get(0).toInteger() == 1,
                answer.get(1).toLong(),
                answer.get(2).toString(),
                answer.get(3).toDouble(),
                answer.get(4).toLong(),
                Math.max(0, answer.get(5).toLong()),
                answer.get(6).toLong(),
                List.copyOf(lanes));
    }
}

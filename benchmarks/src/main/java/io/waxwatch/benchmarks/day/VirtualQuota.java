package io.waxwatch.benchmarks.day;

import io.vertx.redis.client.RedisConnection;
import io.waxwatch.provider.http.CallLane;
import io.waxwatch.provider.quota.Budget;
import io.waxwatch.provider.quota.QuotaAnswer;
import io.waxwatch.provider.quota.QuotaScript;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The ledger itself, in a real Redis, asked at times of a simulation. */
final class VirtualQuota {

    private final RedisConnection redis;
    private final Budget budget;
    private final String name;
    private long calls;

    VirtualQuota(RedisConnection redis, Budget budget, String name) {
        this.redis = redis;
        this.budget = budget;
        this.name = name;
    }

    /**
     * Takes a call.
     *
     * @param now milliseconds since 1970
     * @param user null for everybody
     * @return 0 when it was granted, else how long to wait, in milliseconds
     */
    long take(double now, CallLane lane, String user) throws TimeoutException {
        QuotaAnswer answer = ask(now, "take", lane, user == null ? List.of() : List.of(user));
        if (answer.granted()) {
            calls++;
            return 0;
        }
        return Math.max(1, answer.waitMillis());
    }

    /** Granted so far. */
    long calls() {
        return calls;
    }

    private QuotaAnswer ask(double now, String operation, CallLane lane, List<String> arguments)
            throws TimeoutException {
        var ask = new QuotaScript.Ask(
                name,
                budget.json(Instant.ofEpochMilli((long) now)),
                operation,
                List.of(CallLane.values()).indexOf(lane) + 1,
                now,
                arguments);
        var told = QuotaScript.run(redis, ask).await(10, TimeUnit.SECONDS);
        if (!QuotaScript.isUnknown(told)) {
            return QuotaScript.read(told);
        }
        ask(now, "seed", lane, List.of("0"));
        return ask(now, operation, lane, arguments);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s: %,d calls", name, calls);
    }
}

package io.waxwatch.common.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Whether this process can serve. Each check has one second, truly enforced; an answer is kept for a second, so probes
 * cost the database nothing. What is required and fails makes the process not ready; what is not only degrades it.
 */
public final class Readiness {

    /** The contract's bound of one probe. */
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private static final Duration KEEP = Duration.ofSeconds(1);

    private record Check(String name, boolean required, Supplier<Future<?>> probe) {}

    /**
     * @param ready every required check passed
     * @param checks by name: {@code status} ok, failed, degraded or skipped, and a {@code reason} unless ok
     */
    public record Report(boolean ready, JsonObject checks) {}

    private final List<Check> checks = new ArrayList<>();
    private final Map<String, JsonObject> skipped = new LinkedHashMap<>();
    private Future<Report> kept;
    private long keptAt;
    private volatile boolean draining;

    /** Adds a check without which nothing works. */
    public Readiness require(String name, Supplier<Future<?>> probe) {
        checks.add(new Check(name, true, probe));
        return this;
    }

    /** Adds a check whose failure only degrades the service. */
    public Readiness observe(String name, Supplier<Future<?>> probe) {
        checks.add(new Check(name, false, probe));
        return this;
    }

    /** Says of something that it is not looked at, and why. */
    public Readiness skip(String name, String reason) {
        skipped.put(name, new JsonObject().put("status", "skipped").put("reason", reason));
        return this;
    }

    /** From now on not ready, so that no new work is sent here. */
    public void drain() {
        draining = true;
    }

    /**
     * Runs the checks, or gives the answer of less than a second ago. Never fails.
     *
     * @return told on the asker's context, whoever else asked and wherever the checks ended
     */
    public Future<Report> report(Vertx vertx) {
        Context asking = vertx.getOrCreateContext();
        Promise<Report> told = Promise.promise();
        shared().onSuccess(report -> asking.runOnContext(go -> told.complete(report)));
        return told.future();
    }

    private synchronized Future<Report> shared() {
        long now = System.nanoTime();
        if (draining) {
            return Future.succeededFuture(new Report(
                    false,
                    new JsonObject()
                            .put(
                                    "node",
                                    new JsonObject().put("status", "failed").put("reason", "draining"))));
        }
        if (kept == null || now - keptAt > KEEP.toNanos()) {
            keptAt = now;
            kept = run();
        }
        return kept;
    }

    private Future<Report> run() {
        List<Future<JsonObject>> results = checks.stream().map(this::result).toList();
        return Future.join(results).map(all -> {
            var byName = new JsonObject();
            boolean ready = true;
            for (int i = 0; i < checks.size(); i++) {
                JsonObject result = all.resultAt(i);
                byName.put(checks.get(i).name(), result);
                ready &= !"failed".equals(result.getString("status"));
            }
            skipped.forEach(byName::put);
            return new Report(ready, byName);
        });
    }

    private Future<JsonObject> result(Check check) {
        return Future.succeededFuture()
                .compose(go -> check.probe().get())
                .timeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .map(ok -> new JsonObject().put("status", "ok"))
                .otherwise(cause -> new JsonObject()
                        .put("status", check.required() ? "failed" : "degraded")
                        .put("reason", reason(check.name(), cause)));
    }

    private static String reason(String name, Throwable cause) {
        return cause instanceof TimeoutException
                ? name + " readiness probe timed out after 1.0s"
                : name + " readiness probe failed: " + cause.getClass().getSimpleName();
    }
}

package io.waxwatch.common.http;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.CheckResult;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Whether this process can serve. It looks by itself every two seconds, and who asks gets what was last seen, so that nobody
 * can make it look. Each probe has one second. What is required and fails makes the process not ready; what is not only
 * degrades it. Safe for all threads.
 */
public final class Readiness {

    /** The contract's bound of one probe. */
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private static final Duration EVERY = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(Readiness.class);

    private static final String REASON = "reason";

    private record Check(String name, boolean required) {}

    /** What a probe fails with while its part starts, which is no fault: it is logged as news, and told as {@code failed}. */
    public static final class StillStarting extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public StillStarting() {
            super("still starting", null, false, false);
        }
    }

    /**
     * @param ready every required check passed
     * @param checks by name: {@code status} ok, failed, degraded or skipped, and a {@code reason} unless ok
     */
    public record Report(boolean ready, JsonObject checks) {}

    private static final Report DRAINING = new Report(
            false,
            new JsonObject()
                    .put("node", new JsonObject().put("status", "failed").put(REASON, "draining")));

    private final Vertx vertx;
    private final HealthChecks probes;
    /** In the order of the report. */
    private final List<Check> checks = new CopyOnWriteArrayList<>();

    /** Checks that fail because their part has not begun yet. */
    private final Set<String> starting = ConcurrentHashMap.newKeySet();

    private final Map<String, JsonObject> skipped = new LinkedHashMap<>();
    private final Promise<Report> first = Promise.promise();
    private final AtomicBoolean watched = new AtomicBoolean();
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile Report last;
    private volatile boolean draining;

    public Readiness(Vertx vertx) {
        this.vertx = vertx;
        this.probes = HealthChecks.create(vertx);
    }

    /** Adds a check without which nothing works. */
    public Readiness require(String name, Supplier<Future<?>> probe) {
        return add(new Check(name, true), probe);
    }

    /** Adds a check whose failure only degrades the service. */
    public Readiness observe(String name, Supplier<Future<?>> probe) {
        return add(new Check(name, false), probe);
    }

    private Readiness add(Check check, Supplier<Future<?>> probe) {
        checks.add(check);
        probes.register(
                check.name(),
                LIMIT.toMillis(),
                result -> Future.succeededFuture()
                        .compose(go -> probe.get())
                        .onComplete(done -> noteStart(check, done.cause()))
                        .onComplete(
                                well -> result.tryComplete(Status.OK()),
                                cause -> result.tryComplete(Status.KO(new JsonObject()
                                        .put(
                                                REASON,
                                                check.name() + " readiness probe failed: "
                                                        + cause.getClass().getSimpleName())))));
        return this;
    }

    private void noteStart(Check check, Throwable cause) {
        if (cause instanceof StillStarting) {
            starting.add(check.name());
        } else {
            starting.remove(check.name());
        }
    }

    /** Says of something that it is not looked at, and why. */
    public Readiness skip(String name, String reason) {
        skipped.put(name, new JsonObject().put("status", "skipped").put(REASON, reason));
        return this;
    }

    /** From now on not ready, so that no new work is sent here. */
    public void drain() {
        draining = true;
    }

    /** Looks now and from now on, once for the process however often it is called. */
    public void watch() {
        if (watched.compareAndSet(false, true)) {
            look();
            vertx.setPeriodic(EVERY.toMillis(), tick -> look());
        }
    }

    private void look() {
        if (!draining && looking.compareAndSet(false, true)) {
            run().onComplete(seen -> {
                note(seen.result());
                looking.set(false);
            });
        }
    }

    private void note(Report seen) {
        Report before = last;
        last = seen;
        first.tryComplete(seen);
        if (draining || (before != null && before.ready() == seen.ready())) {
            return;
        }
        if (!seen.ready()) {
            boolean isStart = checks.stream()
                    .filter(check -> check.required() && hasFailed(seen, check))
                    .allMatch(check -> starting.contains(check.name()));
            log.atLevel(isStart ? Level.INFO : Level.ERROR)
                    .log(
                            isStart ? "health.ready.starting" : "health.ready.dependency_failed",
                            kv("checks", seen.checks().encode()));
        } else if (before != null) {
            log.info("health.ready.recovered", kv("checks", seen.checks().encode()));
        }
    }

    /**
     * What was last seen; the first to ask wait for it. Never fails.
     *
     * @return told on the asker's context
     */
    public Future<Report> report() {
        watch();
        if (draining) {
            return Future.succeededFuture(DRAINING);
        }
        Report seen = last;
        if (seen != null) {
            return Future.succeededFuture(seen);
        }
        Context asking = vertx.getOrCreateContext();
        Promise<Report> told = Promise.promise();
        first.future().onSuccess(report -> asking.runOnContext(go -> told.complete(report)));
        return told.future();
    }

    private static boolean hasFailed(Report seen, Check check) {
        JsonObject told = seen.checks().getJsonObject(check.name());
        return told != null && !told.getString("status").equals("ok");
    }

    private Future<Report> run() {
        return probes.checkStatus().map(this::reported);
    }

    private Report reported(CheckResult all) {
        var byName = new JsonObject();
        boolean ready = true;
        for (Check check : checks) {
            Optional<CheckResult> found = all.getChecks().stream()
                    .filter(result -> result.getId().equals(check.name()))
                    .findFirst();
            if (found.isEmpty()) {
                // Added while they were looked at; the next look has it.
                continue;
            }
            CheckResult result = found.get();
            ready &= result.getUp() || !check.required();
            byName.put(check.name(), told(check, result));
        }
        skipped.forEach(byName::put);
        return new Report(ready, byName);
    }

    private static JsonObject told(Check check, CheckResult result) {
        if (result.getUp()) {
            return new JsonObject().put("status", "ok");
        }
        // Probes complete with what they find; only the time limit fails them.
        String reason = result.getFailure() == null
                ? result.getData().getString(REASON)
                : check.name() + " readiness probe timed out after 1.0s";
        return new JsonObject()
                .put("status", check.required() ? "failed" : "degraded")
                .put(REASON, reason);
    }
}

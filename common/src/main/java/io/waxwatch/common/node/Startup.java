package io.waxwatch.common.node;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.waxwatch.common.failure.Backoff;
import io.waxwatch.common.settings.InvalidSettings;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The patience of a service that starts: each step that fails is done again, with growing pauses, until it has
 * succeeded or the time for it is over. Each time it says what it waits for. Faulty settings are not waited out.
 */
final class Startup {

    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(5));

    private static final Logger log = LoggerFactory.getLogger(Startup.class);

    private final LongSupplier nanoClock;
    private final Duration limit;

    /** @param limit of each step, from its first attempt on; it is not repeated after it */
    Startup(Duration limit, LongSupplier nanoClock) {
        this.limit = limit;
        this.nanoClock = nanoClock;
    }

    /** As long as {@code STARTUP_TIMEOUT_SECONDS} says. */
    static Startup of(Settings settings) {
        return new Startup(settings.get(SettingsCatalog.STARTUP_TIMEOUT_SECONDS), System::nanoTime);
    }

    /** None: the first failure is the last. */
    static Startup once() {
        return new Startup(Duration.ZERO, System::nanoTime);
    }

    /**
     * Does a step until it succeeds.
     *
     * @param what is waited for, in the log
     * @return fails with the step's last failure when time is over
     */
    <T> Future<T> until(Vertx vertx, String what, Supplier<Future<T>> step) {
        return until(vertx, what, step, nanoClock.getAsLong(), 1);
    }

    private <T> Future<T> until(Vertx vertx, String what, Supplier<Future<T>> step, long began, int attempt) {
        long pauseMillis = pauseMillis(attempt);
        return Future.succeededFuture().compose(go -> step.get()).recover(cause -> {
            if (!worthAnother(what, cause, began, pauseMillis)) {
                return Future.failedFuture(cause);
            }
            return vertx.timer(pauseMillis, TimeUnit.MILLISECONDS)
                    .compose(later -> until(vertx, what, step, began, attempt + 1));
        });
    }

    /** The same before there is a Vert.x; for the main thread, which holds the process meanwhile. */
    <T> Future<T> blockUntil(String what, Supplier<Future<T>> step) {
        long began = nanoClock.getAsLong();
        for (int attempt = 1; ; attempt++) {
            long pauseMillis = pauseMillis(attempt);
            try {
                return Future.succeededFuture(step.get().await());
            } catch (Exception failed) {
                if (!worthAnother(what, failed, began, pauseMillis)) {
                    return Future.failedFuture(failed);
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMillis));
        }
    }

    private boolean worthAnother(String what, Throwable cause, long began, long pauseMillis) {
        long left = limit.toNanos() - (nanoClock.getAsLong() - began);
        if (cause instanceof InvalidSettings || left <= 0) {
            return false;
        }
        log.warn(
                "service.start_waits",
                kv("waits_for", what),
                kv("error", cause.toString()),
                kv("again_in_ms", pauseMillis),
                kv("left_s", TimeUnit.NANOSECONDS.toSeconds(left)));
        return true;
    }

    private static long pauseMillis(int attempt) {
        return BACKOFF.ceiling(attempt).toMillis();
    }
}

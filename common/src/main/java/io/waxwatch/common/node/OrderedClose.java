package io.waxwatch.common.node;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was opened, closed again in the opposite order. A step that fails or hangs is logged and passed over, so the rest
 * still closes. However often it is asked, it closes once.
 */
public final class OrderedClose {

    private static final Logger log = LoggerFactory.getLogger(OrderedClose.class);

    private record Step(String name, Duration limit, Supplier<Future<?>> action) {}

    private final Deque<Step> steps = new ArrayDeque<>();
    private Future<Void> closed;

    /** @param limit after it the step counts as hanging */
    public synchronized void add(String name, Duration limit, Supplier<Future<?>> action) {
        steps.push(new Step(name, limit, action));
    }

    /** Closes everything; never fails, and ends within the sum of the limits. */
    public synchronized Future<Void> close() {
        if (closed == null) {
            Promise<Void> start = Promise.promise();
            Future<Void> all = start.future();
            for (Step step : steps) {
                all = all.compose(done -> run(step));
            }
            closed = all;
            start.complete();
        }
        return closed;
    }

    private static Future<Void> run(Step step) {
        return Future.succeededFuture()
                .compose(go -> step.action().get())
                .timeout(step.limit().toMillis(), TimeUnit.MILLISECONDS)
                .<Void>mapEmpty()
                .recover(cause -> {
                    log.warn("node.close_step_failed", kv("step", step.name()), cause);
                    return Future.succeededFuture();
                });
    }
}

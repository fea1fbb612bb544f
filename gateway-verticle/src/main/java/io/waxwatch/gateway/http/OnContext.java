package io.waxwatch.gateway.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

/** Brings the outcome of work that several event loops share back to the loop that asked. */
public final class OnContext {

    private OnContext() {}

    /** The same outcome, told on the present context: a response must only be written there. */
    public static <T> Future<T> here(Future<T> shared) {
        Context context = Vertx.currentContext();
        if (context == null || shared.isComplete()) {
            return shared;
        }
        Promise<T> told = Promise.promise();
        shared.onComplete(
                value -> context.runOnContext(go -> told.complete(value)),
                cause -> context.runOnContext(go -> told.fail(cause)));
        return told.future();
    }
}

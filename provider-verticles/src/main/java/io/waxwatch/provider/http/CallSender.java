package io.waxwatch.provider.http;

import io.vertx.core.Future;

/** A link of the chain that a call goes through. Each adds one thing to the one within. */
interface CallSender {

    /**
     * Sends one attempt, or decides that it is not sent.
     *
     * @return how it ended; never fails
     */
    <T> Future<CallResult<T>> send(CallAttempt<T> attempt);
}

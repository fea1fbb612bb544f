package io.waxwatch.provider.http;

import io.vertx.core.Future;
import java.time.Duration;

/** Where calls enter: see {@link OutboundHost}. */
public final class OutboundChain {

    private final CallSender outermost;
    private final Duration budget;

    OutboundChain(CallSender outermost, Duration budget) {
        this.outermost = outermost;
        this.budget = budget;
    }

    /**
     * Sends a call and reads its answer.
     *
     * @return the value, or a {@link ProviderFailure} and nothing else
     */
    public <T> Future<T> call(OutboundCall call, AnswerReader<T> reader, CallRecorder recorder) {
        return outermost
                .send(new CallAttempt<>(call, reader, recorder, 1, budget))
                .compose(CallResult::toFuture);
    }
}

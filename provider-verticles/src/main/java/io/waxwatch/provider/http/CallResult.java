package io.waxwatch.provider.http;

import io.vertx.core.Future;
import io.waxwatch.common.outbound.OutboundAnswer;
import java.util.Optional;

/**
 * How an attempt ended. What came back is told beside a failure too: its headers speak of the quota.
 *
 * @param answer empty when there was none
 * @param value what was read; null with a failure, and where nothing is to be read
 * @param failure empty for a success
 */
record CallResult<T>(Optional<OutboundAnswer> answer, T value, Optional<ProviderFailure> failure) {

    static <T> CallResult<T> success(OutboundAnswer answer, T value) {
        return new CallResult<>(Optional.of(answer), value, Optional.empty());
    }

    /** An answer that is of no use. */
    static <T> CallResult<T> refused(OutboundAnswer answer, ProviderFailure failure) {
        return new CallResult<>(Optional.of(answer), null, Optional.of(failure));
    }

    /** Not sent, or without a complete answer. */
    static <T> CallResult<T> unanswered(ProviderFailure failure) {
        return new CallResult<>(Optional.empty(), null, Optional.of(failure));
    }

    /** The value, or the failure. */
    Future<T> toFuture() {
        return failure.<Future<T>>map(Future::failedFuture).orElseGet(() -> Future.succeededFuture(value));
    }
}

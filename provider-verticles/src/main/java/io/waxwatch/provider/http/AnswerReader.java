package io.waxwatch.provider.http;

import io.waxwatch.common.outbound.OutboundAnswer;

/** Turns a 2xx answer into a value. */
@FunctionalInterface
public interface AnswerReader<T> {

    /**
     * Pure, on the event loop.
     *
     * @throws ProviderFailure when the answer cannot be used; any other exception becomes {@code INVALID_BODY}
     */
    T read(OutboundAnswer answer);
}

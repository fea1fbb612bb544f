package io.waxwatch.common.outbound;

import io.vertx.core.http.ConnectionPoolTooBusyException;
import java.util.Objects;
import java.util.concurrent.TimeoutException;

/** Why an exchange ended without a complete answer. Its message is for logs: it may name addresses. */
public final class OutboundFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What a caller may have to tell apart. */
    public enum Reason {
        /** No complete answer within the deadline. */
        DEADLINE,
        /** The answer is larger than its bound. */
        BODY_TOO_LARGE,
        /** All connections are busy, and the queue for them is full. Nothing was sent. */
        NO_FREE_CONNECTION,
        /** No connection, or it broke. */
        CONNECTION
    }

    private final Reason reason;

    OutboundFailure(Reason reason, String message, Throwable cause) {
        super(message, cause, false, false);
        this.reason = reason;
    }

    static OutboundFailure of(Throwable cause, TransportOptions options) {
        if (cause instanceof OutboundFailure failure) {
            return failure;
        }
        if (cause instanceof TimeoutException) {
            return new OutboundFailure(
                    Reason.DEADLINE,
                    "no complete answer within " + options.deadline().toMillis() + " ms",
                    cause);
        }
        if (cause instanceof ConnectionPoolTooBusyException) {
            return new OutboundFailure(Reason.NO_FREE_CONNECTION, "no free connection", cause);
        }
        return new OutboundFailure(Reason.CONNECTION, Objects.toString(cause.getMessage(), cause.toString()), cause);
    }

    public Reason reason() {
        return reason;
    }
}

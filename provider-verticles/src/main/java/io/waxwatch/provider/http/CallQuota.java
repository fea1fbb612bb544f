package io.waxwatch.provider.http;

import io.vertx.core.Future;
import io.waxwatch.common.outbound.OutboundAnswer;
import java.time.Duration;

/** Who decides whether a call may be sent now. */
public interface CallQuota {

    /** Everything, at once. */
    CallQuota UNLIMITED = new CallQuota() {
        @Override
        public Future<Void> admit(CallPurpose purpose, Duration patience) {
            return Future.succeededFuture();
        }

        @Override
        public void answered(OutboundAnswer answer) {}
    };

    /**
     * Completes when the call may be sent.
     *
     * @param patience how long its caller would wait
     * @return fails with a {@link ProviderFailure} of the kind {@code RATE_LIMITED} and its {@code retryAfter} when
     *     it may not be sent so soon
     */
    Future<Void> admit(CallPurpose purpose, Duration patience);

    /** Told of every answer, for what its headers and its status say of the quota. */
    void answered(OutboundAnswer answer);
}

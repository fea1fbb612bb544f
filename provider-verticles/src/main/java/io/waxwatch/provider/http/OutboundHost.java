package io.waxwatch.provider.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.waxwatch.common.outbound.OutboundTransport;
import io.waxwatch.provider.http.OutboundMetrics.BreakerState;
import java.time.Clock;
import java.util.random.RandomGenerator;

/**
 * A marketplace's host, and the chain through which its calls go: retry( quota( break( record( send )))). The breaker
 * and the connections are the host's own; {@link #under} makes a chain for each quota that its calls may be of.
 *
 * <p>One per host and process; {@link #close()} ends its connections.
 */
public final class OutboundHost {

    private final Vertx vertx;
    private final OutboundOptions options;
    private final OutboundMetrics metrics;
    private final RandomGenerator random;
    private final OutboundTransport transport;
    private final BreakerSender breaker;

    public OutboundHost(
            Vertx vertx, OutboundOptions options, OutboundMetrics metrics, Clock clock, RandomGenerator random) {
        this.vertx = vertx;
        this.options = options;
        this.metrics = metrics;
        this.random = random;
        this.transport = new OutboundTransport(vertx, options.transport());
        var sending = new TransportSender(transport, options.retryAfterCap(), clock);
        var recording = new RecordingSender(
                sending, options.provider(), options.maxAttempts(), options.retryAfterCap(), metrics, clock);
        this.breaker = new BreakerSender(recording, vertx, options, metrics, clock);
    }

    /** The calls that one quota decides about. */
    public OutboundChain under(CallQuota quota) {
        var asking = new QuotaSender(breaker, quota, options.provider(), metrics);
        var retrying =
                new RetryingSender(asking, vertx, options.maxAttempts(), options.retries(), random, System::nanoTime);
        return new OutboundChain(retrying, options.callBudget());
    }

    /** Whether the host is asked at present. */
    public BreakerState breaker() {
        return breaker.state();
    }

    public OutboundOptions options() {
        return options;
    }

    /** Ends the breaker's timers and the connections; attempts in flight fail. */
    public Future<Void> close() {
        breaker.close();
        return transport.close();
    }
}

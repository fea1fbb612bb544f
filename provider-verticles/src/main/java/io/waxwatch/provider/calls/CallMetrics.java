package io.waxwatch.provider.calls;

import io.waxwatch.common.telemetry.Metrics;
import io.waxwatch.common.telemetry.Metrics.Name;
import io.waxwatch.provider.http.ErrorType;
import io.waxwatch.provider.http.OutboundMetrics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The outbound clients' counts as Prometheus metrics. */
public final class CallMetrics implements OutboundMetrics {

    private static final Map<BreakerState, Double> GAUGE =
            Map.of(BreakerState.CLOSED, 0.0, BreakerState.HALF_OPEN, 0.5, BreakerState.OPEN, 1.0);

    private final Metrics metrics;
    private final Map<String, BreakerState> breakers = new ConcurrentHashMap<>();

    public CallMetrics(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void result(String provider, Outcome outcome, String statusCode) {
        metrics.counter(Name.PROVIDER_CALLS, "provider", provider, "outcome", outcome.code(), "status_code", statusCode)
                .increment();
    }

    @Override
    public void failure(String provider, String statusCode, ErrorType errorType) {
        metrics.counter(
                        Name.PROVIDER_FAILURES,
                        "provider",
                        provider,
                        "status_code",
                        statusCode,
                        "error_type",
                        errorType.code())
                .increment();
    }

    @Override
    public void breaker(String provider, BreakerState state) {
        if (breakers.put(provider, state) == null) {
            metrics.gauge(Name.PROVIDER_BREAKER, () -> GAUGE.get(breakers.get(provider)), "provider", provider);
        }
    }
}

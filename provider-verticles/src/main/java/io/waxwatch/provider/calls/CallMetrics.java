package io.waxwatch.provider.calls;

import io.micrometer.core.instrument.Counter;
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

    /**
     * What usually happens is there at zero from the start: a rate cannot see the first of what was not there before.
     *
     * @param provider whose calls these are; wire name
     */
    public CallMetrics(Metrics metrics, String provider) {
        this.metrics = metrics;
        calls(provider, Outcome.SUCCESS, "200");
        for (ErrorType type : ErrorType.values()) {
            for (String status : type.statusCodes()) {
                calls(provider, Outcome.ERROR, status);
                failures(provider, status, type);
            }
        }
    }

    @Override
    public void result(String provider, Outcome outcome, String statusCode) {
        calls(provider, outcome, statusCode).increment();
    }

    @Override
    public void failure(String provider, String statusCode, ErrorType errorType) {
        failures(provider, statusCode, errorType).increment();
    }

    private Counter calls(String provider, Outcome outcome, String statusCode) {
        return metrics.counter(
                Name.PROVIDER_CALLS, "provider", provider, "outcome", outcome.code(), "status_code", statusCode);
    }

    private Counter failures(String provider, String statusCode, ErrorType errorType) {
        return metrics.counter(
                Name.PROVIDER_FAILURES,
                "provider",
                provider,
                "status_code",
                statusCode,
                "error_type",
                errorType.code());
    }

    @Override
    public void breaker(String provider, BreakerState state) {
        if (breakers.put(provider, state) == null) {
            metrics.gauge(Name.PROVIDER_BREAKER, () -> GAUGE.get(breakers.get(provider)), "provider", provider);
        }
    }
}

package io.waxwatch.provider.http;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.waxwatch.common.outbound.OutboundAnswer;
import io.waxwatch.provider.http.OutboundMetrics.Outcome;
import io.waxwatch.provider.http.ProviderFailure.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes note of every attempt that is sent: one record and one count each. */
final class RecordingSender implements CallSender {

    private static final Logger log = LoggerFactory.getLogger(RecordingSender.class);

    private final CallSender within;
    private final String provider;
    private final int maxAttempts;
    private final Duration retryAfterCap;
    private final OutboundMetrics metrics;
    private final Clock clock;

    /**
     * @param maxAttempts of a call, for the record
     * @param retryAfterCap upper bound of what a {@code Retry-After} header may ask for
     */
    RecordingSender(
            CallSender within,
            String provider,
            int maxAttempts,
            Duration retryAfterCap,
            OutboundMetrics metrics,
            Clock clock) {
        this.within = within;
        this.provider = provider;
        this.maxAttempts = maxAttempts;
        this.retryAfterCap = retryAfterCap;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public <T> Future<CallResult<T>> send(CallAttempt<T> attempt) {
        Instant at = clock.instant();
        long started = System.nanoTime();
        return within.send(attempt).map(result -> {
            int durationMs = (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
            count(result);
            try {
                attempt.recorder().record(call(attempt, result, durationMs, at));
            } catch (RuntimeException unrecorded) {
                log.warn("provider.call.unrecorded", kv("provider", provider), unrecorded);
            }
            return result;
        });
    }

    private void count(CallResult<?> result) {
        String status =
                result.answer().map(answer -> Integer.toString(answer.status())).orElse(OutboundMetrics.NO_STATUS);
        metrics.result(provider, result.failure().isPresent() ? Outcome.ERROR : Outcome.SUCCESS, status);
        result.failure().ifPresent(failure -> metrics.failure(provider, status, failure.errorType()));
    }

    private ProviderCall call(CallAttempt<?> attempt, CallResult<?> result, int durationMs, Instant at) {
        return new ProviderCall(
                provider,
                attempt.call().path(),
                attempt.call().method().name(),
                result.answer().map(OutboundAnswer::status).orElse(null),
                durationMs,
                result.failure().map(ProviderFailure::publicText).orElse(null),
                meta(attempt, result),
                at);
    }

    private Map<String, Object> meta(CallAttempt<?> attempt, CallResult<?> result) {
        Map<String, Object> meta = new LinkedHashMap<>();
        meta.put("attempt", attempt.number());
        meta.put("attempts_total", maxAttempts);
        meta.put("max_attempts", maxAttempts);
        result.answer().ifPresent(answer -> {
            RetryAfter.parse(answer.header("Retry-After"), clock, retryAfterCap)
                    .ifPresent(pause -> meta.put("retry_after_seconds", pause.toMillis() / 1000.0));
            meta.putAll(attempt.call().meta().apply(answer));
        });
        result.failure().ifPresent(failure -> {
            meta.put("error_type", failure.errorType().code());
            if (result.answer().isEmpty()) {
                meta.put("retryable", failure.worthRetrying());
            }
            if (failure.kind() == Kind.INVALID_BODY) {
                meta.put("response_invalid", true);
            }
        });
        return meta;
    }
}

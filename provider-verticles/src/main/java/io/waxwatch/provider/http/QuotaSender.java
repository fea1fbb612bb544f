package io.waxwatch.provider.http;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.waxwatch.provider.http.ProviderFailure.Kind;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the quota before each attempt, and tells it of each answer. */
final class QuotaSender implements CallSender {

    private static final Logger log = LoggerFactory.getLogger(QuotaSender.class);

    /** Whoever waits for an answer would rather hear soon that there is none. */
    private static final Duration PATIENCE_OF_PEOPLE = Duration.ofSeconds(5);

    private final CallSender within;
    private final CallQuota quota;
    private final String provider;
    private final OutboundMetrics metrics;

    QuotaSender(CallSender within, CallQuota quota, String provider, OutboundMetrics metrics) {
        this.within = within;
        this.quota = quota;
        this.provider = provider;
        this.metrics = metrics;
    }

    @Override
    public <T> Future<CallResult<T>> send(CallAttempt<T> attempt) {
        return quota.admit(attempt.call().purpose(), patience(attempt))
                .transform(admitted -> admitted.succeeded()
                        ? within.send(attempt).onSuccess(this::tell)
                        : Future.succeededFuture(refused(attempt, admitted.cause())));
    }

    private static Duration patience(CallAttempt<?> attempt) {
        Duration left = attempt.left();
        return attempt.call().purpose().lane() == CallLane.INTERACTIVE && left.compareTo(PATIENCE_OF_PEOPLE) > 0
                ? PATIENCE_OF_PEOPLE
                : left;
    }

    private void tell(CallResult<?> result) {
        try {
            result.answer().ifPresent(quota::answered);
        } catch (RuntimeException defect) {
            log.error("provider.quota.defect", kv("provider", provider), defect);
        }
    }

    private <T> CallResult<T> refused(CallAttempt<T> attempt, Throwable cause) {
        ProviderFailure failure;
        if (cause instanceof ProviderFailure refusal) {
            failure = refusal;
        } else {
            log.error("provider.quota.defect", kv("provider", provider), cause);
            failure = ProviderFailure.of(
                    Kind.UNAVAILABLE, ErrorType.QUOTA, attempt.call().label() + " quota could not be asked");
        }
        metrics.failure(provider, OutboundMetrics.NO_STATUS, failure.errorType());
        return CallResult.unanswered(failure);
    }
}

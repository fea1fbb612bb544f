package io.waxwatch.provider.http;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.circuitbreaker.OpenCircuitException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.waxwatch.provider.http.OutboundMetrics.BreakerState;
import io.waxwatch.provider.http.ProviderFailure.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves a host alone that fails: after so many timeouts, broken connections, 5xx and unreadable bodies nothing is
 * sent for a while, then one call alone, which decides. A 4xx is about the question, and a 429 is the quota's
 * business: neither counts.
 */
final class BreakerSender implements CallSender {

    private static final Logger log = LoggerFactory.getLogger(BreakerSender.class);

    /** The window is kept in steps of a second. */
    private static final long SHORTEST_WINDOW_MILLIS = 1000;

    private final CallSender within;
    private final OutboundOptions options;
    private final OutboundMetrics metrics;
    private final Clock clock;
    private final CircuitBreaker breaker;
    private volatile Instant openedAt = Instant.EPOCH;
    /** Since the breaker was last closed: one line tells of an outage, however often a probe fails. */
    private volatile boolean outage;

    BreakerSender(CallSender within, Vertx vertx, OutboundOptions options, OutboundMetrics metrics, Clock clock) {
        this.within = within;
        this.options = options;
        this.metrics = metrics;
        this.clock = clock;
        this.breaker = create(vertx);
        metrics.breaker(options.provider(), BreakerState.CLOSED);
    }

    @Override
    public <T> Future<CallResult<T>> send(CallAttempt<T> attempt) {
        return breaker.execute(() -> within.send(attempt).compose(BreakerSender::judged))
                .recover(cause -> Future.succeededFuture(result(attempt, cause)));
    }

    /** Whether calls are sent at present. */
    BreakerState state() {
        return switch (breaker.state()) {
            case CLOSED -> BreakerState.CLOSED;
            case HALF_OPEN -> BreakerState.HALF_OPEN;
            case OPEN -> BreakerState.OPEN;
        };
    }

    /** Ends the breaker's timers. */
    void close() {
        breaker.close();
    }

    /** The breaker counts futures that fail. */
    private static <T> Future<CallResult<T>> judged(CallResult<T> result) {
        return result.failure().filter(ProviderFailure::upstreamFault).isPresent()
                ? Future.failedFuture(new Counted(result))
                : Future.succeededFuture(result);
    }

    @SuppressWarnings("unchecked") // What was wrapped for this very attempt.
    private <T> CallResult<T> result(CallAttempt<T> attempt, Throwable cause) {
        if (cause instanceof Counted counted) {
            return (CallResult<T>) counted.result;
        }
        String label = attempt.call().label();
        if (cause instanceof OpenCircuitException) {
            metrics.failure(options.provider(), OutboundMetrics.NO_STATUS, ErrorType.BREAKER_OPEN);
            Duration left = Duration.between(clock.instant(), openedAt.plus(options.breakerReset()));
            return CallResult.unanswered(ProviderFailure.of(
                            Kind.BREAKER_OPEN, ErrorType.BREAKER_OPEN, label + " paused after repeated failures")
                    .withRetryAfter(left.isNegative() ? Duration.ofSeconds(1) : left));
        }
        log.error("provider.breaker.defect", kv("provider", options.provider()), cause);
        return CallResult.unanswered(
                ProviderFailure.of(Kind.UNAVAILABLE, ErrorType.CONNECTION, label + " could not be asked"));
    }

    private CircuitBreaker create(Vertx vertx) {
        CircuitBreakerOptions breakerOptions = new CircuitBreakerOptions()
                .setMaxFailures(options.breakerFailures())
                // The default window of 10 s is no longer than one timeout: slow failures would never add up.
                .setFailuresRollingWindow(
                        Math.max(SHORTEST_WINDOW_MILLIS, options.breakerWindow().toMillis()))
                .setResetTimeout(options.breakerReset().toMillis())
                // Attempts have a deadline of their own, which also frees the connection; -1 means none here.
                .setTimeout(-1)
                .setNotificationAddress(null);
        return CircuitBreaker.create("provider-" + options.provider(), vertx, breakerOptions)
                .openHandler(opened -> {
                    openedAt = clock.instant();
                    if (!outage) {
                        outage = true;
                        log.warn("provider.breaker.opened", kv("provider", options.provider()));
                    }
                    metrics.breaker(options.provider(), BreakerState.OPEN);
                })
                .halfOpenHandler(probing -> metrics.breaker(options.provider(), BreakerState.HALF_OPEN))
                .closeHandler(closed -> {
                    outage = false;
                    log.info("provider.breaker.closed", kv("provider", options.provider()));
                    metrics.breaker(options.provider(), BreakerState.CLOSED);
                });
    }

    /** A result that speaks against the host. */
    private static final class Counted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient CallResult<?> result;

        Counted(CallResult<?> result) {
            super("counted", null, false, false);
            this.result = result;
        }
    }
}

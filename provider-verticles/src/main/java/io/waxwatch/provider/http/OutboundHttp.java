package io.waxwatch.provider.http;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.circuitbreaker.OpenCircuitException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.waxwatch.common.outbound.OutboundAnswer;
import io.waxwatch.common.outbound.OutboundFailure;
import io.waxwatch.common.outbound.OutboundFailure.Reason;
import io.waxwatch.common.outbound.OutboundTransport;
import io.waxwatch.provider.http.OutboundMetrics.BreakerState;
import io.waxwatch.provider.http.OutboundMetrics.Outcome;
import io.waxwatch.provider.http.ProviderFailure.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The road to one upstream host: retry( breaker( deadline( request ))).
 *
 * <p>Every attempt has a deadline after which its request is reset, a bound on its body, and a record. Connections and
 * the queue for them are bounded. Timeouts, broken connections, 5xx, unreadable bodies and a 429 that names no time count
 * towards the breaker; other 4xx do not. A 429 that names its time needs no guessing: until then calls end here, unsent.
 * Network errors and 5xx are tried again after a pause with full jitter, as long as attempts and the call's time budget
 * last; a 429 never is. Redirects are not followed: an API that redirects is not the one we know.
 *
 * <p>One per host and process. It owns its HTTP client and its breaker; {@link #close()} ends both.
 */
public final class OutboundHttp {

    private static final Logger LOG = LoggerFactory.getLogger(OutboundHttp.class);

    private final Vertx vertx;
    private final OutboundOptions options;
    private final OutboundMetrics metrics;
    private final Clock clock;
    private final RandomGenerator random;
    private final OutboundTransport transport;
    private final CircuitBreaker breaker;
    private volatile Instant openedAt = Instant.EPOCH;
    /** Until when the provider asked to be left alone. */
    private volatile Instant heldUntil = Instant.EPOCH;
    /** Since the breaker was last closed: one line tells of an outage, however often a probe fails. */
    private volatile boolean outage;

    public OutboundHttp(
            Vertx vertx, OutboundOptions options, OutboundMetrics metrics, Clock clock, RandomGenerator random) {
        this.vertx = vertx;
        this.options = options;
        this.metrics = metrics;
        this.clock = clock;
        this.random = random;
        this.transport = new OutboundTransport(vertx, options.transport());
        this.breaker = createBreaker();
        metrics.breaker(options.provider(), BreakerState.CLOSED);
    }

    /**
     * Sends a call and reads its answer.
     *
     * @return the value, or a {@link ProviderFailure} and nothing else
     */
    public <T> Future<T> call(OutboundCall call, AnswerReader<T> reader, CallRecorder recorder) {
        return attempt(new Run<>(call, reader, recorder, System.nanoTime()), 1);
    }

    public OutboundOptions options() {
        return options;
    }

    /** Ends the breaker's timers and the connections; attempts in flight fail. */
    public Future<Void> close() {
        breaker.close();
        return transport.close();
    }

    private <T> Future<T> attempt(Run<T> run, int number) {
        Duration hold = Duration.between(clock.instant(), heldUntil);
        if (isPositive(hold)) {
            metrics.failure(options.provider(), OutboundMetrics.NO_STATUS, ErrorType.RATE_LIMITED);
            return Future.failedFuture(ProviderFailure.of(
                            Kind.RATE_LIMITED,
                            ErrorType.RATE_LIMITED,
                            run.call().label() + " asked to be left alone for a while")
                    .withRetryAfter(hold));
        }
        return breaker.execute(() -> exchange(run, number)).recover(cause -> {
            ProviderFailure failure = asFailure(run.call(), cause);
            Optional<Duration> pause = pauseBeforeNext(run, failure, number);
            if (pause.isEmpty()) {
                return Future.failedFuture(failure);
            }
            return vertx.timer(Math.max(1, pause.get().toMillis()), TimeUnit.MILLISECONDS)
                    .compose(elapsed -> attempt(run, number + 1));
        });
    }

    /** Full jitter: a crowd of failed calls must not come back at one moment. */
    private Optional<Duration> pauseBeforeNext(Run<?> run, ProviderFailure failure, int number) {
        if (!failure.worthRetrying() || number >= options.maxAttempts()) {
            return Optional.empty();
        }
        long jitter = options.retries().fullJitter(number, random).toMillis();
        long asked = failure.retryAfter().map(Duration::toMillis).orElse(0L);
        long pause = Math.max(jitter, asked);
        long spent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - run.startedNanos());
        boolean affordable = asked <= options.retries().longest().toMillis()
                && spent + pause < options.callBudget().toMillis();
        return affordable ? Optional.of(Duration.ofMillis(pause)) : Optional.empty();
    }

    private <T> Future<T> exchange(Run<T> run, int number) {
        Instant at = clock.instant();
        long started = System.nanoTime();
        return transport.send(run.call().request()).transform(answered -> {
            int durationMs = (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
            if (answered.failed()) {
                ProviderFailure failure = transportFailure(run.call(), answered.cause());
                note(run, number, null, failure, durationMs, at);
                return Future.failedFuture(failure);
            }
            return read(run, number, answered.result(), durationMs, at);
        });
    }

    private <T> Future<T> read(Run<T> run, int number, OutboundAnswer answer, int durationMs, Instant at) {
        T value;
        try {
            requireSuccess(run.call(), answer);
            value = run.reader().read(answer);
        } catch (ProviderFailure failure) {
            ProviderFailure complete = failure.withStatus(answer.status());
            note(run, number, answer, complete, durationMs, at);
            return Future.failedFuture(complete);
        } catch (RuntimeException unreadable) {
            LOG.warn(
                    "provider.answer.unreadable",
                    kv("provider", options.provider()),
                    kv("endpoint", run.call().path()),
                    kv("exception_type", unreadable.getClass().getName()));
            ProviderFailure failure = ProviderFailure.invalidBody(run.call().label() + " unreadable response")
                    .withStatus(answer.status());
            note(run, number, answer, failure, durationMs, at);
            return Future.failedFuture(failure);
        }
        note(run, number, answer, null, durationMs, at);
        return Future.succeededFuture(value);
    }

    private void requireSuccess(OutboundCall call, OutboundAnswer answer) {
        int status = answer.status();
        if (status >= 200 && status < 300) {
            return;
        }
        String text = call.label() + " error " + status;
        ProviderFailure failure;
        if (status == 429) {
            failure = ProviderFailure.of(Kind.RATE_LIMITED, ErrorType.RATE_LIMITED, text);
        } else if (status == 401) {
            failure = ProviderFailure.of(Kind.UNAUTHORIZED, ErrorType.UNAUTHORIZED, text);
        } else if (status == 500 && call.doubtful()) {
            failure = ProviderFailure.of(Kind.REJECTED, ErrorType.QUERY_ERROR, text);
        } else if (status >= 500) {
            failure = ProviderFailure.of(Kind.UNAVAILABLE, ErrorType.SERVER_ERROR, text);
        } else {
            failure = ProviderFailure.of(Kind.REJECTED, ErrorType.CLIENT_ERROR, text);
        }
        Optional<Duration> pause = RetryAfter.parse(answer.header("Retry-After"), clock, options.retryAfterCap());
        if (status == 429) {
            pause.ifPresent(this::hold);
        }
        throw pause.map(failure::withRetryAfter).orElse(failure);
    }

    /** Answers may come out of order: the latest time counts. */
    private void hold(Duration pause) {
        Instant until = clock.instant().plus(pause);
        if (until.isAfter(heldUntil)) {
            heldUntil = until;
        }
    }

    /** A 429 that says when to come back is an agreement, not an outage. */
    private static boolean countsForBreaker(Throwable cause) {
        return cause instanceof ProviderFailure failure
                && failure.upstreamFault()
                && !(failure.kind() == Kind.RATE_LIMITED
                        && failure.retryAfter().filter(OutboundHttp::isPositive).isPresent());
    }

    /** The exception's own text stays out: it can name addresses. */
    private static ProviderFailure transportFailure(OutboundCall call, Throwable cause) {
        Reason reason = cause instanceof OutboundFailure failure ? failure.reason() : Reason.CONNECTION;
        return switch (reason) {
            case BODY_TOO_LARGE ->
                ProviderFailure.of(Kind.INVALID_BODY, ErrorType.BODY_TOO_LARGE, call.label() + " response too large");
            case DEADLINE ->
                ProviderFailure.of(Kind.TIMEOUT, ErrorType.TIMEOUT, call.label() + " network error: timeout");
            case NO_FREE_CONNECTION ->
                ProviderFailure.of(
                        Kind.UNAVAILABLE,
                        ErrorType.POOL_EXHAUSTED,
                        call.label() + " network error: no free connection");
            case CONNECTION ->
                ProviderFailure.of(
                        Kind.UNAVAILABLE, ErrorType.CONNECTION, call.label() + " network error: connection failed");
        };
    }

    /** Only the breaker itself fails a call with anything else than a {@link ProviderFailure}. */
    private ProviderFailure asFailure(OutboundCall call, Throwable cause) {
        if (cause instanceof ProviderFailure failure) {
            return failure;
        }
        if (cause instanceof OpenCircuitException) {
            metrics.failure(options.provider(), OutboundMetrics.NO_STATUS, ErrorType.BREAKER_OPEN);
            Duration left = Duration.between(clock.instant(), openedAt.plus(options.breakerReset()));
            return ProviderFailure.of(
                            Kind.BREAKER_OPEN, ErrorType.BREAKER_OPEN, call.label() + " paused after repeated failures")
                    .withRetryAfter(left.isNegative() ? Duration.ofSeconds(1) : left);
        }
        return transportFailure(call, cause);
    }

    private void note(
            Run<?> run, int number, OutboundAnswer answer, ProviderFailure failure, int durationMs, Instant at) {
        Integer status = answer == null ? null : answer.status();
        String label = status == null ? OutboundMetrics.NO_STATUS : Integer.toString(status);
        metrics.result(options.provider(), failure == null ? Outcome.SUCCESS : Outcome.ERROR, label);
        if (failure != null) {
            metrics.failure(options.provider(), label, failure.errorType());
        }
        try {
            run.recorder()
                    .record(new ProviderCall(
                            options.provider(),
                            run.call().path(),
                            run.call().method().name(),
                            status,
                            durationMs,
                            failure == null ? null : failure.publicText(),
                            meta(run.call(), number, answer, failure),
                            at));
        } catch (RuntimeException unrecorded) {
            LOG.warn("provider.call.unrecorded", kv("provider", options.provider()), unrecorded);
        }
    }

    private Map<String, Object> meta(OutboundCall call, int number, OutboundAnswer answer, ProviderFailure failure) {
        Map<String, Object> meta = new LinkedHashMap<>();
        meta.put("attempt", number);
        meta.put("attempts_total", options.maxAttempts());
        meta.put("max_attempts", options.maxAttempts());
        if (answer != null) {
            RetryAfter.parse(answer.header("Retry-After"), clock, options.retryAfterCap())
                    .ifPresent(pause -> meta.put("retry_after_seconds", pause.toMillis() / 1000.0));
            meta.putAll(call.meta().apply(answer));
        }
        if (failure != null) {
            meta.put("error_type", failure.errorType().code());
            if (answer == null) {
                meta.put("retryable", failure.worthRetrying());
            }
            if (failure.kind() == Kind.INVALID_BODY) {
                meta.put("response_invalid", true);
            }
        }
        return meta;
    }

    private static boolean isPositive(Duration duration) {
        return duration.compareTo(Duration.ZERO) > 0;
    }

    private CircuitBreaker createBreaker() {
        CircuitBreakerOptions breakerOptions = new CircuitBreakerOptions()
                .setMaxFailures(options.breakerFailures())
                // The default window of 10 s is no longer than one timeout: slow failures would never add up.
                .setFailuresRollingWindow(Math.max(1000, options.breakerWindow().toMillis()))
                .setResetTimeout(options.breakerReset().toMillis())
                // Attempts have a deadline of their own, which also frees the connection; -1 means none here.
                .setTimeout(-1)
                .setNotificationAddress(null);
        return CircuitBreaker.create("provider-" + options.provider(), vertx, breakerOptions)
                .<Object>failurePolicy(done -> done.failed() && countsForBreaker(done.cause()))
                .openHandler(opened -> {
                    openedAt = clock.instant();
                    if (!outage) {
                        outage = true;
                        LOG.warn("provider.breaker.opened", kv("provider", options.provider()));
                    }
                    metrics.breaker(options.provider(), BreakerState.OPEN);
                })
                .halfOpenHandler(probing -> metrics.breaker(options.provider(), BreakerState.HALF_OPEN))
                .closeHandler(closed -> {
                    outage = false;
                    LOG.info("provider.breaker.closed", kv("provider", options.provider()));
                    metrics.breaker(options.provider(), BreakerState.CLOSED);
                });
    }

    private record Run<T>(OutboundCall call, AnswerReader<T> reader, CallRecorder recorder, long startedNanos) {}
}

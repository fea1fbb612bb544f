package io.waxwatch.provider.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.waxwatch.common.failure.Backoff;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Tries again what may end differently: network errors and 5xx, after a pause with full jitter, for a crowd of failed
 * calls must not come back at one moment. All attempts share the time budget that the first one is handed.
 */
final class RetryingSender implements CallSender {

    private final CallSender within;
    private final Vertx vertx;
    private final int maxAttempts;
    private final Backoff pauses;
    private final RandomGenerator random;
    private final LongSupplier nanoClock;

    /**
     * @param maxAttempts per call, at least 1
     * @param nanoClock as {@link System#nanoTime}
     */
    RetryingSender(
            CallSender within,
            Vertx vertx,
            int maxAttempts,
            Backoff pauses,
            RandomGenerator random,
            LongSupplier nanoClock) {
        this.within = within;
        this.vertx = vertx;
        this.maxAttempts = maxAttempts;
        this.pauses = pauses;
        this.random = random;
        this.nanoClock = nanoClock;
    }

    @Override
    public <T> Future<CallResult<T>> send(CallAttempt<T> first) {
        return attempt(first, nanoClock.getAsLong() + first.left().toNanos());
    }

    private <T> Future<CallResult<T>> attempt(CallAttempt<T> attempt, long until) {
        return within.send(attempt).compose(result -> {
            Duration left = Duration.ofNanos(Math.max(0, until - nanoClock.getAsLong()));
            Optional<Duration> pause = result.failure().flatMap(failure -> pause(failure, attempt.number(), left));
            if (pause.isEmpty()) {
                return Future.succeededFuture(result);
            }
            var next = new CallAttempt<>(
                    attempt.call(),
                    attempt.reader(),
                    attempt.recorder(),
                    attempt.number() + 1,
                    left.minus(pause.get()));
            return vertx.timer(Math.max(1, pause.get().toMillis()), TimeUnit.MILLISECONDS)
                    .compose(elapsed -> attempt(next, until));
        });
    }

    /**
     * Empty when there is to be no further attempt: also when the host asks for a longer pause than ours, or none is
     * left.
     */
    private Optional<Duration> pause(ProviderFailure failure, int number, Duration left) {
        if (!failure.worthRetrying() || number >= maxAttempts) {
            return Optional.empty();
        }
        Duration asked = failure.retryAfter().orElse(Duration.ZERO);
        Duration drawn = pauses.fullJitter(number, random);
        Duration pause = asked.compareTo(drawn) > 0 ? asked : drawn;
        boolean affordable = asked.compareTo(pauses.longest()) <= 0 && pause.compareTo(left) < 0;
        return affordable ? Optional.of(pause) : Optional.empty();
    }
}

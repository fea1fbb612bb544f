package io.waxwatch.provider.http;

import io.vertx.core.Future;
import io.waxwatch.common.outbound.OutboundAnswer;
import io.waxwatch.provider.http.ProviderFailure.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The smallest quota: knows nothing until a 429 comes, then lets nothing pass until the time that it names. After
 * several in a row that name none, it lets nothing pass for a while of its own. Nobody waits here, for whoever asked
 * us to stay away does not want a crowd at the gate. Safe for all threads.
 */
public final class HeldUntil implements CallQuota {

    private static final int TOO_MANY_REQUESTS = 429;

    private final String label;
    private final int mostUnnamed;
    private final Duration unnamed;
    private final Duration longest;
    private final Clock clock;
    private volatile Instant until = Instant.EPOCH;
    private int unnamedInARow;

    /**
     * @param label how the refusal begins, such as {@code eBay}
     * @param mostUnnamed so many 429s in a row that name no time hold everything
     * @param unnamed for how long
     * @param longest no 429 is heeded for longer
     */
    public HeldUntil(String label, int mostUnnamed, Duration unnamed, Duration longest, Clock clock) {
        this.label = label;
        this.mostUnnamed = mostUnnamed;
        this.unnamed = unnamed;
        this.longest = longest;
        this.clock = clock;
    }

    /**
     * With a host's own numbers: 429s that name no time hold its calls as soon, and for as long, as faults would open
     * its breaker.
     *
     * @param label how the refusal begins, such as {@code eBay}
     */
    public static HeldUntil of(String label, OutboundOptions options, Clock clock) {
        return new HeldUntil(label, options.breakerFailures(), options.breakerReset(), options.retryAfterCap(), clock);
    }

    @Override
    public Future<Void> admit(CallPurpose purpose, Duration patience) {
        Duration hold = Duration.between(clock.instant(), until);
        if (hold.isNegative() || hold.isZero()) {
            return Future.succeededFuture();
        }
        return Future.failedFuture(ProviderFailure.of(
                        Kind.RATE_LIMITED, ErrorType.RATE_LIMITED, label + " asked to be left alone for a while")
                .withRetryAfter(hold));
    }

    /** Answers may come out of order: the latest time counts. */
    @Override
    public synchronized void answered(OutboundAnswer answer) {
        if (answer.status() != TOO_MANY_REQUESTS) {
            unnamedInARow = 0;
            return;
        }
        Optional<Duration> named = RetryAfter.parse(answer.header("Retry-After"), clock, longest);
        unnamedInARow = named.isPresent() ? 0 : unnamedInARow + 1;
        Duration pause = named.orElse(unnamedInARow >= mostUnnamed ? unnamed : Duration.ZERO);
        Instant end = clock.instant().plus(pause);
        until = end.isAfter(until) ? end : until;
    }
}

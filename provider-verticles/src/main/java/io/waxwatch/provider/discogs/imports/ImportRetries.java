package io.waxwatch.provider.discogs.imports;

import io.waxwatch.provider.http.ProviderFailure;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether and when a page that failed is asked for again. The attempts of one call are the client's; these are about the job,
 * which meanwhile is a row that nobody holds.
 */
final class ImportRetries {

    /** Failures in a row, without any page in between, after which the job fails. */
    static final int MAX_ATTEMPTS = 6;
    /** The same where Discogs only wants us to wait: floors share its quota, and a busy hour is no reason to give up. */
    static final int MAX_WAITS = 60;

    /** Discogs counts over a moving minute, and a call that is too early counts too. */
    private static final Duration QUOTA_PAUSE = Duration.ofMinutes(1);

    private static final int MAX_DOUBLINGS = 10;
    private static final Duration MAX_PAUSE = Duration.ofMinutes(15);

    private final Duration base;

    /** @param base pause after the first failure; it doubles with each further one */
    ImportRetries(Duration base) {
        this.base = base;
    }

    /**
     * The pause before the next attempt; empty when asking again will not help.
     *
     * @param failedBefore attempts in a row that failed before this one
     */
    Optional<Duration> pause(Throwable cause, int failedBefore) {
        if (failedBefore + 1 >= (isWait(cause) ? MAX_WAITS : MAX_ATTEMPTS) || isFinal(cause)) {
            return Optional.empty();
        }
        return Optional.of(asked(cause).orElseGet(() -> grown(first(cause), failedBefore)));
    }

    private static boolean isFinal(Throwable cause) {
        return cause instanceof ProviderFailure failure
                && (failure.kind() == ProviderFailure.Kind.REJECTED
                        || failure.kind() == ProviderFailure.Kind.UNAUTHORIZED);
    }

    private static boolean isWait(Throwable cause) {
        return cause instanceof ProviderFailure failure
                && (failure.kind() == ProviderFailure.Kind.RATE_LIMITED
                        || failure.kind() == ProviderFailure.Kind.BREAKER_OPEN);
    }

    private static Optional<Duration> asked(Throwable cause) {
        return cause instanceof ProviderFailure failure ? failure.retryAfter() : Optional.empty();
    }

    private Duration first(Throwable cause) {
        return cause instanceof ProviderFailure failure && failure.kind() == ProviderFailure.Kind.RATE_LIMITED
                ? QUOTA_PAUSE
                : base;
    }

    private static Duration grown(Duration first, int failedBefore) {
        Duration pause = first.multipliedBy(1L << Math.min(failedBefore, MAX_DOUBLINGS));
        return pause.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : pause;
    }
}

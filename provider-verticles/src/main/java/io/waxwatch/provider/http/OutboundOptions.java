package io.waxwatch.provider.http;

import io.waxwatch.common.failure.Backoff;
import io.waxwatch.common.outbound.TransportOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;

/**
 * How to talk to one upstream host.
 *
 * @param provider wire name, used in records, metrics and the breaker's name
 * @param transport how the host is reached; its deadline is that of one attempt
 * @param callBudget no further attempt starts once this much time has passed since the first began
 * @param maxAttempts per call, at least 1
 * @param retries the pauses before further attempts
 * @param retryAfterCap upper bound of what a {@code Retry-After} header may ask for
 * @param breakerFailures upstream failures within the window that open the breaker
 * @param breakerWindow how long a failure counts
 * @param breakerReset how long the breaker stays open before it lets one probe through
 */
public record OutboundOptions(
        String provider,
        TransportOptions transport,
        Duration callBudget,
        int maxAttempts,
        Backoff retries,
        Duration retryAfterCap,
        int breakerFailures,
        Duration breakerWindow,
        Duration breakerReset) {

    public OutboundOptions {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(transport, "transport");
        Objects.requireNonNull(retries, "retries");
        requirePositive(callBudget, "callBudget");
        requirePositive(retryAfterCap, "retryAfterCap");
        requirePositive(breakerWindow, "breakerWindow");
        requirePositive(breakerReset, "breakerReset");
        require(maxAttempts >= 1, "maxAttempts must be at least 1");
        require(breakerFailures >= 1, "breakerFailures must be at least 1");
    }

    /**
     * Begins with what is in use where no setting says otherwise: 4 attempts within 30 s, a breaker that opens after
     * 5 failures in 2 minutes and tries again after 30 s, and the transport's own bounds.
     */
    public static Builder to(String provider, URI baseUri) {
        return new Builder(provider, baseUri);
    }

    /** The base URL of the host. */
    public URI baseUri() {
        return transport.baseUri();
    }

    /** How long a call can take with all its attempts. */
    public Duration longestCall() {
        return callBudget.plus(transport.deadline());
    }

    private static void requirePositive(Duration duration, String name) {
        require(duration.toMillis() > 0, name + " must be at least 1 ms");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Collects options; what is not said stays as it began. */
    public static final class Builder {

        private final String provider;
        private final TransportOptions.Builder transport;
        private Duration attemptTimeout = Duration.ofSeconds(10);
        private Duration callBudget = Duration.ofSeconds(30);
        private int maxAttempts = 4;
        private Backoff retries = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(5));
        private Duration retryAfterCap = Duration.ofHours(1);
        private int breakerFailures = 5;
        private Duration breakerWindow = Duration.ofMinutes(2);
        private Duration breakerReset = Duration.ofSeconds(30);

        private Builder(String provider, URI baseUri) {
            this.provider = provider;
            this.transport = TransportOptions.to("provider-" + provider, baseUri);
        }

        /** For one whole attempt: waiting for a connection, sending, and reading to the last byte. */
        public Builder attemptTimeout(Duration timeout) {
            this.attemptTimeout = timeout;
            return this;
        }

        /**
         * Tries again after pauses.
         *
         * @param attempts fewer than one count as one
         * @param base longest pause before the second attempt; doubled before each next one
         * @param max no pause is longer; less than {@code base} counts as {@code base}
         */
        public Builder retries(int attempts, Duration base, Duration max) {
            this.maxAttempts = Math.max(1, attempts);
            this.retries = new Backoff(base, max.compareTo(base) < 0 ? base : max);
            return this;
        }

        public Builder maxBodyBytes(int bytes) {
            transport.maxBodyBytes(bytes);
            return this;
        }

        public Builder pool(int connections, int waiters) {
            transport.pool(connections, waiters);
            return this;
        }

        /** Opens after so many failures within the window, for the time of the reset. */
        public Builder breaker(int failures, Duration window, Duration reset) {
            this.breakerFailures = failures;
            this.breakerWindow = window;
            this.breakerReset = reset;
            return this;
        }

        /** @throws IllegalArgumentException when a value is out of bounds */
        public OutboundOptions build() {
            // Two slow attempts must fit, or a timeout would never be tried again.
            Duration slow = attemptTimeout.multipliedBy(3);
            return new OutboundOptions(
                    provider,
                    transport.deadline(attemptTimeout).build(),
                    callBudget.compareTo(slow) < 0 ? slow : callBudget,
                    maxAttempts,
                    retries,
                    retryAfterCap,
                    breakerFailures,
                    breakerWindow,
                    breakerReset);
        }
    }
}

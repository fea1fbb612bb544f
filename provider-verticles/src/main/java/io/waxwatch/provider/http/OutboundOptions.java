package io.waxwatch.provider.http;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/**
 * How to talk to one upstream host.
 *
 * @param provider wire name, used in records, metrics and the breaker's name
 * @param baseUri http or https, with an optional path prefix
 * @param connectTimeout for the TCP and TLS handshake
 * @param attemptTimeout for one whole attempt: waiting for a connection, sending, and reading to the last byte
 * @param callBudget no further attempt starts once this much time has passed since the first began
 * @param maxBodyBytes bound of a decompressed body
 * @param poolSize connections
 * @param waitQueue attempts waiting for one of them; further ones fail at once
 * @param maxAttempts per call, at least 1
 * @param retryBase the first pause is uniform in 0..retryBase, each next bound is twice the last
 * @param retryMax upper bound of one pause
 * @param retryAfterCap upper bound of what a {@code Retry-After} header may ask for
 * @param breakerFailures upstream failures in a row that open the breaker
 * @param breakerWindow how long a failure counts
 * @param breakerReset how long the breaker stays open before it lets one probe through
 */
public record OutboundOptions(
        String provider,
        URI baseUri,
        Duration connectTimeout,
        Duration attemptTimeout,
        Duration callBudget,
        int maxBodyBytes,
        int poolSize,
        int waitQueue,
        int maxAttempts,
        Duration retryBase,
        Duration retryMax,
        Duration retryAfterCap,
        int breakerFailures,
        Duration breakerWindow,
        Duration breakerReset) {

    public OutboundOptions {
        Objects.requireNonNull(provider, "provider");
        String scheme = baseUri.getScheme() == null ? "" : baseUri.getScheme().toLowerCase(Locale.ROOT);
        require(scheme.equals("http") || scheme.equals("https"), "base URL must be http or https");
        require(baseUri.getHost() != null, "base URL must name a host");
        require(baseUri.getUserInfo() == null, "base URL must not carry credentials");
        requirePositive(connectTimeout, "connectTimeout");
        requirePositive(attemptTimeout, "attemptTimeout");
        requirePositive(callBudget, "callBudget");
        requirePositive(retryBase, "retryBase");
        requirePositive(retryMax, "retryMax");
        requirePositive(retryAfterCap, "retryAfterCap");
        requirePositive(breakerWindow, "breakerWindow");
        requirePositive(breakerReset, "breakerReset");
        require(maxBodyBytes > 0, "maxBodyBytes must be positive");
        require(poolSize > 0, "poolSize must be positive");
        // 0 would mean "no waiting", a negative number "no bound" to the pool.
        require(waitQueue >= 0, "waitQueue must not be negative");
        require(maxAttempts >= 1, "maxAttempts must be at least 1");
        require(breakerFailures >= 1, "breakerFailures must be at least 1");
    }

    /** The values in use where no setting says otherwise. */
    public static OutboundOptions defaults(String provider, URI baseUri) {
        return new OutboundOptions(
                provider,
                baseUri,
                Duration.ofSeconds(3),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                8 * 1024 * 1024,
                8,
                64,
                4,
                Duration.ofMillis(250),
                Duration.ofMillis(5000),
                Duration.ofHours(1),
                5,
                Duration.ofMinutes(2),
                Duration.ofSeconds(30));
    }

    /** With the four values that have settings of their own. */
    public OutboundOptions withRetries(Duration timeoutPerAttempt, int attempts, Duration base, Duration max) {
        return new OutboundOptions(
                provider,
                baseUri,
                connectTimeout,
                timeoutPerAttempt,
                // Two slow attempts must fit, or a timeout would never be tried again.
                callBudget.compareTo(timeoutPerAttempt.multipliedBy(3)) < 0
                        ? timeoutPerAttempt.multipliedBy(3)
                        : callBudget,
                maxBodyBytes,
                poolSize,
                waitQueue,
                Math.max(1, attempts),
                base,
                max.compareTo(base) < 0 ? base : max,
                retryAfterCap,
                breakerFailures,
                breakerWindow,
                breakerReset);
    }

    /** How long a call can take with all its attempts. */
    public Duration longestCall() {
        return callBudget.plus(attemptTimeout);
    }

    /** With another bound for a body. */
    public OutboundOptions withMaxBodyBytes(int bytes) {
        return new OutboundOptions(
                provider,
                baseUri,
                connectTimeout,
                attemptTimeout,
                callBudget,
                bytes,
                poolSize,
                waitQueue,
                maxAttempts,
                retryBase,
                retryMax,
                retryAfterCap,
                breakerFailures,
                breakerWindow,
                breakerReset);
    }

    /** With another breaker. */
    public OutboundOptions withBreaker(int failures, Duration window, Duration reset) {
        return new OutboundOptions(
                provider,
                baseUri,
                connectTimeout,
                attemptTimeout,
                callBudget,
                maxBodyBytes,
                poolSize,
                waitQueue,
                maxAttempts,
                retryBase,
                retryMax,
                retryAfterCap,
                failures,
                window,
                reset);
    }

    /** With another pool. */
    public OutboundOptions withPool(int connections, int queue) {
        return new OutboundOptions(
                provider,
                baseUri,
                connectTimeout,
                attemptTimeout,
                callBudget,
                maxBodyBytes,
                connections,
                queue,
                maxAttempts,
                retryBase,
                retryMax,
                retryAfterCap,
                breakerFailures,
                breakerWindow,
                breakerReset);
    }

    private static void requirePositive(Duration duration, String name) {
        require(duration.toMillis() > 0, name + " must be at least 1 ms");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}

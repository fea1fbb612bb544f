package io.waxwatch.common.outbound;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/**
 * How to reach one host.
 *
 * @param name of the client in Vert.x' own metrics
 * @param baseUri http or https, what every request's target is appended to
 * @param connectTimeout for the TCP and TLS handshake
 * @param deadline for one whole exchange: waiting for a connection, sending, and reading to the last byte
 * @param maxBodyBytes bound of a decompressed body
 * @param poolSize connections
 * @param waitQueue exchanges waiting for one of them; further ones fail at once
 */
public record TransportOptions(
        String name,
        URI baseUri,
        Duration connectTimeout,
        Duration deadline,
        int maxBodyBytes,
        int poolSize,
        int waitQueue) {

    public TransportOptions {
        Objects.requireNonNull(name, "name");
        String scheme = baseUri.getScheme() == null ? "" : baseUri.getScheme().toLowerCase(Locale.ROOT);
        require(scheme.equals("http") || scheme.equals("https"), "base URL must be http or https");
        require(baseUri.getHost() != null, "base URL must name a host");
        require(baseUri.getUserInfo() == null, "base URL must not carry credentials");
        require(connectTimeout.toMillis() > 0, "connectTimeout must be at least 1 ms");
        require(deadline.toMillis() > 0, "deadline must be at least 1 ms");
        require(maxBodyBytes > 0, "maxBodyBytes must be positive");
        require(poolSize > 0, "poolSize must be positive");
        // To the pool 0 means "no waiting", and a negative number "no bound".
        require(waitQueue >= 0, "waitQueue must not be negative");
    }

    /** Begins with 3 s to connect, 10 s in all, 8 MiB, 8 connections and 64 waiters. */
    public static Builder to(String name, URI baseUri) {
        return new Builder(name, baseUri);
    }

    boolean isTls() {
        return baseUri.getScheme().equalsIgnoreCase("https");
    }

    int port() {
        if (baseUri.getPort() > 0) {
            return baseUri.getPort();
        }
        return isTls() ? 443 : 80;
    }

    /** What stands on the request line: a path is appended to the base URI's own, and a query to its query. */
    String wireTarget(String target) {
        String path = baseUri.getRawPath() == null ? "" : baseUri.getRawPath();
        if (target.startsWith("/")) {
            return (path.endsWith("/") ? path.substring(0, path.length() - 1) : path) + target;
        }
        String start = path.isEmpty() ? "/" : path;
        if (baseUri.getRawQuery() == null) {
            return start + target;
        }
        return start + "?" + baseUri.getRawQuery() + target.replaceFirst("^\\?", "&");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Collects options; what is not said stays as it began. */
    public static final class Builder {

        private final String name;
        private final URI baseUri;
        private Duration connectTimeout = Duration.ofSeconds(3);
        private Duration deadline = Duration.ofSeconds(10);
        private int maxBodyBytes = 8 * 1024 * 1024;
        private int poolSize = 8;
        private int waitQueue = 64;

        private Builder(String name, URI baseUri) {
            this.name = name;
            this.baseUri = baseUri;
        }

        public Builder connectTimeout(Duration timeout) {
            this.connectTimeout = timeout;
            return this;
        }

        public Builder deadline(Duration wholeExchange) {
            this.deadline = wholeExchange;
            return this;
        }

        public Builder maxBodyBytes(int bytes) {
            this.maxBodyBytes = bytes;
            return this;
        }

        public Builder pool(int connections, int waiters) {
            this.poolSize = connections;
            this.waitQueue = waiters;
            return this;
        }

        /** @throws IllegalArgumentException when a value is out of bounds */
        public TransportOptions build() {
            return new TransportOptions(name, baseUri, connectTimeout, deadline, maxBodyBytes, poolSize, waitQueue);
        }
    }
}

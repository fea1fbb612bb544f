package io.waxwatch.provider.discogs.client;

import io.waxwatch.provider.http.OutboundOptions;
import java.util.Objects;

/**
 * How to use the Discogs API.
 *
 * @param http host, deadlines, retries, breaker
 * @param userAgent unique to the application; without one the service answers 403 with a page of HTML
 * @param token personal access token of the application; null for anonymous use (25 calls a minute instead of 60)
 */
public record DiscogsOptions(OutboundOptions http, String userAgent, String token) {

    public DiscogsOptions {
        Objects.requireNonNull(http, "http");
        if (userAgent == null || userAgent.isBlank()) {
            throw new IllegalArgumentException("Discogs needs a user agent");
        }
        userAgent = userAgent.trim();
        token = token == null || token.isBlank() ? null : token.trim();
    }

    /** Leaves the token out. */
    @Override
    public String toString() {
        return "DiscogsOptions[" + http.baseUri() + ", " + userAgent + "]";
    }
}

package io.waxwatch.gateway.throttle;

import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/**
 * {@code RateLimit-Policy} and {@code RateLimit} as structured fields, after draft-ietf-httpapi-ratelimit-headers-10: each
 * bucket is a policy of that many requests ({@code q}) in as many seconds as it takes to fill ({@code w}); {@code r} requests
 * are left, and there will be another in {@code t} seconds.
 */
final class RateLimitHeaders {

    private RateLimitHeaders() {}

    static void write(HttpServerResponse response, List<Ask> asks, Decision decision) {
        var policies = new StringBuilder();
        var budgets = new StringBuilder();
        for (int i = 0; i < asks.size(); i++) {
            Ask ask = asks.get(i);
            double left = Math.max(0, decision.left().get(i));
            named(policies, ask)
                    .append(";q=")
                    .append(ask.limit().capacity())
                    .append(";w=")
                    .append(ask.limit().secondsToFill());
            named(budgets, ask).append(";r=").append((long) left);
            if (ask.scope() == decision.refusedBy()) {
                budgets.append(";t=").append(decision.retryAfterSeconds());
            } else if (left < ask.limit().capacity()) {
                budgets.append(";t=").append(ask.limit().secondsToNext(left));
            }
        }
        response.putHeader("ratelimit-policy", policies).putHeader("ratelimit", budgets);
    }

    private static StringBuilder named(StringBuilder list, Ask ask) {
        return list.append(list.isEmpty() ? "\"" : ", \"")
                .append(ask.scope().wireName())
                .append('"');
    }
}

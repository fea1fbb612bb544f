package io.waxwatch.gateway.throttle;

/** A token wanted from one bucket. */
record Ask(String key, RateLimitScope scope, Limit limit) {}

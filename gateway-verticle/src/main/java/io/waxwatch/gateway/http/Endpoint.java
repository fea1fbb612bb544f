package io.waxwatch.gateway.http;

import io.vertx.core.Future;

/** What one route does for an admitted caller. */
@FunctionalInterface
public interface Endpoint {
    Future<ApiResponse> answer(Call call);
}

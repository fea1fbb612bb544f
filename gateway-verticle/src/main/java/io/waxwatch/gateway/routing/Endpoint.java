package io.waxwatch.gateway.routing;

import io.vertx.core.Future;
import io.waxwatch.gateway.http.ApiResponse;

/** What one route does for an admitted caller. */
@FunctionalInterface
public interface Endpoint {
    Future<ApiResponse> answer(Call call);
}

package io.waxwatch.gateway.routing;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import io.waxwatch.gateway.http.ApiResponse;
import io.waxwatch.gateway.validation.JsonBody;

/** What one route does for anybody. */
@FunctionalInterface
public interface OpenEndpoint {
    Future<ApiResponse> answer(RoutingContext rc, JsonBody body);
}

package io.waxwatch.gateway.auth;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/** Who a request says it is from, proven: whatever it carries ends as a token that was verified. */
@FunctionalInterface
public interface Credentials {

    /** Fails with a {@link io.waxwatch.gateway.http.Refusal}. */
    Future<Caller> of(HttpServerRequest request);
}

package io.waxwatch.gateway.auth;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/** Who a request says it is from, proven: whatever it carries ends as a token that was verified. */
public interface Credentials {

    /** Fails with a {@link io.waxwatch.gateway.http.Refusal}. */
    Future<Caller> of(HttpServerRequest request);

    /** Whether that takes no more than a look into memory: because it was proven here before, or because there is nothing to prove. */
    boolean areAtHand(HttpServerRequest request);
}

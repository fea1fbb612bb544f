package io.waxwatch.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.waxwatch.common.telemetry.MethodLabel;

/** Refuses methods that no route has, invented ones and {@code TRACE} and {@code CONNECT}, before anything is done for them. */
public final class MethodCheck implements Handler<RoutingContext> {

    private final ErrorResponses errors;

    public MethodCheck(ErrorResponses errors) {
        this.errors = errors;
    }

    static boolean isUnknown(HttpServerRequest request) {
        return !MethodLabel.KNOWN.contains(request.method().name());
    }

    @Override
    public void handle(RoutingContext rc) {
        if (isUnknown(rc.request())) {
            errors.notImplemented(rc);
        } else {
            rc.next();
        }
    }
}

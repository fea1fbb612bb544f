package io.waxwatch.sandbox.control;

import io.vertx.core.http.HttpServerRequest;

/** What absolute links start with. */
public final class Origins {

    private Origins() {}

    /** The configured base, or the address that the client called. */
    public static String of(HttpServerRequest request, String configured) {
        if (!configured.isEmpty()) {
            return configured;
        }
        return request.scheme() + "://" + request.authority();
    }
}

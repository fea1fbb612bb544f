package io.waxwatch.gateway.http;

import io.vertx.core.http.HttpMethod;
import java.util.Set;

/** Which requests may have a body, and how large it may be. */
public final class RequestBodies {

    /** Most bytes of a request body; more is 413. */
    public static final long MAX_BYTES = 64 * 1024;

    private static final Set<HttpMethod> METHODS = Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);

    private RequestBodies() {}

    /** Whether a body is read of requests with this method. */
    public static boolean comeWith(HttpMethod method) {
        return METHODS.contains(method);
    }
}

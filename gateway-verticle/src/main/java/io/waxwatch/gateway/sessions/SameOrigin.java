package io.waxwatch.gateway.sessions;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.Locale;
import java.util.Set;

/** Whether a page of ours sends a request, as the browser tells it; a page cannot make either header up. */
final class SameOrigin {

    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final String own;

    /** @param publicBase where browsers reach us, for when a proxy writes another {@code Host} */
    SameOrigin(URI publicBase) {
        this.own = origin(publicBase.getScheme(), publicBase.getRawAuthority());
    }

    static boolean isSafe(HttpServerRequest request) {
        return SAFE.contains(request.method());
    }

    /** The browser says that the request is from a page of ours. */
    boolean isProven(HttpServerRequest request) {
        String site = request.getHeader("sec-fetch-site");
        if (site != null) {
            return site.equals("same-origin");
        }
        String origin = request.getHeader("origin");
        return origin != null && isOurs(origin, request);
    }

    /** The browser says that it is not; what no browser sends says nothing. */
    boolean isForeign(HttpServerRequest request) {
        boolean fromBrowser = request.getHeader("sec-fetch-site") != null || request.getHeader("origin") != null;
        return fromBrowser && !isProven(request);
    }

    private boolean isOurs(String origin, HttpServerRequest request) {
        String given = origin.toLowerCase(Locale.ROOT);
        String host = request.authority() == null ? null : request.authority().toString();
        return given.equals(own)
                || (host != null && (given.equals(origin("https", host)) || given.equals(origin("http", host))));
    }

    private static String origin(String scheme, String authority) {
        return (scheme + "://" + authority).toLowerCase(Locale.ROOT);
    }
}

package io.waxwatch.gateway.sessions;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.waxwatch.gateway.auth.Caller;
import io.waxwatch.gateway.auth.Credentials;
import io.waxwatch.gateway.auth.TokenVerifier;
import io.waxwatch.gateway.http.ApiException;

/**
 * A bearer token, or else the access token of the session that the cookie names; either is verified alike. With a cookie, which
 * browsers send along whoever made the page, what changes something must come from a page of ours.
 */
public final class BrowserCredentials implements Credentials {

    private final TokenVerifier tokens;
    private final Sessions sessions;
    private final SessionCookie cookie;
    private final SameOrigin sameOrigin;

    BrowserCredentials(TokenVerifier tokens, Sessions sessions, SessionCookie cookie, SameOrigin sameOrigin) {
        this.tokens = tokens;
        this.sessions = sessions;
        this.cookie = cookie;
        this.sameOrigin = sameOrigin;
    }

    @Override
    public Future<Caller> of(HttpServerRequest request) {
        String authorization = request.getHeader("authorization");
        if (authorization != null || !cookie.isIn(request)) {
            return tokens.verify(authorization);
        }
        if (!SameOrigin.isSafe(request) && !sameOrigin.isProven(request)) {
            return Future.failedFuture(ApiException.http(400, "a page of another origin cannot use this session"));
        }
        return cookie.read(request)
                .map(sessions::caller)
                .orElseGet(() -> Future.failedFuture(ApiException.http(401, Sessions.ENDED)));
    }

    @Override
    public boolean areAtHand(HttpServerRequest request) {
        String authorization = request.getHeader("authorization");
        return authorization != null || !cookie.isIn(request)
                ? tokens.isAtHand(authorization)
                : cookie.read(request).map(sessions::isAtHand).orElse(true);
    }
}

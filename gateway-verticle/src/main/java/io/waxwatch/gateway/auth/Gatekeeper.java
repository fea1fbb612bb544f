package io.waxwatch.gateway.auth;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.waxwatch.gateway.http.OnContext;
import io.waxwatch.gateway.http.Refusal;
import io.waxwatch.gateway.throttle.Scope;
import io.waxwatch.gateway.throttle.Throttle;
import io.waxwatch.gateway.users.Users;

/**
 * Lets a request in, or not. The token is verified before anything is counted, so that everybody has a budget of their
 * own, also behind one address; who cannot prove who they are shares the budget of their address. Of one event loop.
 */
public final class Gatekeeper {

    private final TokenVerifier tokens;
    private final Throttle throttle;
    private final Users users;

    public Gatekeeper(TokenVerifier tokens, Throttle throttle, Users users) {
        this.tokens = tokens;
        this.throttle = throttle;
        this.users = users;
    }

    /**
     * @param scope the route's own budget; null for none
     * @param beforeRefusal run between the rate check and the refusal of a bad token; may throw another refusal
     */
    public Future<Caller> admit(HttpServerRequest request, Scope scope, Runnable beforeRefusal) {
        // The body, if any, is read already; what comes while we wait stays in the socket.
        return OnContext.here(tokens.verify(request.getHeader("authorization")))
                .transform(verified -> count(request, verified.result(), scope).compose(counted -> {
                    beforeRefusal.run();
                    return verified.succeeded()
                            ? Future.succeededFuture(verified.result())
                            : Future.<Caller>failedFuture(verified.cause());
                }))
                .compose(caller -> users.admit(caller).compose(standing -> switch (standing) {
                    case ACTIVE, STRANGER -> Future.succeededFuture(caller);
                    case INACTIVE -> Future.failedFuture(Refusal.http(403, "User account is inactive"));
                }));
    }

    private Future<Void> count(HttpServerRequest request, Caller caller, Scope scope) {
        return caller == null
                ? throttle.take("addr:" + request.remoteAddress().hostAddress(), Scope.GLOBAL_ANONYMOUS, null)
                : throttle.take("user:" + caller.userId(), Scope.GLOBAL_AUTHENTICATED, scope);
    }
}

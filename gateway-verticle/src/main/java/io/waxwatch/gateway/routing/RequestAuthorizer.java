package io.waxwatch.gateway.routing;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.waxwatch.gateway.auth.Access;
import io.waxwatch.gateway.auth.Caller;
import io.waxwatch.gateway.auth.Credentials;
import io.waxwatch.gateway.http.ApiException;
import io.waxwatch.gateway.http.OnContext;
import io.waxwatch.gateway.throttle.ClientAddress;
import io.waxwatch.gateway.throttle.RateLimitScope;
import io.waxwatch.gateway.throttle.Throttle;
import io.waxwatch.gateway.users.Users;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets a request in, or not. The token is verified before anything is counted, so that everybody has a budget of their
 * own, also behind one address; who cannot prove who they are shares the budget of their address. Where that is spent, only who was proven
 * before passes without a token of it. Of one event loop.
 */
public final class RequestAuthorizer {

    private final Credentials credentials;
    private final Throttle throttle;
    private final Users users;
    private final ClientAddress clients;

    public RequestAuthorizer(Credentials credentials, Throttle throttle, Users users, ClientAddress clients) {
        this.credentials = credentials;
        this.throttle = throttle;
        this.users = users;
        this.clients = clients;
    }

    /**
     * @param scopes the route's own budgets, besides the caller's overall one
     * @param access whom the route lets in
     * @param beforeRefusal run between the rate check and the refusal of a bad token; may throw another refusal
     */
    public Future<Caller> admit(
            HttpServerRequest request, List<RateLimitScope> scopes, Access access, Runnable beforeRefusal) {
        // The body, if any, is read already; what comes while we wait stays in the socket.
        return payAhead(request)
                .compose(paid -> OnContext.here(credentials.of(request))
                        .transform(verified -> count(request, verified.result(), scopes)
                                .compose(counted -> {
                                    beforeRefusal.run();
                                    return verified.succeeded()
                                            ? Future.succeededFuture(verified.result())
                                            : Future.<Caller>failedFuture(verified.cause());
                                })))
                .compose(caller -> users.admit(caller).map(standing -> {
                    judge(caller, standing, access);
                    return caller;
                }));
    }

    private static void judge(Caller caller, Users.AccountStatus standing, Access access) {
        if (standing == Users.AccountStatus.SIGNED_OUT) {
            throw ApiException.http(401, "invalid bearer token");
        }
        if (standing == Users.AccountStatus.INACTIVE && access != Access.ALSO_INACTIVE) {
            throw ApiException.http(403, "User account is inactive");
        }
        if (access == Access.ADMIN && !caller.admin()) {
            throw ApiException.http(403, "Admin access required");
        }
    }

    /** Counts a request that reaches no route, so that it costs what any other costs. */
    public Future<Void> count(HttpServerRequest request) {
        return payAhead(request)
                .compose(paid -> OnContext.here(credentials.of(request))
                        .transform(verified -> count(request, verified.result(), List.of())));
    }

    /**
     * Proving what has not been proven here costs a query or a signature. From where the budget of the address is spent it has to
     * be paid for before, or else made-up credentials would cost most when they are refused anyway.
     */
    private Future<Void> payAhead(HttpServerRequest request) {
        return throttle.isSpent(address(request), RateLimitScope.GLOBAL_ANONYMOUS) && !credentials.areAtHand(request)
                ? count(request, null, List.of())
                : Future.succeededFuture();
    }

    private String address(HttpServerRequest request) {
        return "addr:" + clients.of(request);
    }

    private Future<Void> count(HttpServerRequest request, Caller caller, List<RateLimitScope> scopes) {
        if (caller == null) {
            return throttle.take(request.response(), address(request), List.of(RateLimitScope.GLOBAL_ANONYMOUS));
        }
        var counted = new ArrayList<RateLimitScope>(1 + scopes.size());
        counted.add(RateLimitScope.GLOBAL_AUTHENTICATED);
        counted.addAll(scopes);
        return throttle.take(request.response(), "user:" + caller.userId(), counted);
    }
}

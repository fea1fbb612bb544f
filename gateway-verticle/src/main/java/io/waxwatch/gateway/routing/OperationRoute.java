package io.waxwatch.gateway.routing;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import io.waxwatch.gateway.auth.Access;
import io.waxwatch.gateway.auth.Caller;
import io.waxwatch.gateway.throttle.RateLimitScope;
import java.util.List;
import java.util.function.BiFunction;

/**
 * The declaration of one operation: first whom it lets in and what that costs them, at last what answers it. Without one of
 * the {@code to} methods it counts as not declared.
 */
public final class OperationRoute {

    private final Routes routes;
    private final Operation operation;
    private List<RateLimitScope> scopes = List.of();
    private Access access = Access.USER;
    private boolean offered = true;

    OperationRoute(Routes routes, Operation operation) {
        this.routes = routes;
        this.operation = operation;
    }

    /** Further budgets, besides the caller's overall one: a request takes from all of them, or from none. */
    public OperationRoute scopes(RateLimitScope... budgets) {
        scopes = List.of(budgets);
        return this;
    }

    /** Whom of the callers with a token it lets in; {@link Access#USER} if nothing is said. */
    public OperationRoute access(Access callers) {
        access = callers;
        return this;
    }

    /**
     * Says whether this server offers the operation. If not, its path is as unknown as any other, and the document that
     * it serves does not show it.
     */
    public OperationRoute onlyIf(boolean condition) {
        offered = condition;
        return this;
    }

    /** Answers callers with a token; a read waits for its turn. */
    public void to(Endpoint endpoint) {
        requireToken(true);
        routes.mount(operation, offered, routes.handlerOf(operation, endpoint, scopes, access));
    }

    /** Answers over time callers with a token; what the stream fails or throws with before it begins is answered. */
    public void toStream(BiFunction<RoutingContext, Caller, Future<Void>> stream) {
        requireToken(true);
        routes.mount(operation, offered, routes.handlerOf(stream, scopes, access));
    }

    /** Answers anybody; the endpoint counts for itself. */
    public void toAnybody(OpenEndpoint endpoint) {
        requireToken(false);
        routes.mount(operation, offered, routes.handlerOf(endpoint));
    }

    /** Answers anybody, outside every budget, by a handler that writes the response itself. */
    public void toHandler(Handler<RoutingContext> handler) {
        requireToken(false);
        routes.mount(operation, offered, handler);
    }

    private void requireToken(boolean declared) {
        if (operation.needsToken() != declared) {
            throw new IllegalStateException("the API document lets "
                    + (declared ? "anybody" : "only callers with a token")
                    + " in to "
                    + operation.id()
                    + ", its declaration "
                    + (declared ? "only callers with a token" : "anybody"));
        }
    }
}

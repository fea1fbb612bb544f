package io.waxwatch.gateway.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.waxwatch.gateway.auth.Caller;
import io.waxwatch.gateway.auth.Gatekeeper;
import io.waxwatch.gateway.throttle.Scope;
import io.waxwatch.gateway.validation.JsonBody;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * The API's routes, all on one flat router. A request is judged in this order: its size, its rate, its JSON syntax, its
 * credentials, its input; then it is answered.
 */
public final class Routes {

    /** Most bytes of a request body; more is 413. */
    public static final long MAX_BODY_BYTES = 64 * 1024;

    private static final Set<HttpMethod> WITH_BODY = Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);

    private final Router router;
    private final Gatekeeper gatekeeper;
    private final ErrorAnswers errors;
    private final Map<String, Set<String>> methods = new LinkedHashMap<>();

    public Routes(Router router, Gatekeeper gatekeeper, ErrorAnswers errors) {
        this.router = router;
        this.gatekeeper = gatekeeper;
        this.errors = errors;
    }

    /**
     * Adds a route for callers with a token.
     *
     * @param path template with {@code :name} parameters; it labels the latency metric
     * @param scope whose budget a request takes from, besides the caller's overall one; null for none
     */
    public void add(HttpMethod method, String path, Scope scope, Endpoint endpoint) {
        Route route = router.route(method, path);
        allow(path, method);
        if (WITH_BODY.contains(method)) {
            route.handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES));
        }
        route.handler(rc -> {
            RequestScope.route(rc, path);
            var body = new JsonBody(rc);
            gatekeeper
                    .admit(rc.request(), scope, body::checkSyntax)
                    .compose(caller -> {
                        RequestScope.user(rc, caller.userId());
                        return endpoint.answer(new Call(rc, caller, body));
                    })
                    .onComplete(answer -> write(rc.response(), answer), cause -> errors.answer(rc, cause));
        });
    }

    /** Adds a route that keeps the response and answers over time. */
    public void stream(String path, Scope scope, BiConsumer<RoutingContext, Caller> stream) {
        allow(path, HttpMethod.GET);
        router.get(path).handler(rc -> {
            RequestScope.route(rc, path);
            gatekeeper
                    .admit(rc.request(), scope, () -> {})
                    .onSuccess(caller -> RequestScope.user(rc, caller.userId()))
                    .onComplete(caller -> stream.accept(rc, caller), cause -> errors.answer(rc, cause));
        });
    }

    /** Notes a route that was mounted elsewhere, for {@link #refuseOtherMethods}. */
    public void allow(String path, HttpMethod method) {
        methods.computeIfAbsent(path, added -> new TreeSet<>()).add(method.name());
    }

    /** Answers 405 with an {@code Allow} header, which the router itself leaves out; call it last. */
    public void refuseOtherMethods() {
        methods.forEach((path, allowed) -> router.route(path).handler(rc -> {
            RequestScope.route(rc, path);
            rc.response().putHeader("allow", String.join(", ", allowed));
            rc.fail(405);
        }));
    }

    private static void write(HttpServerResponse response, Answer answer) {
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(answer.status());
        if (answer.body() == null) {
            response.end();
        } else {
            response.putHeader("content-type", "application/json").end(answer.body());
        }
    }
}

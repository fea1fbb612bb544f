package io.waxwatch.gateway.routing;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.waxwatch.gateway.auth.Access;
import io.waxwatch.gateway.auth.Caller;
import io.waxwatch.gateway.http.ApiException;
import io.waxwatch.gateway.http.ApiResponse;
import io.waxwatch.gateway.http.ErrorResponses;
import io.waxwatch.gateway.http.MediaType;
import io.waxwatch.gateway.http.RequestBodies;
import io.waxwatch.gateway.http.RequestScope;
import io.waxwatch.gateway.http.ResponseWriter;
import io.waxwatch.gateway.throttle.RateLimitScope;
import io.waxwatch.gateway.validation.JsonBody;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;

/**
 * The API's routes, all on one flat router, each declared by its {@code operationId} in the API document, which gives its
 * method and its path. So the document and the code cannot part: an operation that only one of them knows fails the start.
 * A request is judged in this order: its size, its rate, its JSON syntax, its credentials, its input; then it is answered.
 */
public final class Routes {

    private static final String API = "/api/";

    private final Router router;
    private final RequestAuthorizer authorizer;
    private final ReadLanes lanes;
    private final ErrorResponses errors;
    private final Map<String, Operation> document;
    private final Set<String> declared = new HashSet<>();
    private final Set<String> offered = new LinkedHashSet<>();
    private final Map<String, Set<String>> methodsByPath = new LinkedHashMap<>();

    /** @param document the whole API document; {@link IllegalArgumentException} unless its operations have ids */
    public Routes(
            Router router, RequestAuthorizer authorizer, ReadLanes lanes, ErrorResponses errors, JsonObject document) {
        this.router = router;
        this.authorizer = authorizer;
        this.lanes = lanes;
        this.errors = errors;
        this.document = Operation.allOf(document);
        router.route().handler(this::keepToPathsWithoutParameters);
    }

    /**
     * Begins the declaration of an operation.
     *
     * @throws IllegalArgumentException if the API document has none with this id
     */
    public OperationRoute operation(String id) {
        return new OperationRoute(this, find(id));
    }

    /** Lets a handler look at the requests of an operation first; call it before the operation is declared. */
    public void before(String id, Handler<RoutingContext> handler) {
        Operation operation = find(id);
        if (declared.contains(id)) {
            throw new IllegalStateException(id + " is declared already");
        }
        router.route(operation.method(), operation.path()).handler(handler);
    }

    /** Ids of what was declared so far and is offered here. */
    public Set<String> offered() {
        return Set.copyOf(offered);
    }

    /**
     * Ends the declarations: whatever else is asked for is 405, with an {@code Allow} header, which the router itself leaves
     * out, or 404.
     *
     * @throws IllegalStateException if the API document has operations that were not declared
     */
    public void close() {
        var missing = new TreeSet<>(document.keySet());
        missing.removeAll(declared);
        if (!missing.isEmpty()) {
            throw new IllegalStateException("nothing answers these operations of the API document: " + missing);
        }
        methodsByPath.forEach((path, allowed) -> router.route(path).handler(rc -> refuseMethod(rc, path, allowed)));
        router.route(API + "*").handler(rc -> refuse(rc, ApiException.http(404, "Not Found")));
    }

    private Operation find(String id) {
        Operation operation = document.get(id);
        if (operation == null) {
            throw new IllegalArgumentException("the API document has no operation " + id);
        }
        return operation;
    }

    void mount(Operation operation, boolean isOffered, Handler<RoutingContext> handler) {
        if (!declared.add(operation.id())) {
            throw new IllegalStateException(operation.id() + " is declared twice");
        }
        if (!isOffered) {
            return;
        }
        offered.add(operation.id());
        HttpMethod method = operation.method();
        String path = operation.path();
        methodsByPath.computeIfAbsent(path, added -> new TreeSet<>()).add(method.name());
        if (RequestBodies.comeWith(method)) {
            router.route(method, path).handler(rc -> checkMediaType(rc, path));
        }
        Route route = router.route(method, path);
        if (RequestBodies.comeWith(method)) {
            route.handler(BodyHandler.create(false).setBodyLimit(RequestBodies.MAX_BYTES));
        }
        route.handler(rc -> {
            RequestScope.route(rc, path);
            handler.handle(rc);
        });
    }

    Handler<RoutingContext> handlerOf(
            Operation operation, Endpoint endpoint, List<RateLimitScope> scopes, Access access) {
        boolean read = operation.method() == HttpMethod.GET;
        return rc -> {
            var body = new JsonBody(rc);
            authorizer
                    .admit(rc.request(), scopes, access, body::checkSyntax)
                    .compose(caller -> {
                        RequestScope.user(rc, caller.userId());
                        return read ? inTurn(rc, caller, endpoint, body) : endpoint.answer(new Call(rc, caller, body));
                    })
                    .onComplete(answer -> ResponseWriter.write(rc, answer), cause -> errors.answer(rc, cause));
        };
    }

    Handler<RoutingContext> handlerOf(OpenEndpoint endpoint) {
        return rc -> endpoint.answer(rc, new JsonBody(rc))
                .onComplete(answer -> ResponseWriter.write(rc, answer), cause -> errors.answer(rc, cause));
    }

    Handler<RoutingContext> handlerOf(
            BiFunction<RoutingContext, Caller, Future<Void>> stream, List<RateLimitScope> scopes, Access access) {
        return rc -> authorizer
                .admit(rc.request(), scopes, access, () -> {})
                .compose(caller -> {
                    RequestScope.user(rc, caller.userId());
                    return stream.apply(rc, caller);
                })
                .onFailure(cause -> errors.answer(rc, cause));
    }

    /** A large answer keeps its place until its last byte has left, or nobody is there to take it. */
    private Future<ApiResponse> inTurn(RoutingContext rc, Caller caller, Endpoint endpoint, JsonBody body) {
        return lanes.enter(caller.userId()).compose(turn -> {
            if (rc.response().closed()) {
                turn.leave();
                // Nobody waits for an answer any more.
                return Promise.<ApiResponse>promise().future();
            }
            return Future.succeededFuture()
                    .compose(entered -> endpoint.answer(new Call(rc, caller, body)))
                    .onComplete(
                            answer -> {
                                int bytes = answer.body() == null
                                        ? 0
                                        : answer.body().length();
                                turn.answered(bytes);
                                if (bytes >= ReadLanes.LARGE_BYTES) {
                                    rc.addEndHandler(written -> turn.leave());
                                } else {
                                    turn.leave();
                                }
                            },
                            cause -> turn.leave());
        });
    }

    /**
     * A path without parameters goes before one with, also for methods that it does not have: {@code DELETE
     * /api/watch-rules/preview} names no rule.
     */
    private void keepToPathsWithoutParameters(RoutingContext rc) {
        String path = withoutSlashAtEnd(rc.normalizedPath());
        Set<String> allowed = methodsByPath.get(path);
        if (allowed == null || allowed.contains(rc.request().method().name())) {
            rc.next();
        } else {
            refuseMethod(rc, path, allowed);
        }
    }

    private static String withoutSlashAtEnd(String path) {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private void refuseMethod(RoutingContext rc, String path, Set<String> allowed) {
        RequestScope.route(rc, path);
        rc.response().putHeader("allow", String.join(", ", allowed));
        refuse(rc, ApiException.http(405, "Method Not Allowed"));
    }

    /** Before a byte of the body is read. */
    private void checkMediaType(RoutingContext rc, String path) {
        RequestScope.route(rc, path);
        Optional<ApiException> fault = MediaType.fault(rc.request());
        if (fault.isEmpty()) {
            rc.next();
        } else {
            refuse(rc, fault.get());
        }
    }

    /** What reaches no endpoint is counted all the same: guessing paths is not for free. */
    private void refuse(RoutingContext rc, ApiException refusal) {
        if (!rc.request().path().startsWith(API)) {
            errors.answer(rc, refusal);
            return;
        }
        authorizer
                .count(rc.request())
                .onComplete(counted -> errors.answer(rc, refusal), overRate -> errors.answer(rc, overRate));
    }
}

package io.waxwatch.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.waxwatch.gateway.auth.Access;
import io.waxwatch.gateway.auth.Caller;
import io.waxwatch.gateway.auth.RequestAuthorizer;
import io.waxwatch.gateway.throttle.RateLimitScope;
import io.waxwatch.gateway.validation.JsonBody;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/**
 * The API's routes, all on one flat router. A request is judged in this order: its size, its rate, its JSON syntax, its
 * credentials, its input; then it is answered.
 */
public final class Routes {

    /** Most bytes of a request body; more is 413. */
    public static final long MAX_BODY_BYTES = 64 * 1024;

    private static final String API = "/api/";
    static final Set<HttpMethod> WITH_BODY = Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);

    private static final Pattern PARAMETER = Pattern.compile(":(\\w+)");

    private final Router router;
    private final RequestAuthorizer authorizer;
    private final ReadLanes lanes;
    private final ErrorResponses errors;
    private final Map<String, Set<String>> methods = new LinkedHashMap<>();

    public Routes(Router router, RequestAuthorizer authorizer, ReadLanes lanes, ErrorResponses errors) {
        this.lanes = lanes;
        this.router = router;
        this.authorizer = authorizer;
        this.errors = errors;
        router.route().handler(this::keepToPathsWithoutParameters);
    }

    /**
     * A path without parameters goes before one with, also for methods that it does not have: {@code DELETE
     * /api/watch-rules/preview} names no rule.
     */
    private void keepToPathsWithoutParameters(RoutingContext rc) {
        String path = withoutSlashAtEnd(rc.normalizedPath());
        Set<String> allowed = methods.get(path);
        if (allowed == null) {
            rc.next();
        } else if (allowed.contains(rc.request().method().name())) {
            RequestScope.route(rc, path);
            rc.next();
        } else {
            refuseMethod(rc, path, allowed);
        }
    }

    private static String withoutSlashAtEnd(String path) {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /**
     * Adds a route for callers with a token.
     *
     * @param path template with {@code :name} parameters; it labels the latency metric
     * @param scope whose budget a request takes from, besides the caller's overall one; null for none
     */
    public void add(HttpMethod method, String path, RateLimitScope scope, Endpoint endpoint) {
        mount(method, path, endpoint, listOf(scope), Access.USER);
    }

    /** The same, saying whom it lets in. */
    public void add(HttpMethod method, String path, RateLimitScope scope, Access access, Endpoint endpoint) {
        mount(method, path, endpoint, listOf(scope), access);
    }

    /** The same with any number of scopes: a request takes from all their budgets, or from none. */
    public void add(HttpMethod method, String path, Endpoint endpoint, RateLimitScope... scopes) {
        mount(method, path, endpoint, List.of(scopes), Access.USER);
    }

    private void mount(HttpMethod method, String path, Endpoint endpoint, List<RateLimitScope> scopes, Access access) {
        Route route = route(method, path);
        boolean read = method == HttpMethod.GET;
        route.handler(rc -> {
            RequestScope.route(rc, path);
            var body = new JsonBody(rc);
            authorizer
                    .admit(rc.request(), scopes, access, body::checkSyntax)
                    .compose(caller -> {
                        RequestScope.user(rc, caller.userId());
                        return read ? inTurn(rc, caller, endpoint, body) : endpoint.answer(new Call(rc, caller, body));
                    })
                    .onComplete(answer -> write(rc, answer), cause -> errors.answer(rc, cause));
        });
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

    /** Adds a route for anybody; it counts for itself. */
    public void addOpen(HttpMethod method, String path, OpenEndpoint endpoint) {
        Route route = route(method, path);
        route.handler(rc -> {
            RequestScope.route(rc, path);
            endpoint.answer(rc, new JsonBody(rc))
                    .onComplete(answer -> write(rc, answer), cause -> errors.answer(rc, cause));
        });
    }

    /** The route, with its body read if it may have one. */
    private Route route(HttpMethod method, String path) {
        allow(path, method);
        if (WITH_BODY.contains(method)) {
            router.route(method, path).handler(rc -> checkMediaType(rc, path));
        }
        Route route = router.route(method, path);
        if (WITH_BODY.contains(method)) {
            route.handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES));
        }
        return route;
    }

    /**
     * Adds a route that keeps the response and answers over time.
     *
     * @param stream begins it; what it fails or throws with is answered
     */
    public void stream(String path, RateLimitScope scope, BiFunction<RoutingContext, Caller, Future<Void>> stream) {
        allow(path, HttpMethod.GET);
        router.get(path).handler(rc -> {
            RequestScope.route(rc, path);
            authorizer
                    .admit(rc.request(), listOf(scope), Access.USER, () -> {})
                    .compose(caller -> {
                        RequestScope.user(rc, caller.userId());
                        return stream.apply(rc, caller);
                    })
                    .onFailure(cause -> errors.answer(rc, cause));
        });
    }

    /** Notes a route that was mounted elsewhere, for {@link #refuseOtherMethods}. */
    public void allow(String path, HttpMethod method) {
        methods.computeIfAbsent(path, added -> new TreeSet<>()).add(method.name());
    }

    /** Every route, as methods by path, with parameters in braces as in the API document. */
    public Map<String, Set<String>> mounted() {
        var mounted = new LinkedHashMap<String, Set<String>>();
        methods.forEach(
                (path, allowed) -> mounted.put(PARAMETER.matcher(path).replaceAll("{$1}"), Set.copyOf(allowed)));
        return mounted;
    }

    /** Answers 405 with an {@code Allow} header, which the router itself leaves out, and 404; call it last. */
    public void refuseOtherMethods() {
        methods.forEach((path, allowed) -> router.route(path).handler(rc -> refuseMethod(rc, path, allowed)));
        router.route(API + "*").handler(rc -> refuse(rc, ApiException.http(404, "Not Found")));
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

    private static List<RateLimitScope> listOf(RateLimitScope scope) {
        return scope == null ? List.of() : List.of(scope);
    }

    /** Names what a read answers, and looks whether the caller has just that already. */
    private static boolean isUnchanged(RoutingContext rc, ApiResponse answer) {
        if (rc.request().method() != HttpMethod.GET || answer.status() != 200) {
            return false;
        }
        EntityTag tag = EntityTag.of(answer.body());
        rc.response()
                .putHeader("etag", tag.text())
                // May be kept by the caller alone, and must be asked about each time.
                .putHeader("cache-control", "private, no-cache");
        return tag.isAmong(rc.request().getHeader("if-none-match"));
    }

    private static void write(RoutingContext rc, ApiResponse answer) {
        HttpServerResponse response = rc.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(answer.status());
        answer.headers().forEach(response::putHeader);
        if (answer.body() == null) {
            response.end();
        } else if (isUnchanged(rc, answer)) {
            response.setStatusCode(304).end();
        } else {
            response.putHeader("content-type", "application/json").end(answer.body());
        }
    }
}

package io.waxwatch.gateway.http;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.micrometer.core.instrument.Timer;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.waxwatch.common.telemetry.MethodLabel;
import io.waxwatch.common.telemetry.Metrics;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every request has, whatever becomes of it: an id (the caller's if it is harmless, else a new one), the security
 * headers, one {@code request.end} line and one latency sample labelled with the route's template.
 */
public final class RequestScope implements Handler<RoutingContext> {

    /** Longer ids, or ids with other characters, are replaced: they end up in logs. */
    private static final Pattern SAFE_ID = Pattern.compile("[A-Za-z0-9._:/+=@-]{1,128}");

    private static final String ID = "waxwatch.request_id";
    private static final String STARTED = "waxwatch.started";
    private static final String ROUTE = "waxwatch.route";
    private static final String USER = "waxwatch.user_id";
    private static final String FINISHED = "waxwatch.finished";

    private static final Logger log = LoggerFactory.getLogger("app.request");

    /** A year, as browsers want it for their preload lists. */
    private static final String HTTPS_ONLY = "max-age=31536000";

    private final Metrics metrics;
    private final boolean httpsOnly;
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();

    /** @param httpsOnly tells browsers never to come without TLS again; not in development, where there is none */
    public RequestScope(Metrics metrics, boolean httpsOnly) {
        this.metrics = metrics;
        this.httpsOnly = httpsOnly;
    }

    @Override
    public void handle(RoutingContext rc) {
        begin(rc);
        rc.next();
    }

    /** Gives the request all that; again it does nothing. What the router itself refuses comes here without a handler. */
    void begin(RoutingContext rc) {
        if (rc.get(ID) != null) {
            return;
        }
        String given = rc.request().getHeader("x-request-id");
        String id = given != null && SAFE_ID.matcher(given).matches()
                ? given
                : UUID.randomUUID().toString();
        rc.put(ID, id);
        rc.put(STARTED, System.nanoTime());
        protect(rc.response(), id);
        rc.addEndHandler(ended -> finish(rc));
    }

    /** The headers of every answer. */
    void protect(HttpServerResponse response, String id) {
        response.putHeader("x-request-id", id)
                .putHeader("x-content-type-options", "nosniff")
                .putHeader("x-frame-options", "DENY")
                .putHeader("referrer-policy", "no-referrer")
                .putHeader("content-security-policy", "default-src 'none'; frame-ancestors 'none'")
                .putHeader("cache-control", "no-store")
                .putHeader("vary", "Accept-Encoding");
        if (httpsOnly) {
            response.putHeader("strict-transport-security", HTTPS_ONLY);
        }
    }

    /** The id under which this request is logged. */
    public static String idOf(RoutingContext rc) {
        String id = rc.get(ID);
        return id == null ? "-" : id;
    }

    /** Names the route that answers; it labels the latency metric. */
    public static void route(RoutingContext rc, String template) {
        rc.put(ROUTE, template);
    }

    /** The template of the route that answers; null before it is known. */
    public static String routeOf(RoutingContext rc) {
        return rc.get(ROUTE);
    }

    /** Names the caller in the log. */
    public static void user(RoutingContext rc, UUID user) {
        rc.put(USER, user);
    }

    /** Logs and counts the request, once; a stream calls it when it starts. */
    public void finish(RoutingContext rc) {
        if (rc.get(FINISHED) != null) {
            return;
        }
        rc.put(FINISHED, true);
        long started = rc.get(STARTED);
        long nanos = System.nanoTime() - started;
        String method = rc.request().method().name();
        int status = rc.response().getStatusCode();
        String route = rc.get(ROUTE);
        timer(MethodLabel.of(method), route == null ? "unmatched" : route, status)
                .record(nanos, java.util.concurrent.TimeUnit.NANOSECONDS);
        log.info(
                "request.end",
                kv("request_id", idOf(rc)),
                kv("method", method),
                kv("path", rc.request().path()),
                kv("user_id", rc.get(USER)),
                kv("status_code", status),
                kv("duration_ms", nanos / 1000 / 1000.0));
    }

    private Timer timer(String method, String route, int status) {
        return timers.computeIfAbsent(
                method + ' ' + route + ' ' + status,
                key -> metrics.timer(
                        Metrics.Name.REQUEST_LATENCY,
                        "method",
                        method,
                        "path",
                        route,
                        "status_code",
                        Integer.toString(status)));
    }
}

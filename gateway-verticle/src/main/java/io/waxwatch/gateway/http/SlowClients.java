package io.waxwatch.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Bounds how long a client may take to send a request, however steadily it drips: a connection without a first request, and a
 * request without its whole body, for the same time; a connection between two requests for longer, because proxies keep
 * them. Where HTTP/2 without TLS is offered a connection is known here only from its first head on; the transport of the node
 * bounds the time until then. What the server takes to answer, and streams, are not bounded here. Of one event loop.
 */
public final class SlowClients implements Handler<RoutingContext> {

    /** Longer than the 60 s for which common proxies keep connections open, so that it is they who close them. */
    public static final Duration KEEP_ALIVE = Duration.ofSeconds(75);

    private static final long TICK_MILLIS = 250;
    private static final long CANCEL = 8;

    /** A body on its way. */
    private record Arriving(RoutingContext rc, long deadline) {}

    private static final class Connection {
        private int requests;
        private long deadline;
        private RoutingContext latest;
    }

    private final ErrorResponses errors;
    private final long limitNanos;
    private final LongSupplier nanoClock;
    private final Map<HttpConnection, Connection> connections = new HashMap<>();
    private final Set<Arriving> arriving = new LinkedHashSet<>();

    /** @param limit for the head of the first request, and for the body of each */
    public SlowClients(ErrorResponses errors, Duration limit, LongSupplier nanoClock) {
        this.errors = errors;
        this.limitNanos = limit.toNanos();
        this.nanoClock = nanoClock;
    }

    /** Begins to look; call it on the verticle's context. */
    public void start(Vertx vertx) {
        vertx.setPeriodic(TICK_MILLIS, tick -> tick(nanoClock.getAsLong()));
    }

    /** A client has connected. */
    public void connected(HttpConnection connection) {
        connections.computeIfAbsent(connection, fresh -> new Connection()).deadline =
                nanoClock.getAsLong() + limitNanos;
        connection.closeHandler(closed -> connections.remove(connection));
        FramingGuard.stand(connection, cause -> malformed(connection, cause));
    }

    /** The body of the request that is arriving ends in something that is no chunk. */
    private void malformed(HttpConnection connection, Throwable cause) {
        RoutingContext rc = connections.get(connection).latest;
        if (rc == null || rc.response().ended() || rc.response().headWritten()) {
            connection.close();
        } else {
            rc.addEndHandler(told -> connection.close());
            rc.response().putHeader("connection", "close");
            errors.malformed(rc, cause);
        }
    }

    @Override
    public void handle(RoutingContext rc) {
        HttpConnection at = rc.request().connection();
        Connection connection = connections.get(at);
        if (connection != null) {
            connection.requests++;
            connection.latest = rc;
            rc.addEndHandler(ended -> {
                connection.requests--;
                if (connection.latest == rc) {
                    connection.latest = null;
                }
                connection.deadline = nanoClock.getAsLong() + KEEP_ALIVE.toNanos();
            });
        }
        if (!rc.request().isEnded() && RequestBodies.comeWith(rc.request().method())) {
            await(new Arriving(rc, nanoClock.getAsLong() + limitNanos));
        }
        rc.next();
    }

    /** Until it is there or the client has left; an answer alone does not end it, for a refused body may drip on. */
    private void await(Arriving body) {
        arriving.add(body);
        body.rc().request().end().onComplete(over -> arriving.remove(body));
    }

    private void tick(long now) {
        // The oldest come first, and all have the same time.
        arriving.stream().takeWhile(body -> body.deadline() <= now).toList().forEach(body -> {
            arriving.remove(body);
            giveUp(body.rc());
        });
        for (HttpConnection overdue : connections.entrySet().stream()
                .filter(entry -> entry.getValue().requests == 0 && entry.getValue().deadline <= now)
                .map(Map.Entry::getKey)
                .toList()) {
            overdue.close();
        }
    }

    private void giveUp(RoutingContext rc) {
        if (rc.request().isEnded() || rc.response().closed()) {
            return;
        }
        if (rc.request().version() == HttpVersion.HTTP_2) {
            // Others share the connection.
            rc.response().reset(CANCEL);
            return;
        }
        rc.addEndHandler(told -> rc.request().connection().close());
        if (rc.response().ended()) {
            rc.request().connection().close();
        } else {
            rc.response().putHeader("connection", "close");
            errors.answer(rc, ApiException.http(408, "the request took too long to arrive"));
        }
    }
}

package io.waxwatch.common.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.waxwatch.common.telemetry.Metrics;

/** What operators and probes ask of every process: {@code /healthz}, {@code /readyz}, {@code /metrics}. */
public final class OperatorRoutes {

    private final Vertx vertx;
    private final HealthChecks liveness;
    private final Readiness readiness;
    private final Metrics metrics;

    public OperatorRoutes(Vertx vertx, Readiness readiness, Metrics metrics) {
        this.vertx = vertx;
        this.liveness = HealthChecks.create(vertx);
        this.readiness = readiness;
        this.metrics = metrics;
        readiness.watch();
    }

    /** Adds all three to a router that has nothing else. */
    public void mount(Router router) {
        router.get("/healthz").handler(this::health);
        router.get("/readyz").handler(this::ready);
        router.get("/metrics").handler(this::metrics);
    }

    /** Whether the process is alive: its event loops turn. What it depends on is not asked. */
    public void health(RoutingContext rc) {
        liveness.checkStatus()
                .onSuccess(result -> json(rc.response(), 200, new JsonObject().put("status", "ok")))
                .onFailure(rc::fail);
    }

    /** Whether it can serve, as was last seen: a stranger may ask, and makes nothing happen. */
    public void ready(RoutingContext rc) {
        readiness.report().onSuccess(report -> ready(rc.response(), report));
    }

    /** What it has measured. */
    public void metrics(RoutingContext rc) {
        metrics.exposition(vertx)
                .onSuccess(text -> rc.response()
                        .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
                        // Compressing so much is no work for an event loop either.
                        .putHeader("content-encoding", "identity")
                        .end(text))
                .onFailure(rc::fail);
    }

    private static void ready(HttpServerResponse response, Readiness.Report report) {
        if (report.ready()) {
            json(response, 200, new JsonObject().put("status", "ready").put("checks", report.checks()));
            return;
        }
        response.putHeader("retry-after", "2");
        json(
                response,
                503,
                ErrorEnvelope.of(
                        503,
                        "http_error",
                        "request failed",
                        new JsonObject()
                                .put("status", "not_ready")
                                .put("reason", "required dependency checks failed")
                                .put("checks", report.checks())));
    }

    private static void json(HttpServerResponse response, int status, JsonObject body) {
        response.setStatusCode(status)
                .putHeader("content-type", "application/json")
                .end(body.toBuffer());
    }
}

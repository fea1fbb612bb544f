package io.waxwatch.common.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.waxwatch.common.telemetry.Metrics;

/** What operators and probes ask of every process: {@code /healthz}, {@code /readyz}, {@code /metrics}. */
public final class OperatorRoutes {

    private final Vertx vertx;
    private final Readiness readiness;
    private final Metrics metrics;

    public OperatorRoutes(Vertx vertx, Readiness readiness, Metrics metrics) {
        this.vertx = vertx;
        this.readiness = readiness;
        this.metrics = metrics;
    }

    /** Adds health and readiness, which say nothing that a stranger may not hear, and make nothing happen. */
    public OperatorRoutes mount(Router router) {
        readiness.watch(vertx);
        router.get("/healthz").handler(rc -> json(rc.response(), 200, new JsonObject().put("status", "ok")));
        router.get("/readyz").handler(rc -> readiness.report(vertx).onSuccess(report -> ready(rc.response(), report)));
        return this;
    }

    /** Adds the metrics. */
    public OperatorRoutes mountMetrics(Router router) {
        router.get("/metrics")
                .handler(rc -> metrics.exposition(vertx)
                        .onSuccess(text -> rc.response()
                                .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
                                // Compressing so much is no work for an event loop either.
                                .putHeader("content-encoding", "identity")
                                .end(text))
                        .onFailure(rc::fail));
        return this;
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

package io.waxwatch.common.http;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.waxwatch.common.telemetry.Metrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What operators and probes ask of every process: {@code /healthz}, {@code /readyz}, {@code /metrics}. */
public final class OperatorRoutes {

    private static final Logger log = LoggerFactory.getLogger(OperatorRoutes.class);

    private final Vertx vertx;
    private final Readiness readiness;
    private final Metrics metrics;

    public OperatorRoutes(Vertx vertx, Readiness readiness, Metrics metrics) {
        this.vertx = vertx;
        this.readiness = readiness;
        this.metrics = metrics;
    }

    public void mount(Router router) {
        router.get("/healthz").handler(rc -> json(rc.response(), 200, new JsonObject().put("status", "ok")));
        router.get("/readyz").handler(rc -> readiness.report(vertx).onSuccess(report -> ready(rc.response(), report)));
        router.get("/metrics")
                .handler(rc -> rc.response()
                        .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
                        .end(metrics.scrape()));
    }

    private void ready(HttpServerResponse response, Readiness.Report report) {
        if (report.ready()) {
            json(response, 200, new JsonObject().put("status", "ready").put("checks", report.checks()));
            return;
        }
        log.error("health.ready.dependency_failed", kv("checks", report.checks().encode()));
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

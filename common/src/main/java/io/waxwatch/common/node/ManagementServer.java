package io.waxwatch.common.node;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.waxwatch.common.http.OperatorRoutes;
import io.waxwatch.common.http.Readiness;
import io.waxwatch.common.settings.SettingsCatalog;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A port of its own for health, readiness, metrics, and nothing else: what operators ask, and strangers need not reach. */
public final class ManagementServer {

    private static final Logger log = LoggerFactory.getLogger(ManagementServer.class);

    private ManagementServer() {}

    /** Listens on {@code MANAGEMENT_HOST} and {@code MANAGEMENT_PORT} (0 takes a free one) until the node closes. */
    public static Future<HttpServer> start(Node node, Readiness readiness) {
        var router = Router.router(node.vertx());
        new OperatorRoutes(node.vertx(), readiness, node.metrics()).mount(router);
        return node.vertx()
                .createHttpServer(new HttpServerOptions().setIdleTimeout(60))
                .requestHandler(router)
                .listen(
                        node.settings().get(SettingsCatalog.MANAGEMENT_PORT),
                        node.settings().get(SettingsCatalog.MANAGEMENT_HOST))
                .recover(cause -> ListenFault.explained(
                        cause,
                        node.settings(),
                        SettingsCatalog.MANAGEMENT_HOST,
                        SettingsCatalog.MANAGEMENT_PORT,
                        node.settings().get(SettingsCatalog.MANAGEMENT_PORT)))
                .onSuccess(server -> {
                    node.onClose("management", Duration.ofSeconds(2), () -> server.shutdown(1, TimeUnit.SECONDS));
                    log.info("management.listening", kv("port", server.actualPort()));
                });
    }
}

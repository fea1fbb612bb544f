package io.waxwatch.sandbox;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.waxwatch.sandbox.catalog.SandboxCatalog;
import io.waxwatch.sandbox.control.ControlRoutes;
import io.waxwatch.sandbox.control.SandboxState;
import io.waxwatch.sandbox.discogs.DiscogsRoutes;
import io.waxwatch.sandbox.ebay.EbayRoutes;
import io.waxwatch.sandbox.fault.FaultHandler;
import io.waxwatch.sandbox.fault.Provider;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns the HTTP server and the timer that lets time pass; both end with the undeployment. All state lives on its one event loop. */
final class SandboxServer extends VerticleBase {

    private static final Logger log = LoggerFactory.getLogger(SandboxServer.class);

    private final SandboxOptions options;
    private final SandboxCatalog catalog;
    private final int wantedPort;
    private volatile int port;

    SandboxServer(SandboxOptions options, SandboxCatalog catalog, int wantedPort) {
        this.options = options;
        this.catalog = catalog;
        this.wantedPort = wantedPort;
    }

    int port() {
        return port;
    }

    @Override
    public Future<?> start() {
        var state = new SandboxState(options, catalog);
        return vertx.createHttpServer(httpOptions())
                .requestHandler(routes(state))
                .listen()
                .map(server -> begin(server, state));
    }

    private HttpServer begin(HttpServer server, SandboxState state) {
        port = server.actualPort();
        if (!options.listingEvery().isZero()) {
            vertx.setPeriodic(
                    options.listingEvery().toMillis(), id -> state.market().tick());
        }
        log.atInfo()
                .addKeyValue("port", port)
                .addKeyValue("seed", options.seed())
                .log("sandbox.started");
        return server;
    }

    private HttpServerOptions httpOptions() {
        return new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(wantedPort)
                // Both providers compress when asked to.
                .setCompressionSupported(true)
                .setIdleTimeout(120);
    }

    private Router routes(SandboxState state) {
        Router router = Router.router(vertx);
        var faults = new FaultHandler(vertx, state.faults());
        router.route().handler(ctx -> arrive(ctx, state, faults));
        new ControlRoutes(state).mount(router);
        new EbayRoutes(state).mount(router);
        new DiscogsRoutes(state).mount(router);
        new WebPages(catalog).mount(router);
        router.route().handler(DiscogsRoutes::notFound);
        return router;
    }

    private static void arrive(RoutingContext ctx, SandboxState state, FaultHandler faults) {
        Optional<Provider> provider = Provider.of(ctx.request().path());
        if (provider.isEmpty()) {
            ctx.next();
            return;
        }
        state.requests().record(provider.get(), ctx.request());
        faults.handle(ctx);
    }
}

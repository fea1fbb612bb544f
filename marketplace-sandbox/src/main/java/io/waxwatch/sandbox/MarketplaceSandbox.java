package io.waxwatch.sandbox;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.waxwatch.sandbox.catalog.SandboxCatalog;

/**
 * An HTTP server that speaks the wire formats of eBay and Discogs about invented records. One address serves both: use it as
 * the base URL of either provider. For the demo and the tests; it has no place in production.
 */
public final class MarketplaceSandbox {

    private final Vertx vertx;
    private final SandboxOptions options;
    private final SandboxCatalog catalog;
    private Future<String> deployment;

    public MarketplaceSandbox(Vertx vertx, SandboxOptions options) {
        this.vertx = vertx;
        this.options = options;
        this.catalog = SandboxCatalog.of(options.seed());
    }

    /** The invented records; the same before and after the start. */
    public SandboxCatalog catalog() {
        return catalog;
    }

    /**
     * Listens on the loopback address.
     *
     * @param port 0 for any free one
     * @return the port that is listened on
     */
    public synchronized Future<Integer> start(int port) {
        if (deployment != null) {
            return Future.failedFuture(new IllegalStateException("already started"));
        }
        var server = new SandboxServer(options, catalog, port);
        deployment = vertx.deployVerticle(server);
        return deployment.map(id -> server.port());
    }

    /** Stops listening, time included; calls in flight end abruptly. Closing twice is harmless. */
    public synchronized Future<Void> close() {
        if (deployment == null) {
            return Future.succeededFuture();
        }
        Future<String> started = deployment;
        deployment = null;
        return started.compose(vertx::undeploy, failed -> Future.succeededFuture());
    }
}

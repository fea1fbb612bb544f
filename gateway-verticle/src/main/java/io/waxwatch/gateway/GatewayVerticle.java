package io.waxwatch.gateway;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.waxwatch.common.http.OperatorRoutes;
import io.waxwatch.common.node.ListenFault;
import io.waxwatch.common.providers.EnabledProviders;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.gateway.accountdeletion.AccountDeletionRoutes;
import io.waxwatch.gateway.apidocs.ApiDocument;
import io.waxwatch.gateway.apidocs.DocumentRoutes;
import io.waxwatch.gateway.development.DevelopmentRoutes;
import io.waxwatch.gateway.discogs.DiscogsRoutes;
import io.waxwatch.gateway.discogs.OAuthReturn;
import io.waxwatch.gateway.events.EventRoutes;
import io.waxwatch.gateway.http.AddressCheck;
import io.waxwatch.gateway.http.Cors;
import io.waxwatch.gateway.http.ErrorResponses;
import io.waxwatch.gateway.http.MethodCheck;
import io.waxwatch.gateway.http.RequestScope;
import io.waxwatch.gateway.http.SlowClients;
import io.waxwatch.gateway.listings.ListingRoutes;
import io.waxwatch.gateway.notifications.NotificationRoutes;
import io.waxwatch.gateway.outbound.OutboundRoutes;
import io.waxwatch.gateway.profile.ProfileRoutes;
import io.waxwatch.gateway.providerrequests.ProviderRequestRoutes;
import io.waxwatch.gateway.providers.ProviderRoutes;
import io.waxwatch.gateway.routing.RequestAuthorizer;
import io.waxwatch.gateway.routing.Routes;
import io.waxwatch.gateway.search.SearchRoutes;
import io.waxwatch.gateway.sessions.SessionRoutes;
import io.waxwatch.gateway.startpage.StartPage;
import io.waxwatch.gateway.stream.EventStreams;
import io.waxwatch.gateway.throttle.ClientAddress;
import io.waxwatch.gateway.throttle.Throttle;
import io.waxwatch.gateway.watches.WatchAllowanceStore;
import io.waxwatch.gateway.watches.WatchWrites;
import io.waxwatch.gateway.watchreleases.WatchReleaseRoutes;
import io.waxwatch.gateway.watchrules.RuleFindingRoutes;
import io.waxwatch.gateway.watchrules.WatchRuleRoutes;
import io.waxwatch.gateway.watchrules.WatchRules;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP edge on one event loop; several instances share the port.
 *
 * <ul>
 *   <li>Owns: the HTTP server, the open event streams, this loop's connection to Redis.
 *   <li>Consumes: {@code notification.realtime}.
 *   <li>Asks: {@code search.*}, {@code discogs.*}, {@code ebay.notification}, {@code providers}, {@code dev.*}.
 *   <li>Publishes: {@code watches.changed}, {@code notification.ready}.
 * </ul>
 */
public final class GatewayVerticle extends VerticleBase {

    /** Silent connections are closed by {@link SlowClients}; the server's own limit is behind it. */
    private static final int IDLE_MARGIN_SECONDS = 15;

    private static final int MAX_HEADER_BYTES = 16 * 1024;
    private static final int MAX_HTTP2_STREAMS = 100;
    /** Below that, compressing costs more than it saves: it fits into one packet anyway. */
    private static final int MIN_COMPRESSED_BYTES = 1024;

    private static final Logger log = LoggerFactory.getLogger("app.main");

    private final GatewayParts parts;
    private final int port;
    private final IntConsumer listening;
    private Throttle throttle;
    private EventStreams streams;
    private HttpServer server;

    /**
     * @param port to listen on; a negative one is a free port that all instances share
     * @param listening told the actual port
     */
    GatewayVerticle(GatewayParts parts, int port, IntConsumer listening) {
        this.parts = parts;
        this.port = port;
        this.listening = listening;
    }

    @Override
    public Future<?> start() {
        Settings settings = parts.settings();
        var requests = new RequestScope(parts.metrics(), !settings.isDevelopment());
        var errors = new ErrorResponses(requests);
        var slow = new SlowClients(errors, settings.get(SettingsCatalog.REQUEST_TIMEOUT_SECONDS), parts.nanoClock());
        throttle = new Throttle(vertx, settings, parts.localBuckets(), parts.metrics(), parts.redisOutage());
        streams = new EventStreams(
                vertx,
                parts.bus(),
                parts.database(),
                settings,
                parts.streamSlots(),
                requests,
                parts.clock(),
                parts.nanoClock());
        Router router = router(settings, requests, slow, errors);
        return throttle.start()
                .compose(connected -> streams.start())
                .compose(listens -> listen(settings, router, slow, errors))
                .onFailure(failed -> throttle.close());
    }

    @Override
    public Future<?> stop() {
        long grace =
                parts.settings().get(SettingsCatalog.SHUTDOWN_GRACE_SECONDS).toSeconds();
        parts.readiness().drain();
        return streams.stop()
                .otherwiseEmpty()
                .eventually(() -> server.shutdown(Math.max(1, grace / 2), TimeUnit.SECONDS))
                .eventually(throttle::close);
    }

    private Router router(Settings settings, RequestScope requests, SlowClients slow, ErrorResponses errors) {
        Router router = Router.router(vertx);
        errors.mount(router);
        router.route().handler(requests);
        router.route().handler(new MethodCheck(errors));
        router.route().handler(slow);
        router.route().handler(new Cors(settings));
        router.route().handler(new AddressCheck());

        var clients = new ClientAddress(settings.get(SettingsCatalog.TRUSTED_PROXY_CIDRS));
        var sessions = new SessionRoutes(settings, parts.tokens(), parts.sessions(), throttle, clients, parts.clock());
        var authorizer = new RequestAuthorizer(sessions.credentials(), throttle, parts.users(), clients);
        var routes = new Routes(router, authorizer, parts.lanes(), errors, ApiDocument.whole());
        sessions.mount(routes);
        var writes = new WatchWrites(parts.database(), parts.revisions(), parts.events(), parts.bus());
        var enabled = EnabledProviders.presumed(settings);
        var room = new WatchAllowanceStore(settings);
        var rules = new WatchRules(parts.database(), parts.planner(), writes, room);
        new WatchRuleRoutes(settings, parts.database(), parts.planner(), rules, enabled, parts.users()).mount(routes);
        new WatchReleaseRoutes(parts.database(), parts.bus(), parts.planner(), writes, room, parts.users())
                .mount(routes);
        new RuleFindingRoutes(settings, parts.database(), parts.planner(), enabled, parts.clock(), parts.nanoClock())
                .mount(routes);
        new ListingRoutes(parts.database()).mount(routes);
        new SearchRoutes(settings, parts.database(), enabled, parts.searches(), rules, parts.users()).mount(routes);
        new EventRoutes(parts.database()).mount(routes);
        new NotificationRoutes(parts.database()).mount(routes);
        new DiscogsRoutes(settings, parts.database(), parts.bus(), parts.users()).mount(routes);
        new OAuthReturn(settings, authorizer).mount(routes);
        new ProfileRoutes(enabled.wireNames(), parts.database(), parts.events(), parts.planner(), writes, parts.users())
                .mount(routes);
        new ProviderRoutes(settings, parts.bus()).mount(routes);
        new AccountDeletionRoutes(settings, parts.bus(), throttle, clients).mount(routes);
        new DevelopmentRoutes(parts.bus(), parts.database(), parts.users()).mount(routes, settings.isDevelopment());
        new OutboundRoutes(settings, parts.database(), parts.users()).mount(routes);
        new ProviderRequestRoutes(parts.database()).mount(routes);
        streams.mount(routes);
        var operators = new OperatorRoutes(vertx, parts.readiness(), parts.metrics());
        routes.operation("healthz_healthz_get").toHandler(operators::health);
        routes.operation("readyz_readyz_get").toHandler(operators::ready);
        routes.operation("metrics_metrics_get")
                .onlyIf(settings.areMetricsPublic())
                .toHandler(operators::metrics);
        routes.operation("start_page_get").toHandler(StartPage.of(settings));
        new DocumentRoutes(settings).mount(routes);
        routes.close();
        return router;
    }

    /** After so much silence a connection is dead: longer than any may rest, and than a stream's reader hears nothing. */
    static int idleSeconds(Duration heartbeat) {
        return (int) Math.max(SlowClients.KEEP_ALIVE.toSeconds() + IDLE_MARGIN_SECONDS, 3 * heartbeat.toSeconds());
    }

    private Future<Void> listen(Settings settings, Router router, SlowClients slow, ErrorResponses errors) {
        var options = new HttpServerOptions()
                .setHost(settings.get(SettingsCatalog.GATEWAY_HOST))
                .setPort(port)
                .setIdleTimeout(idleSeconds(settings.get(SettingsCatalog.STREAM_HEARTBEAT_SECONDS)))
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setHttp2ClearTextEnabled(settings.get(SettingsCatalog.HTTP2_CLEARTEXT_ENABLED))
                .setInitialSettings(new Http2Settings()
                        .setMaxConcurrentStreams(MAX_HTTP2_STREAMS)
                        .setMaxHeaderListSize(MAX_HEADER_BYTES))
                .setCompressionSupported(true)
                .setCompressionContentSizeThreshold(MIN_COMPRESSED_BYTES)
                // A compressed body is refused, not unpacked: a small one could be a very large one.
                .setDecompressionSupported(false);
        slow.start(vertx);
        server = vertx.createHttpServer(options)
                .connectionHandler(slow::connected)
                .requestHandler(router)
                .invalidRequestHandler(errors::unreadable);
        return server.listen()
                .recover(cause -> ListenFault.explained(
                        cause, settings, SettingsCatalog.GATEWAY_HOST, SettingsCatalog.GATEWAY_PORT, port))
                .onSuccess(bound -> {
                    log.info("gateway.listening", kv("port", bound.actualPort()));
                    listening.accept(bound.actualPort());
                })
                .mapEmpty();
    }
}

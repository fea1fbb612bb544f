package io.waxwatch.common.node;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.common.telemetry.Logging;
import io.waxwatch.common.telemetry.MethodLabel;
import io.waxwatch.common.telemetry.Metrics;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process of WaxWatch: logging, metrics, Vert.x (alone or in the cluster), the bus, what was opened, and the way
 * out. A service's {@code main} reads top to bottom: start a node, open what is shared, deploy, wait for the signal.
 */
public final class Node {

    private static final Logger log = LoggerFactory.getLogger(Node.class);
    private static final Duration VERTX_CLOSE_LIMIT = Duration.ofSeconds(10);

    private final String service;
    private final Settings settings;
    private final Metrics metrics;
    private final Vertx vertx;
    private final Bus bus;
    private final Startup startup;
    private final OrderedClose closing = new OrderedClose();

    private Node(String service, Settings settings, Metrics metrics, Vertx vertx, Startup startup) {
        this.startup = startup;
        this.service = service;
        this.settings = settings;
        this.metrics = metrics;
        this.vertx = vertx;
        this.bus = new Bus(vertx);
        vertx.exceptionHandler(thrown -> log.error("node.uncaught", thrown));
        closing.add("vertx", VERTX_CLOSE_LIMIT, vertx::close);
    }

    /** A node by itself: the bus is local. */
    public static Future<Node> alone(String service, Settings settings) {
        var metrics = new Metrics(service);
        return Future.succeededFuture(new Node(
                service,
                settings,
                metrics,
                builder(settings, metrics, new VertxOptions()).build(),
                Startup.once()));
    }

    /** A member of the Hazelcast cluster that the settings name. What it deploys is tried again for as long as it may start. */
    public static Future<Node> clustered(String service, Settings settings) {
        return clustered(service, settings, Startup.of(settings));
    }

    static Future<Node> clustered(String service, Settings settings, Startup startup) {
        var metrics = new Metrics(service);
        String host = settings.get(SettingsCatalog.CLUSTER_HOST);
        var options = new VertxOptions()
                .setEventBusOptions(encrypted(settings, new EventBusOptions())
                        .setHost(host)
                        .setClusterPublicHost(host)
                        .setPort(settings.get(SettingsCatalog.EVENT_BUS_PORT)));
        var cluster = new HazelcastClusterManager(ClusterConfig.from(settings));
        return builder(settings, metrics, options)
                .withClusterManager(cluster)
                .buildClustered()
                .onSuccess(joined -> metrics.gauge(
                        Metrics.Name.CLUSTER_MEMBERS, () -> cluster.getNodes().size()))
                .map(vertx -> new Node(service, settings, metrics, vertx, startup));
    }

    /** With the {@code CLUSTER_TLS_*} settings both ends of every connection of the bus prove who they are. */
    private static EventBusOptions encrypted(Settings settings, EventBusOptions options) {
        return settings.find(SettingsCatalog.CLUSTER_TLS_CERT_FILE)
                .map(certificate -> options.setSsl(true)
                        // On by default for the bus: any certificate would do.
                        .setTrustAll(false)
                        .setClientAuth(ClientAuth.REQUIRED)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertPath(certificate.toString())
                                .addKeyPath(settings.get(SettingsCatalog.CLUSTER_TLS_KEY_FILE)
                                        .toString()))
                        .setTrustOptions(new PemTrustOptions()
                                .addCertPath(settings.get(SettingsCatalog.CLUSTER_TLS_CA_FILE)
                                        .toString())))
                .orElse(options);
    }

    private static VertxBuilder builder(Settings settings, Metrics metrics, VertxOptions options) {
        options.setFileSystemOptions(new FileSystemOptions().setFileCachingEnabled(false));
        options.setMetricsOptions(new MicrometerMetricsOptions()
                .setEnabled(true)
                // Labels whose values are ours: no addresses, no paths, and of the methods only those that there are.
                .setLabels(EnumSet.of(Label.HTTP_CODE, Label.POOL_TYPE, Label.POOL_NAME))
                .setServerRequestTagsProvider(MethodLabel::of)
                .setClientRequestTagsProvider(MethodLabel::of));
        return Vertx.builder()
                .with(options)
                .withTransport(FirstRequestTimeoutTransport.of(settings.get(SettingsCatalog.REQUEST_TIMEOUT_SECONDS)))
                .withMetrics(new MicrometerMetricsFactory(metrics.registry()));
    }

    public Settings settings() {
        return settings;
    }

    public Metrics metrics() {
        return metrics;
    }

    public Vertx vertx() {
        return vertx;
    }

    public Bus bus() {
        return bus;
    }

    /** Opens the process's database pool, closed after whatever is deployed or opened later. */
    public Database openDatabase() {
        var database = Database.open(vertx, settings, "waxwatch-" + service);
        onClose("database", Duration.ofSeconds(5), database::close);
        metrics.gauge(
                Metrics.Name.DB_UTILIZATION, () -> metrics.connectionsInUse(Database.POOL_NAME) / database.size());
        return database;
    }

    /** For what must be there before the rest can start. */
    Startup startup() {
        return startup;
    }

    /**
     * Deploys verticles one after the other's instances; they are undeployed, in turn, before what was opened earlier. A service of
     * the cluster whose verticles do not start tries again with new ones, within {@code STARTUP_TIMEOUT_SECONDS}.
     */
    public Future<Void> deploy(Supplier<? extends Deployable> verticle, int instances, Duration stopLimit) {
        var options = new DeploymentOptions().setInstances(instances);
        return startup.until(vertx, "its verticles", () -> vertx.deployVerticle(verticle, options))
                .onSuccess(id -> onClose("verticle", stopLimit, () -> vertx.undeploy(id)))
                .mapEmpty();
    }

    /** Adds a closing step, run before those added earlier. */
    public void onClose(String name, Duration limit, Supplier<Future<?>> action) {
        closing.add(name, limit, action);
    }

    /** Drains and closes everything, once. */
    public Future<Void> close() {
        return closing.close().onSuccess(done -> log.info("node.closed", kv("service", service)));
    }

    /**
     * Makes SIGTERM and Ctrl-C drain and end with exit code 0. The JVM's own code would be 130 or 143; it is halted
     * only after everything is closed or the grace is over.
     */
    public void closeOnSignal() {
        closeOnSignal(() -> 0);
    }

    /** The same, for a process that may also end by itself: {@code exitCode} is asked after everything is closed. */
    public void closeOnSignal(IntSupplier exitCode) {
        long grace = settings.get(SettingsCatalog.SHUTDOWN_GRACE_SECONDS).toSeconds();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            int code = 1;
                            try {
                                close().toCompletionStage()
                                        .toCompletableFuture()
                                        .get(grace, TimeUnit.SECONDS);
                                code = exitCode.getAsInt();
                            } catch (InterruptedException | java.util.concurrent.ExecutionException failed) {
                                log.error("node.drain_failed", failed);
                            } catch (java.util.concurrent.TimeoutException late) {
                                log.error("node.drain_incomplete", kv("grace_seconds", grace));
                            }
                            Logging.close();
                            Runtime.getRuntime().halt(code);
                        },
                        "waxwatch-close"));
    }
}

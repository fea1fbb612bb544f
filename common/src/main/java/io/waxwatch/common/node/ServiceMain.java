package io.waxwatch.common.node;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.http.Readiness;
import io.waxwatch.common.settings.InvalidSettings;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.UrlPasswords;
import io.waxwatch.common.telemetry.Logging;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What every service's {@code main} does around its own few lines: settings, node, signals, exit codes. */
public final class ServiceMain {

    private static final Logger log = LoggerFactory.getLogger(ServiceMain.class);

    private ServiceMain() {}

    /**
     * Runs a service in the cluster until it is told to stop. Faulty settings are listed, all of them, and end it with
     * exit code 1, as does a start that fails.
     *
     * @param start opens what is shared and deploys
     */
    public static void run(String service, Role role, Function<Node, Future<?>> start) {
        try {
            run(service, Settings.fromEnvironment(role), start);
        } catch (InvalidSettings invalid) {
            System.err.println(invalid.getMessage());
            System.exit(1);
        }
    }

    /**
     * The same for a service without an API of its own: it gets a database and a management port. It is ready when its verticles
     * have started, which means subscribed and running, and not any more from the moment it drains.
     *
     * @param deploy puts the service's verticles on the node
     */
    public static void worker(String service, Role role, BiFunction<Node, Database, Future<Void>> deploy) {
        worker(service, role, (node, database, readiness) -> deploy.apply(node, database));
    }

    /** Puts a service's verticles on its node. */
    @FunctionalInterface
    public interface Deployment {

        /** @param readiness where the verticles may have what they depend on looked at */
        Future<Void> on(Node node, Database database, Readiness readiness);
    }

    /** The same for verticles that have a say in whether the service is ready. */
    public static void worker(String service, Role role, Deployment deploy) {
        run(service, role, node -> {
            Database database = node.openDatabase();
            var deployed = new AtomicBoolean();
            var readiness = new Readiness(node.vertx())
                    .require("db", database::probe)
                    .require(
                            "service",
                            () -> deployed.get()
                                    ? Future.succeededFuture()
                                    : Future.failedFuture(new Readiness.StillStarting()));
            return ManagementServer.start(node, readiness)
                    .compose(listening -> reachable(node, database))
                    .compose(reachable -> deploy.on(node, database, readiness))
                    .onSuccess(started -> {
                        deployed.set(true);
                        node.onClose("readiness", Duration.ofSeconds(1), () -> {
                            readiness.drain();
                            return Future.succeededFuture();
                        });
                    });
        });
    }

    /** Ends when the database answers and can be used as the settings say, within the time that a start may take. */
    public static Future<Void> reachable(Node node, Database database) {
        return node.startup().until(node.vertx(), "the database", database::check);
    }

    private static void run(String service, Settings settings, Function<Node, Future<?>> start) {
        Logging.configure(settings);
        long began = System.nanoTime();
        Startup startup = Startup.of(settings);
        startup.blockUntil("the cluster", () -> Node.clustered(service, settings, startup))
                .compose(node -> {
                    node.closeOnSignal();
                    settings.unusedVariables().forEach(line -> log.warn("settings.unused", kv("advice", line)));
                    return start.apply(node).<Void>mapEmpty();
                })
                .onSuccess(started -> log.info(
                        "service.ready",
                        kv("service", service),
                        kv("duration_ms", (System.nanoTime() - began) / 1_000_000)))
                .onFailure(cause -> {
                    if (cause instanceof InvalidSettings invalid) {
                        log.error("service.start_refused", kv("service", service), kv("reason", invalid.getMessage()));
                    } else {
                        log.error("service.start_failed", kv("service", service), cause);
                    }
                    Logging.close();
                    // The last line, for whoever started it by hand or by a script.
                    System.err.println(
                            cause instanceof InvalidSettings
                                    ? cause.getMessage()
                                    : "The " + service + " cannot start: "
                                            + UrlPasswords.masked(String.valueOf(cause))
                                                    .lines()
                                                    .findFirst()
                                                    .orElse(""));
                    Runtime.getRuntime().halt(1);
                });
    }
}

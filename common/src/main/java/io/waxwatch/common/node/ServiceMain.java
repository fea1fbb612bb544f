package io.waxwatch.common.node;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.waxwatch.common.settings.InvalidSettings;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.telemetry.Logging;
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

    private static void run(String service, Settings settings, Function<Node, Future<?>> start) {
        Logging.configure(settings);
        long began = System.nanoTime();
        Node.clustered(service, settings)
                .compose(node -> {
                    node.closeOnSignal();
                    settings.retiredVariables().forEach(line -> log.warn("settings.retired", kv("advice", line)));
                    return start.apply(node).<Void>mapEmpty();
                })
                .onSuccess(started -> log.info(
                        "service.ready",
                        kv("service", service),
                        kv("duration_ms", (System.nanoTime() - began) / 1_000_000)))
                .onFailure(cause -> {
                    log.error("service.start_failed", kv("service", service), cause);
                    Runtime.getRuntime().halt(1);
                });
    }
}

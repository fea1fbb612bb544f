package io.waxwatch.standalone;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.node.Node;
import io.waxwatch.common.settings.InvalidSettings;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.common.telemetry.Logging;
import io.waxwatch.gateway.Gateway;
import io.waxwatch.notifier.Notifier;
import io.waxwatch.provider.Providers;
import io.waxwatch.scheduler.Scheduler;
import io.waxwatch.standalone.output.Banner;
import io.waxwatch.standalone.output.RunFile;
import io.waxwatch.standalone.output.RunInfo;
import io.waxwatch.standalone.parts.EmbeddedParts;
import io.waxwatch.standalone.process.PartFailedException;
import io.waxwatch.standalone.process.Ports;
import io.waxwatch.standalone.process.PrivateFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything in one process: the embedded parts, all verticles on a local bus, and a demo collector. */
public final class StandaloneMain {

    private static final Logger log = LoggerFactory.getLogger(StandaloneMain.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PARTS_STOP = Duration.ofSeconds(15);

    private StandaloneMain() {}

    public static void main(String[] arguments) {
        long began = System.nanoTime();
        var exitCode = new AtomicInteger(1);
        try {
            run(Settings.fromEnvironment(Role.STANDALONE), began, exitCode);
        } catch (InvalidSettings | PartFailedException failed) {
            System.err.println(failed.getMessage());
            Runtime.getRuntime().exit(1);
        } catch (TimeoutException late) {
            log.error("standalone.start_failed", late);
            System.err.println("WaxWatch cannot start: not up within " + PATIENCE.toSeconds()
                    + " s, and .run/logs/standalone.log says what it was doing");
            Runtime.getRuntime().exit(1);
        } catch (IOException | RuntimeException failed) {
            log.error("standalone.start_failed", failed);
            System.err.println("WaxWatch cannot start: " + failed.getMessage() + " (see .run/logs/standalone.log)");
            Runtime.getRuntime().exit(1);
        }
    }

    private static void run(Settings given, long began, AtomicInteger exitCode) throws IOException, TimeoutException {
        Path folder = given.get(SettingsCatalog.STANDALONE_DATA_DIRECTORY).toAbsolutePath();
        PrivateFile.makeFolder(folder);
        PrivateFile.makeFolder(folder.resolve("logs"));
        Logging.configure(given, folder.resolve("logs/standalone.log"));
        int gatewayPort = gatewayPort(given);

        var parts = new EmbeddedParts(given, StandaloneMain::progress);
        var partsStop = new Thread(parts::close, "waxwatch-parts-close");
        Runtime.getRuntime().addShutdownHook(partsStop);
        parts.start();

        Settings settings = given.with(Role.STANDALONE, environment(given, parts, gatewayPort));
        progress("Starting gateway, scheduler, provider and notifier");
        Node node = Node.alone("standalone", settings).await();
        node.onClose(
                "parts",
                PARTS_STOP,
                () -> Future.fromCompletionStage(java.util.concurrent.CompletableFuture.runAsync(parts::close)));
        Runtime.getRuntime().removeShutdownHook(partsStop);
        node.closeOnSignal(exitCode::get);
        RunFile runFile = new RunFile(folder);
        long pid = ProcessHandle.current().pid();
        node.onClose("run-file", Duration.ofSeconds(1), () -> {
            runFile.remove(pid);
            return Future.succeededFuture();
        });

        int port = deployAll(node).await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        String apiUrl = "http://127.0.0.1:" + port;
        RunInfo info = parts.runInfo(apiUrl, pid);
        parts.seedDemo(info).await(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        exitCode.set(0);
        runFile.write(info);
        Duration startup = Duration.ofNanos(System.nanoTime() - began);
        log.info("standalone.ready", kv("duration_ms", startup.toMillis()));
        System.out.print(new Banner(Path.of("")).render(info, runFile.tokenFile(), startup));
    }

    private static Future<Integer> deployAll(Node node) {
        Database database = node.openDatabase();
        return database.check()
                .compose(checked -> Notifier.deploy(node, database))
                .compose(deployed -> Providers.deploy(node, database))
                .compose(deployed -> Scheduler.deploy(node, database))
                .compose(deployed -> Gateway.deploy(node, database));
    }

    private static Map<String, String> environment(Settings given, EmbeddedParts parts, int gatewayPort) {
        Map<String, String> environment = new HashMap<>(parts.environment());
        environment.put("GATEWAY_PORT", Integer.toString(gatewayPort));
        if (!given.isSet(SettingsCatalog.GATEWAY_HOST)) {
            environment.put("GATEWAY_HOST", "127.0.0.1");
        }
        if (!given.isSet(SettingsCatalog.PUBLIC_BASE_URL)) {
            environment.put("PUBLIC_BASE_URL", "http://127.0.0.1:" + gatewayPort);
        }
        return environment;
    }

    /** The port that was asked for or none; unasked, the usual one if it is free. */
    private static int gatewayPort(Settings given) {
        int usual = given.get(SettingsCatalog.GATEWAY_PORT);
        if (given.isSet(SettingsCatalog.GATEWAY_PORT)) {
            return Ports.claim(usual, "The gateway", "GATEWAY_PORT");
        }
        return Ports.isFree(usual) ? usual : Ports.free();
    }

    private static void progress(String line) {
        System.out.println(line + " ...");
    }
}

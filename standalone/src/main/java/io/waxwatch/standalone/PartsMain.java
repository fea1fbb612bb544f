package io.waxwatch.standalone;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.client.WebClient;
import io.waxwatch.common.settings.InvalidSettings;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.common.telemetry.Logging;
import io.waxwatch.standalone.output.Banner;
import io.waxwatch.standalone.output.RunFile;
import io.waxwatch.standalone.output.RunInfo;
import io.waxwatch.standalone.parts.EmbeddedParts;
import io.waxwatch.standalone.process.PartFailedException;
import io.waxwatch.standalone.process.PrivateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * The embedded parts alone, for a cluster on this machine. Writes {@code cluster.env} when the services can start, seeds
 * the demo through the gateway when that answers, then writes the run file and the banner.
 */
public final class PartsMain {

    private static final long GATEWAY_LOOK_MILLIS = 250;

    private PartsMain() {}

    /** @param arguments the process id to name as the one that stops all; its own if absent */
    public static void main(String[] arguments) {
        long stopPid = arguments.length > 0
                ? Long.parseLong(arguments[0])
                : ProcessHandle.current().pid();
        long began = System.nanoTime();
        var exitCode = new AtomicInteger(1);
        try {
            run(Settings.fromEnvironment(Role.STANDALONE), stopPid, began, exitCode);
        } catch (InvalidSettings | PartFailedException failed) {
            System.err.println(failed.getMessage());
            Runtime.getRuntime().exit(1);
        } catch (IOException failed) {
            System.err.println("The embedded parts cannot start: " + failed.getMessage());
            Runtime.getRuntime().exit(1);
        }
    }

    private static void run(Settings settings, long pid, long began, AtomicInteger exitCode) throws IOException {
        Logging.configure(settings);
        Path folder = settings.get(SettingsCatalog.STANDALONE_DATA_DIRECTORY).toAbsolutePath();
        PrivateFile.makeFolder(folder);
        var runFile = new RunFile(folder);
        var parts = new EmbeddedParts(settings, line -> System.out.println(line + " ..."));
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            runFile.remove(pid);
                            parts.close();
                            Logging.close();
                            Runtime.getRuntime().halt(exitCode.get());
                        },
                        "waxwatch-parts-close"));
        parts.start();
        exitCode.set(0);
        writeEnvironment(folder.resolve("cluster.env"), parts.environment());

        String apiUrl = settings.get(SettingsCatalog.PUBLIC_BASE_URL).toString();
        RunInfo info = parts.runInfo(apiUrl, pid);
        Vertx vertx = Vertx.vertx();
        gatewayReady(vertx, WebClient.create(vertx), apiUrl)
                .compose(ready -> parts.seedDemo(info))
                .onSuccess(seeded -> {
                    runFile.write(info);
                    Duration startup = Duration.ofNanos(System.nanoTime() - began);
                    writeText(
                            folder.resolve("banner.txt"),
                            new Banner(Path.of("")).render(info, runFile.tokenFile(), startup));
                })
                .onFailure(cause -> System.err.println("The demo could not be seeded: " + cause.getMessage()));
    }

    private static Future<Void> gatewayReady(Vertx vertx, WebClient http, String apiUrl) {
        return http.getAbs(apiUrl + "/readyz")
                .send()
                .timeout(2, TimeUnit.SECONDS)
                .map(answer -> answer.statusCode() == 200)
                .otherwise(false)
                .compose(ready -> ready
                        ? Future.succeededFuture()
                        : vertx.timer(GATEWAY_LOOK_MILLIS, TimeUnit.MILLISECONDS)
                                .compose(later -> gatewayReady(vertx, http, apiUrl)));
    }

    private static void writeEnvironment(Path file, Map<String, String> environment) {
        writeText(
                file,
                new TreeMap<>(environment)
                        .entrySet().stream()
                                .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                                .collect(Collectors.joining()));
    }

    /** Appears whole: somebody waits for the file. */
    private static void writeText(Path file, String text) {
        try {
            Path draft = file.resolveSibling(file.getFileName() + ".draft");
            Files.writeString(draft, text);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}

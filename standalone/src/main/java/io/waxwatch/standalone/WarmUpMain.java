package io.waxwatch.standalone;

import io.vertx.core.Future;
import io.vertx.ext.web.client.WebClient;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.node.Node;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.telemetry.Logging;
import io.waxwatch.gateway.Gateway;
import io.waxwatch.notifier.Notifier;
import io.waxwatch.provider.Providers;
import io.waxwatch.scheduler.Scheduler;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.jar.JarFile;

/**
 * Loads what the services of a cluster load, and ends: run by the build, so that the JVM leaves an archive of these classes. Starts a
 * cluster of one on loopback with everything in it, and needs nothing from outside: no database, no Redis, no marketplace.
 */
public final class WarmUpMain {

    private static final long PATIENCE_SECONDS = 120;
    /** What a service loads only when its database answers, besides our own. */
    private static final List<String> WHOLE_PACKAGES =
            List.of("io/waxwatch/", "io/vertx/pgclient/", "io/vertx/sqlclient/", "io/vertx/redis/");

    private WarmUpMain() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) throws IOException, TimeoutException {
        // Port 1 is nobody's: what is away there is refused at once.
        Settings settings = Settings.load(
                Map.ofEntries(
                        Map.entry("ENVIRONMENT", "local"),
                        Map.entry("LOG_LEVEL", "critical"),
                        Map.entry("STARTUP_TIMEOUT_SECONDS", "0"),
                        Map.entry("SHUTDOWN_GRACE_SECONDS", "2"),
                        Map.entry(
                                "CLUSTER_NAME",
                                "waxwatch-warm-up-" + ProcessHandle.current().pid()),
                        Map.entry("CLUSTER_PORT", "0"),
                        Map.entry("GATEWAY_HOST", "127.0.0.1"),
                        Map.entry("GATEWAY_PORT", "0"),
                        Map.entry("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none"),
                        Map.entry("DATABASE_CONNECT_TIMEOUT_SECONDS", "1"),
                        Map.entry("REDIS_URL", "redis://127.0.0.1:1"),
                        Map.entry("AUTH_ISSUER", "http://127.0.0.1:1"),
                        Map.entry("NOTIFICATION_EMAIL_PROVIDER", "smtp"),
                        Map.entry("SMTP_HOST", "127.0.0.1"),
                        Map.entry("SMTP_PORT", "1"),
                        Map.entry("SMTP_STARTTLS", "false"),
                        Map.entry("EBAY_BASE_URL", "http://127.0.0.1:1"),
                        Map.entry("EBAY_CLIENT_ID", "nobody"),
                        Map.entry("EBAY_CLIENT_SECRET", "none"),
                        Map.entry("DISCOGS_BASE_URL", "http://127.0.0.1:1"),
                        Map.entry("DISCOGS_TOKEN", "none"),
                        Map.entry("DISCOGS_USER_AGENT", "WaxWatch/0.1 +https://waxwatch.example")),
                Role.STANDALONE);
        Logging.configure(settings);
        loadWholePackages();
        Node node = Node.clustered("warm-up", settings).await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        Database database = node.openDatabase();
        // None but the gateway can start without a database; what they have loaded until then is what we want.
        Notifier.deploy(node, database)
                .otherwiseEmpty()
                .compose(tried -> Scheduler.deploy(node, database).otherwiseEmpty())
                .compose(tried -> Providers.deploy(node, database).otherwiseEmpty())
                .compose(tried -> Gateway.deploy(node, database, 1))
                .compose(port -> visit(node, "http://127.0.0.1:" + port))
                .eventually(node::close)
                .await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        Logging.close();
    }

    private static Future<?> visit(Node node, String api) {
        var http = WebClient.create(node.vertx());
        return Future.join(List.of("/healthz", "/readyz", "/api/watch-rules", "/docs", "/openapi.json").stream()
                .map(path -> http.getAbs(api + path).send())
                .toList());
    }

    private static void loadWholePackages() throws IOException {
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (entry.endsWith(".jar")) {
                try (var jar = new JarFile(entry)) {
                    jar.stream()
                            .map(file -> file.getName())
                            .filter(name -> name.endsWith(".class")
                                    && WHOLE_PACKAGES.stream().anyMatch(name::startsWith))
                            .forEach(WarmUpMain::load);
                }
            }
        }
    }

    private static void load(String file) {
        try {
            Class.forName(
                    file.substring(0, file.length() - ".class".length()).replace('/', '.'),
                    false,
                    WarmUpMain.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError needsMore) {
            // For a library that is not there, as some classes are; whoever really needs it will say so.
            Thread.yield();
        }
    }
}

package io.waxwatch.benchmarks.gateway;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClient;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.benchmarks.BenchmarkServers;
import io.waxwatch.benchmarks.report.Median;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.node.Node;
import io.waxwatch.common.polls.PollPlanner;
import io.waxwatch.common.polls.PollStore;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.telemetry.Logging;
import io.waxwatch.gateway.Gateway;
import io.waxwatch.standalone.identity.DevIdentityProvider;
import io.waxwatch.standalone.redis.EmbeddedRedisPart;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Requests a second for one page of 20 watch rules: the gateway, with all it does for a request (token, throttle, user, JSON log
 * line, latency metric), beside a bare handler that runs the same SELECT through the same kind of pool. They take
 * turns in one run, so that both meet the same machine. Load generator, servers and PostgreSQL share its cores.
 */
public final class GatewayBenchmark {

    private static final String PATH = "/api/watch-rules?limit=20";
    private static final int RULES = 20;
    private static final int ROUNDS = 5;
    private static final int ROUND_SECONDS = 4;
    private static final int WARM_UP_ROUNDS = 2;
    private static final double TARGET = 0.60;
    private static final String ENDLESS = "1000000";
    private static final Duration TOKEN_LIFETIME = Duration.ofHours(2);
    private static final UUID USER = UUID.fromString("be9c4000-0000-4000-8000-000000000001");

    private static final String BARE = "bare handler, same SELECT";
    private static final String LOCAL = "gateway, throttle local";
    private static final String REDIS = "gateway, throttle in Redis";

    /** The longest statement that the server shows must hold the gateway's; read at start only. */
    private static final String SHOW_LONG_STATEMENTS = "ALTER SYSTEM SET track_activity_query_size = '16kB'";

    private static final String LAST_LIST_STATEMENT = """
            SELECT query FROM pg_stat_activity
            WHERE application_name = 'waxwatch-benchmark' AND query LIKE 'WITH chosen%LIMIT $4%'
            ORDER BY query_start DESC LIMIT 1
            """;

    private GatewayBenchmark() {}

    /** Runs all rounds and prints their table. */
    public static void run() throws IOException, SQLException, TimeoutException {
        System.out.printf(
                "GET %s, %d rows, 64 connections; %d rounds of %d s each, in turns%n",
                PATH, RULES, ROUNDS, ROUND_SECONDS);
        Vertx vertx = Vertx.vertx();
        try (BenchmarkServers servers = BenchmarkServers.start();
                var redis = new EmbeddedRedisPart(servers.folder().resolve("redis"), 0);
                var load = new LoadGenerator()) {
            servers.run(List.of(SHOW_LONG_STATEMENTS));
            servers.restart();
            redis.start();
            var identity = new DevIdentityProvider(
                    vertx,
                    new DevIdentityProvider.Options(servers.folder().resolve("key.json"), 0, TOKEN_LIFETIME),
                    List.of(),
                    Clock.systemUTC());
            identity.start().await(10, TimeUnit.SECONDS);
            String token = identity.issueToken(USER, "collector@waxwatch.example", TOKEN_LIFETIME);
            Settings local = settings(servers, identity, Map.of());
            Settings shared = settings(servers, identity, Map.of("REDIS_URL", redis.url()));
            Logging.configure(local, servers.folder().resolve("gateway.log"));

            Node localNode = Node.alone("benchmark", local).await(10, TimeUnit.SECONDS);
            Node sharedNode = Node.alone("benchmark-redis", shared).await(10, TimeUnit.SECONDS);
            Map<String, Integer> ports = new LinkedHashMap<>();
            Database bareDatabase = Database.open(vertx, local, "waxwatch-bare");
            int localPort = Gateway.deploy(localNode, localNode.openDatabase()).await(20, TimeUnit.SECONDS);
            PollPlanner planner = PollPlanner.from(local);
            makeRules(vertx, localPort, token, bareDatabase, planner);
            servers.run(List.of("VACUUM (ANALYZE)"));

            String expected = page(vertx, localPort, token);
            ports.put(BARE, bare(vertx, bareDatabase, listStatement(servers), planner));
            ports.put(LOCAL, localPort);
            ports.put(
                    REDIS, Gateway.deploy(sharedNode, sharedNode.openDatabase()).await(20, TimeUnit.SECONDS));
            for (int port : ports.values()) {
                if (!page(vertx, port, token).equals(expected)) {
                    throw new IllegalStateException(
                            "not the same answer:\n" + page(vertx, port, token) + "\n" + expected);
                }
            }
            measure(load, ports, token);
            localNode.close().await(20, TimeUnit.SECONDS);
            sharedNode.close().await(20, TimeUnit.SECONDS);
            bareDatabase.close().await(10, TimeUnit.SECONDS);
            identity.close().await(10, TimeUnit.SECONDS);
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }

    private static void measure(LoadGenerator load, Map<String, Integer> ports, String token) throws IOException {
        Map<String, List<Double>> rates = new LinkedHashMap<>();
        ports.keySet().forEach(name -> rates.put(name, new ArrayList<>()));
        for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
            for (var server : ports.entrySet()) {
                LoadGenerator.Round result = load.round(server.getValue(), PATH, token, ROUND_SECONDS);
                if (result.refused() > 0) {
                    throw new IllegalStateException(
                            result.refused() + " answers of " + server.getKey() + " were no 200");
                }
                if (round >= 0) {
                    rates.get(server.getKey()).add(result.requestsPerSecond());
                }
            }
        }
        System.out.printf("%-30s %12s %10s %10s %10s%n", "server", "requests/s", "ratio", "of target", "rounds");
        double bare = Median.of(rates.get(BARE));
        rates.forEach((name, rounds) -> System.out.printf(
                Locale.ROOT,
                "%-30s %,12.0f %10.2f %10s %s%n",
                name,
                Median.of(rounds),
                ratio(rounds, rates.get(BARE)),
                name.equals(BARE) ? "" : String.format(Locale.ROOT, "%.2fx", ratio(rounds, rates.get(BARE)) / TARGET),
                rounds.stream()
                        .map(rate -> String.format(Locale.ROOT, "%.0f", rate))
                        .toList()));
        if (bare <= 0) {
            throw new IllegalStateException("the bare handler answered nothing");
        }
    }

    /** The median of the ratios of neighbouring rounds: what disturbs one mostly disturbs the other. */
    private static double ratio(List<Double> rounds, List<Double> bareRounds) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < rounds.size(); i++) {
            ratios.add(rounds.get(i) / bareRounds.get(i));
        }
        return Median.of(ratios);
    }

    private static Settings settings(
            BenchmarkServers servers, DevIdentityProvider identity, Map<String, String> further) {
        Map<String, String> environment = new HashMap<>(further);
        environment.put("DATABASE_URL", servers.url());
        environment.put("AUTH_ISSUER", identity.issuer());
        environment.put("AUTH_JWKS_URL", identity.jwksUrl());
        environment.put("AUTH_AUDIENCE", DevIdentityProvider.AUDIENCE);
        environment.put("GATEWAY_HOST", "127.0.0.1");
        environment.put("GATEWAY_PORT", "0");
        // Counted as always, never refused.
        for (String scope : List.of("GLOBAL_AUTHENTICATED", "WATCH_RULES")) {
            environment.put("RATE_LIMIT_" + scope + "_RPM", ENDLESS);
            environment.put("RATE_LIMIT_" + scope + "_BURST", ENDLESS);
        }
        return Settings.load(environment, Role.GATEWAY);
    }

    /** Through the API, so that polls serve them as in life. */
    private static void makeRules(Vertx vertx, int port, String token, Database database, PollPlanner planner)
            throws TimeoutException {
        database.transaction(connection -> new PollStore().ensure(connection, planner.sweep()))
                .await(10, TimeUnit.SECONDS);
        WebClient http = WebClient.create(vertx);
        for (int i = 0; i < RULES; i++) {
            var query = new JsonObject()
                    .put("keywords", new JsonArray().add("blue harbour").add("pressing " + i))
                    .put("sources", new JsonArray().add("ebay"))
                    .put("max_price", 40 + i)
                    .put("currency", "USD");
            var rule =
                    new JsonObject().put("name", "Blue Harbour, pressing " + i).put("query", query);
            int status = http.post(port, "127.0.0.1", "/api/watch-rules")
                    .bearerTokenAuthentication(token)
                    .sendJsonObject(rule)
                    .await(10, TimeUnit.SECONDS)
                    .statusCode();
            if (status / 100 != 2) {
                throw new IllegalStateException("a rule was refused with " + status);
            }
        }
        http.close();
    }

    private static String page(Vertx vertx, int port, String token) throws TimeoutException {
        WebClient http = WebClient.create(vertx);
        String body = http.get(port, "127.0.0.1", PATH)
                .bearerTokenAuthentication(token)
                .send()
                .await(10, TimeUnit.SECONDS)
                .bodyAsString();
        http.close();
        return body;
    }

    /** What the gateway has just run, word for word: a copy here would fall behind. */
    private static String listStatement(BenchmarkServers servers) throws SQLException {
        try (Connection connection = servers.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(LAST_LIST_STATEMENT)) {
            if (!rows.next()) {
                throw new IllegalStateException("the gateway's SELECT is not to be seen in pg_stat_activity");
            }
            return rows.getString(1);
        }
    }

    private static int bare(Vertx vertx, Database database, String sql, PollPlanner planner) throws TimeoutException {
        Tuple parameters = Tuple.of(USER, null, null, RULES, 0L, planner.sweep().key());
        var port = new AtomicInteger();
        var options = new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors());
        vertx.deployVerticle(() -> new BareHandler(database, sql, parameters, port::set), options)
                .await(10, TimeUnit.SECONDS);
        return port.get();
    }
}

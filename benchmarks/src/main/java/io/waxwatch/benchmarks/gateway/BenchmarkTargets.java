package io.waxwatch.benchmarks.gateway;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import io.vertx.ext.web.client.WebClient;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.benchmarks.BenchmarkServers;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.node.Node;
import io.waxwatch.common.polls.PollPlanner;
import io.waxwatch.common.polls.PollStore;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.telemetry.Logging;
import io.waxwatch.gateway.Gateway;
import io.waxwatch.gateway.auth.TokenVerifier;
import io.waxwatch.standalone.identity.DevIdentityProvider;
import io.waxwatch.standalone.redis.EmbeddedRedisPart;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The servers that are compared: the gateway with its throttle in the process and in Redis beside a bare handler that runs the
 * gateway's own SELECT; and handlers that do one of the gateway's other steps beside one that only answers with a constant,
 * because next to a SELECT their cost drowns in its noise.
 */
final class BenchmarkTargets implements AutoCloseable {

    static final String PATH = "/api/watch-rules?limit=20";
    static final int RULES = 20;

    static final String CONSTANT = "a constant, no SELECT";
    static final String JSON = "constant + JSON written anew";
    static final String TOKEN = "constant + token remembered";
    static final String SIGNATURE = "constant + signature verified";
    static final String LOCAL_THROTTLE = "constant + throttle local";
    static final String REDIS_THROTTLE = "constant + throttle in Redis";
    static final String BARE = "bare handler, same SELECT";
    static final String LOCAL = "gateway, throttle local";
    static final String REDIS = "gateway, throttle in Redis";

    private static final String ENDLESS = "1000000";
    private static final Duration TOKEN_LIFETIME = Duration.ofHours(2);
    private static final UUID USER = UUID.fromString("be9c4000-0000-4000-8000-000000000001");

    /** The longest statement that the server shows must hold the gateway's; read at start only. */
    private static final String SHOW_LONG_STATEMENTS = "ALTER SYSTEM SET track_activity_query_size = '16kB'";

    private static final String LAST_LIST_STATEMENT = """
            SELECT query FROM pg_stat_activity
            WHERE application_name = 'waxwatch-benchmark' AND query LIKE 'WITH chosen%LIMIT $4%'
            ORDER BY query_start DESC LIMIT 1
            """;

    private final Vertx vertx = Vertx.vertx();
    private final BenchmarkServers servers;
    private final EmbeddedRedisPart redis;
    private final DevIdentityProvider identity;
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private String token;
    private Node localNode;
    private Node sharedNode;
    private Database bareDatabase;
    private TokenVerifier tokens;

    private BenchmarkTargets(BenchmarkServers servers) {
        this.servers = servers;
        this.redis = new EmbeddedRedisPart(servers.folder().resolve("redis"), 0);
        this.identity = new DevIdentityProvider(
                vertx,
                new DevIdentityProvider.Options(servers.folder().resolve("key.json"), 0, TOKEN_LIFETIME),
                List.of(),
                Clock.systemUTC());
    }

    /** Starts all of them and sees that they answer alike. */
    static BenchmarkTargets start() throws Exception {
        return start(BenchmarkTargets::open);
    }

    /** Starts the gateway with its throttle in the process, and nothing to compare it with. */
    static BenchmarkTargets startGatewayOnly() throws Exception {
        return start(BenchmarkTargets::openGateway);
    }

    /** Opens a part of it, or the whole. */
    @FunctionalInterface
    private interface Opening {
        void of(BenchmarkTargets ladder) throws Exception;
    }

    private static BenchmarkTargets start(Opening opening) throws Exception {
        var ladder = new BenchmarkTargets(BenchmarkServers.start());
        try {
            opening.of(ladder);
            return ladder;
        } catch (Exception failed) {
            ladder.close();
            throw failed;
        }
    }

    /** By name, in the order in which they take turns. */
    Map<String, Integer> ports() {
        return ports;
    }

    /** With which of them this one is compared. */
    static String baseOf(String name) {
        return List.of(BARE, LOCAL, REDIS).contains(name) ? BARE : CONSTANT;
    }

    /** Good for all of them. */
    String token() {
        return token;
    }

    /** The one token, and so many more of other collectors that there are as many as this. */
    List<String> tokens(int many) {
        List<String> all = new ArrayList<>(List.of(token));
        for (int i = 1; i < many; i++) {
            all.add(identity.issueToken(
                    new UUID(USER.getMostSignificantBits(), USER.getLeastSignificantBits() + i),
                    "collector" + i + "@waxwatch.example",
                    TOKEN_LIFETIME));
        }
        return all;
    }

    /** The settings are those of the gateway without Redis. */
    private Settings openGateway() throws Exception {
        servers.run(List.of(SHOW_LONG_STATEMENTS));
        servers.restart();
        identity.start().await(10, TimeUnit.SECONDS);
        token = identity.issueToken(USER, "collector@waxwatch.example", TOKEN_LIFETIME);
        Settings local = settings(Map.of());
        Logging.configure(local, servers.folder().resolve("gateway.log"));
        localNode = Node.alone("benchmark", local).await(10, TimeUnit.SECONDS);
        bareDatabase = Database.open(vertx, local, "waxwatch-bare");
        ports.put(LOCAL, Gateway.deploy(localNode, localNode.openDatabase()).await(20, TimeUnit.SECONDS));
        makeRules(ports.get(LOCAL), PollPlanner.from(local));
        servers.run(List.of("VACUUM (ANALYZE)"));
        return local;
    }

    private void open() throws Exception {
        Settings local = openGateway();
        int localPort = ports.remove(LOCAL);
        redis.start();
        Settings shared = settings(Map.of("REDIS_URL", redis.url()));
        sharedNode = Node.alone("benchmark-redis", shared).await(10, TimeUnit.SECONDS);
        tokens = new TokenVerifier(vertx, local, Clock.systemUTC(), System::nanoTime);
        PollPlanner planner = PollPlanner.from(local);

        String expected = page(localPort);
        String sql = listStatement();
        Tuple parameters =
                Tuple.of(USER, null, null, RULES, 0L, planner.sweepKey().text());
        RowSet<Row> kept = bareDatabase.query(sql, parameters).await(10, TimeUnit.SECONDS);
        Buffer written = Buffer.buffer(expected);
        JWTAuth keys = publicKeys();
        deploy(CONSTANT, () -> Step.NONE, kept, rows -> written);
        deploy(JSON, () -> Step.NONE, kept, BareHandler::json);
        deploy(TOKEN, () -> Step.rememberedToken(tokens), kept, rows -> written);
        deploy(SIGNATURE, () -> Step.verifiedToken(keys), kept, rows -> written);
        deploy(LOCAL_THROTTLE, () -> Step.throttle(local, USER), kept, rows -> written);
        deploy(REDIS_THROTTLE, () -> Step.throttle(shared, USER), kept, rows -> written);
        deploy(BARE, () -> Step.NONE, () -> bareDatabase.query(sql, parameters), BareHandler::json);
        ports.put(LOCAL, localPort);
        ports.put(REDIS, Gateway.deploy(sharedNode, sharedNode.openDatabase()).await(20, TimeUnit.SECONDS));
        if (new HashSet<>(ports.values()).size() < ports.size()) {
            throw new IllegalStateException("two servers behind one port: " + ports);
        }
        for (int port : ports.values()) {
            String answer = page(port);
            if (!answer.equals(expected)) {
                throw new IllegalStateException("not the same answer:\n" + answer + "\n" + expected);
            }
        }
    }

    private Settings settings(Map<String, String> further) {
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
    private void makeRules(int port, PollPlanner planner) throws TimeoutException {
        bareDatabase
                .transaction(connection -> new PollStore().ensure(connection, planner.sweep()))
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

    private String page(int port) throws TimeoutException {
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
    private String listStatement() throws SQLException {
        try (Connection connection = servers.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(LAST_LIST_STATEMENT)) {
            if (!rows.next()) {
                throw new IllegalStateException("the gateway's SELECT is not to be seen in pg_stat_activity");
            }
            return rows.getString(1);
        }
    }

    private JWTAuth publicKeys() throws IOException {
        try (InputStream document = URI.create(identity.jwksUrl()).toURL().openStream()) {
            var options = new JWTAuthOptions();
            Buffer.buffer(document.readAllBytes())
                    .toJsonObject()
                    .getJsonArray("keys")
                    .forEach(key -> options.addJwk((JsonObject) key));
            return JWTAuth.create(vertx, options);
        }
    }

    private void deploy(String name, Supplier<Step> step, RowSet<Row> kept, Function<RowSet<Row>, Buffer> body)
            throws TimeoutException {
        deploy(name, step, () -> Future.succeededFuture(kept), body);
    }

    /** As many instances as the gateway has. */
    private void deploy(
            String name, Supplier<Step> step, Supplier<Future<RowSet<Row>>> source, Function<RowSet<Row>, Buffer> body)
            throws TimeoutException {
        // The same number would have them all behind one port, each answering some of the connections.
        int sharedPort = -1 - ports.size();
        var port = new AtomicInteger();
        var options = new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors());
        vertx.deployVerticle(() -> new BareHandler(sharedPort, source, step.get(), body, port::set), options)
                .await(10, TimeUnit.SECONDS);
        ports.put(name, port.get());
    }

    /** Ends what was started, in turn; the process ends soon, so what does not close by itself is left to that. */
    @Override
    public void close() throws TimeoutException {
        for (Node node : new Node[] {localNode, sharedNode}) {
            if (node != null) {
                node.close().await(20, TimeUnit.SECONDS);
            }
        }
        vertx.close().await(10, TimeUnit.SECONDS);
        redis.close();
        servers.close();
    }
}

package io.waxwatch.gateway.testing;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.impl.ClientPhase;
import io.vertx.ext.web.client.impl.HttpContext;
import io.vertx.ext.web.client.impl.WebClientInternal;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.node.Node;
import io.waxwatch.common.outbox.EventStore;
import io.waxwatch.common.outbox.EventType;
import io.waxwatch.common.outbox.NewEvent;
import io.waxwatch.common.outbox.NotificationStore;
import io.waxwatch.common.settings.DatabaseAddress;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.testing.TestDatabase;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.Gateway;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A gateway on free ports with an issuer of its own, and a client. */
public final class TestGateway implements AutoCloseable {

    private final Node node;
    private final Database database;
    private final TestIssuer issuer;
    private final WebClient client;
    private final int port;

    private TestGateway(DatabaseAddress address, TestIssuer sharedIssuer, Map<String, String> more) {
        this(address, sharedIssuer, null, more, Clock.systemUTC());
    }

    private TestGateway(
            DatabaseAddress address,
            TestIssuer sharedIssuer,
            TestIssuer.Mood keys,
            Map<String, String> more,
            Clock clock) {
        // The issuer's address is a setting, so it has to be there before the node; its own Vert.x is closed with ours.
        this.issuerVertx = sharedIssuer == null ? io.vertx.core.Vertx.vertx() : null;
        this.issuer = sharedIssuer == null ? new TestIssuer(issuerVertx) : sharedIssuer;
        if (sharedIssuer == null) {
            issuer.keysMood(keys);
        }
        var settings = new HashMap<String, String>();
        settings.put("GATEWAY_HOST", "127.0.0.1");
        settings.put("GATEWAY_PORT", "0");
        settings.put("MANAGEMENT_PORT", "0");
        settings.put("AUTH_ISSUER", issuer.url());
        settings.put("AUTH_JWKS_URL", issuer.url() + "/.well-known/jwks.json");
        settings.put("SHUTDOWN_GRACE_SECONDS", "4");
        settings.put("DATABASE_CONNECT_TIMEOUT_SECONDS", "1");
        settings.put("DATABASE_ACQUIRE_TIMEOUT_SECONDS", "1");
        settings.put("RATE_LIMIT_ENABLED", "false");
        settings.putAll(more);
        this.node = TestNode.await(Node.alone("gateway", TestDatabase.settings(address, Role.GATEWAY, settings)));
        this.database = node.openDatabase();
        this.port = TestNode.await(Gateway.deploy(node, database, 2, clock));
        this.client = WebClient.create(node.vertx());
        ((WebClientInternal) client).addInterceptor(TestGateway::checkAgainstDocument);
    }

    private final io.vertx.core.Vertx issuerVertx;

    /** Whatever a test asks: an answer that the API document does not describe fails it. */
    private static void checkAgainstDocument(HttpContext<?> exchange) {
        if (exchange.phase() == ClientPhase.DISPATCH_RESPONSE) {
            try {
                @SuppressWarnings("unchecked")
                var answer = (HttpResponse<Buffer>) exchange.response();
                Contract.document()
                        .check(exchange.request().method(), exchange.request().uri(), answer);
            } catch (AssertionError undocumented) {
                exchange.fail(undocumented);
                return;
            }
        }
        exchange.next();
    }

    public static TestGateway start(Map<String, String> more) {
        return new TestGateway(TestDatabase.fresh(), null, more);
    }

    /** One whose time a test lets pass. */
    public static TestGateway start(Map<String, String> more, Clock clock) {
        return new TestGateway(TestDatabase.fresh(), null, null, more, clock);
    }

    /** One that has never seen its issuer's keys otherwise: it looks for them as soon as it starts. */
    public static TestGateway withKeys(TestIssuer.Mood keys, DatabaseAddress address, Map<String, String> more) {
        return new TestGateway(address, null, keys, more, Clock.systemUTC());
    }

    public static TestGateway on(DatabaseAddress address, Map<String, String> more) {
        return new TestGateway(address, null, more);
    }

    /** Another one that accepts the same tokens. */
    public static TestGateway beside(TestGateway other, DatabaseAddress address, Map<String, String> more) {
        return new TestGateway(address, other.issuer, more);
    }

    public Node node() {
        return node;
    }

    public TestIssuer issuer() {
        return issuer;
    }

    public Database database() {
        return database;
    }

    public int port() {
        return port;
    }

    /** Somebody who has never been here, with a good token. */
    public User user() {
        return user(UUID.randomUUID());
    }

    public User user(UUID id) {
        return new User(id, issuer.token(id));
    }

    public User bearer(String token) {
        return new User(null, token);
    }

    public final class User {
        public final UUID id;
        public final String token;

        public User(UUID id, String token) {
            this.id = id;
            this.token = token;
        }

        public Reply get(String path) {
            return send(HttpMethod.GET, path, null);
        }

        public Reply post(String path, JsonObject body) {
            return send(HttpMethod.POST, path, body);
        }

        public Reply patch(String path, JsonObject body) {
            return send(HttpMethod.PATCH, path, body);
        }

        public Reply delete(String path) {
            return send(HttpMethod.DELETE, path, null);
        }

        public Reply send(HttpMethod method, String path, JsonObject body) {
            return TestNode.await(sending(method, path, body == null ? null : body.toBuffer()));
        }

        public Future<Reply> sending(HttpMethod method, String path, Buffer body) {
            HttpRequest<Buffer> request = request(method, path);
            if (token != null) {
                request.putHeader("authorization", "Bearer " + token);
            }
            return (body == null
                            ? request.send()
                            : request.putHeader("content-type", "application/json")
                                    .sendBuffer(body))
                    .map(Reply::new);
        }
    }

    public HttpRequest<Buffer> request(HttpMethod method, String path) {
        return client.request(method, port, "127.0.0.1", path).followRedirects(false);
    }

    /** Anything, without a token. */
    public Reply anonymous(HttpMethod method, String path) {
        return TestNode.await(request(method, path).send().map(Reply::new));
    }

    public record Reply(HttpResponse<Buffer> http) {
        public int status() {
            return http.statusCode();
        }

        public String header(String name) {
            return http.getHeader(name);
        }

        public JsonObject json() {
            return http.bodyAsJsonObject();
        }

        public JsonArray list() {
            return (JsonArray) Json.decodeValue(http.body());
        }

        public JsonObject error() {
            return json().getJsonObject("error");
        }

        public String message() {
            return error().getString("message");
        }

        public String id() {
            return json().getString("id");
        }

        public JsonObject violation() {
            return error().getJsonArray("details").getJsonObject(0);
        }
    }

    public RowSet<Row> sql(String sql, Object... parameters) {
        return TestNode.await(database.query(sql, Tuple.from(parameters)));
    }

    public long count(String sql, Object... parameters) {
        return sql(sql, parameters).iterator().next().getLong(0);
    }

    /** Waits until every change of a watch that was answered has its revision. */
    public void allNumbered() {
        TestNode.eventually("all changes numbered", 30_000, () -> count("SELECT count(*) FROM announced_watches") == 0);
    }

    /** Commits an event with its notifications, as an ingest does. */
    public void event(UUID user, JsonObject payload) {
        var events = new EventStore(new NotificationStore());
        TestNode.await(database.transaction(connection -> events.append(
                connection, List.of(new NewEvent(user, EventType.NEW_MATCH, null, null, null, payload)))));
    }

    @Override
    public void close() {
        TestNode.await(node.close());
        if (issuerVertx != null) {
            TestNode.await(issuerVertx.close());
        }
    }
}

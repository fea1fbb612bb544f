package io.waxwatch.gateway;

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
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A gateway on free ports with an issuer of its own, and a client. */
final class TestGateway implements AutoCloseable {

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

    static TestGateway start(Map<String, String> more) {
        return new TestGateway(TestDatabase.fresh(), null, more);
    }

    /** One whose time a test lets pass. */
    static TestGateway start(Map<String, String> more, Clock clock) {
        return new TestGateway(TestDatabase.fresh(), null, null, more, clock);
    }

    /** One that has never seen its issuer's keys otherwise: it looks for them as soon as it starts. */
    static TestGateway withKeys(TestIssuer.Mood keys, DatabaseAddress address, Map<String, String> more) {
        return new TestGateway(address, null, keys, more, Clock.systemUTC());
    }

    static TestGateway on(DatabaseAddress address, Map<String, String> more) {
        return new TestGateway(address, null, more);
    }

    /** Another one that accepts the same tokens. */
    static TestGateway beside(TestGateway other, DatabaseAddress address, Map<String, String> more) {
        return new TestGateway(address, other.issuer, more);
    }

    Node node() {
        return node;
    }

    TestIssuer issuer() {
        return issuer;
    }

    Database database() {
        return database;
    }

    int port() {
        return port;
    }

    /** Somebody who has never been here, with a good token. */
    User user() {
        return user(UUID.randomUUID());
    }

    User user(UUID id) {
        return new User(id, issuer.token(id));
    }

    User bearer(String token) {
        return new User(null, token);
    }

    final class User {
        final UUID id;
        final String token;

        User(UUID id, String token) {
            this.id = id;
            this.token = token;
        }

        Reply get(String path) {
            return send(HttpMethod.GET, path, null);
        }

        Reply post(String path, JsonObject body) {
            return send(HttpMethod.POST, path, body);
        }

        Reply patch(String path, JsonObject body) {
            return send(HttpMethod.PATCH, path, body);
        }

        Reply delete(String path) {
            return send(HttpMethod.DELETE, path, null);
        }

        Reply send(HttpMethod method, String path, JsonObject body) {
            return TestNode.await(sending(method, path, body == null ? null : body.toBuffer()));
        }

        Future<Reply> sending(HttpMethod method, String path, Buffer body) {
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

    HttpRequest<Buffer> request(HttpMethod method, String path) {
        return client.request(method, port, "127.0.0.1", path).followRedirects(false);
    }

    /** Anything, without a token. */
    Reply anonymous(HttpMethod method, String path) {
        return TestNode.await(request(method, path).send().map(Reply::new));
    }

    record Reply(HttpResponse<Buffer> http) {
        int status() {
            return http.statusCode();
        }

        String header(String name) {
            return http.getHeader(name);
        }

        JsonObject json() {
            return http.bodyAsJsonObject();
        }

        JsonArray list() {
            return (JsonArray) Json.decodeValue(http.body());
        }

        JsonObject error() {
            return json().getJsonObject("error");
        }

        String message() {
            return error().getString("message");
        }

        String id() {
            return json().getString("id");
        }

        JsonObject violation() {
            return error().getJsonArray("details").getJsonObject(0);
        }
    }

    RowSet<Row> sql(String sql, Object... parameters) {
        return TestNode.await(database.query(sql, Tuple.from(parameters)));
    }

    long count(String sql, Object... parameters) {
        return sql(sql, parameters).iterator().next().getLong(0);
    }

    /** Commits an event with its notifications, as an ingest does. */
    void event(UUID user, JsonObject payload) {
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

package io.waxwatch.common.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.waxwatch.common.settings.RedisAddress;
import io.waxwatch.common.settings.Secret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Makes connections to Redis, as {@code REDIS_URL} and {@code REDIS_CA_FILE} say; behind Sentinels to the server that they call
 * the master at that moment. Of one event loop.
 */
public final class RedisDialer {

    private static final int CONNECT_LIMIT_MILLIS = 2_000;
    /** So long a Sentinel may think before the next one is asked. */
    private static final long SENTINEL_LIMIT_MILLIS = 1_000;

    private final Vertx vertx;
    private final RedisAddress address;
    private final NetClientOptions transport;
    private final String pool;
    /** Each attempt begins with another Sentinel, so that one that is wrong does not keep us for ever. */
    private int nextSentinel;

    /**
     * @param authorities a PEM file of who may have signed the server's certificate; the JVM's own if empty
     * @param pool what the metrics call these connections
     */
    public RedisDialer(Vertx vertx, RedisAddress address, Optional<Path> authorities, String pool) {
        this.vertx = vertx;
        this.pool = pool;
        this.address = address;
        this.transport = new NetClientOptions()
                .setConnectTimeout(CONNECT_LIMIT_MILLIS)
                // Without one Vert.x refuses every encrypted connection, before a byte is sent.
                .setHostnameVerificationAlgorithm("HTTPS");
        authorities.ifPresent(file -> transport.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
    }

    /** A connection that is being made; closing it ends whatever has been begun, also one that never came to be. */
    final class Attempt {

        private final List<Redis> clients = new ArrayList<>();
        private boolean closed;

        /** Connects; of several Sentinels one after the other is asked where to. */
        Future<RedisConnection> connect() {
            if (address.master().isEmpty()) {
                return connectTo(address.nodes().get(0));
            }
            int first = nextSentinel++ % address.nodes().size();
            return masterFrom(first, address.nodes().size()).compose(this::connectTo);
        }

        private Future<RedisConnection> connectTo(RedisAddress.Node server) {
            String database = address.database() == 0 ? "" : "/" + address.database();
            return client(server, database, address.login()).connect();
        }

        private Future<RedisAddress.Node> masterFrom(int index, int left) {
            RedisAddress.Node sentinel =
                    address.nodes().get(index % address.nodes().size());
            return ask(sentinel)
                    .recover(cause -> left > 1 ? masterFrom(index + 1, left - 1) : Future.failedFuture(cause));
        }

        private Future<RedisAddress.Node> ask(RedisAddress.Node sentinel) {
            Redis client = client(sentinel, "", address.sentinelLogin());
            String master = address.master().orElseThrow();
            return client.connect()
                    .compose(connection -> connection.send(Request.cmd(Command.SENTINEL)
                            .arg("GET-MASTER-ADDR-BY-NAME")
                            .arg(master)))
                    .timeout(SENTINEL_LIMIT_MILLIS, TimeUnit.MILLISECONDS)
                    .onComplete(asked -> {
                        clients.remove(client);
                        client.close();
                    })
                    .compose(place -> place == null
                            ? Future.failedFuture("the Sentinel at " + sentinel + " knows no master " + master)
                            : Future.succeededFuture(place).map(RedisDialer::node));
        }

        private Redis client(RedisAddress.Node node, String database, RedisAddress.Login login) {
            if (closed) {
                throw new IllegalStateException("given up");
            }
            // Name and password go beside the URL: the client would read a '+' in it as a blank, and repeat it whole
            // when it cannot read it.
            Redis client = Redis.createClient(
                    vertx,
                    new RedisOptions()
                            .setConnectionString(address.url(node) + database)
                            .setUser(login.user().orElse(null))
                            .setPassword(login.password().map(Secret::reveal).orElse(null))
                            .setMaxPoolSize(1)
                            .setMaxPoolWaiting(1)
                            .setPoolName(pool)
                            .setNetClientOptions(transport));
            clients.add(client);
            return client;
        }

        Future<Void> close() {
            closed = true;
            return Future.join(clients.stream().map(Redis::close).toList()).mapEmpty();
        }
    }

    Attempt attempt() {
        return new Attempt();
    }

    /** How long an attempt may take, in the worst case of every Sentinel but the last being silent. */
    long limitMillis(long limitOfOneMillis) {
        return limitOfOneMillis
                + (address.master().isPresent() ? address.nodes().size() * SENTINEL_LIMIT_MILLIS : 0);
    }

    private static RedisAddress.Node node(Response place) {
        return new RedisAddress.Node(place.get(0).toString(), place.get(1).toInteger());
    }
}

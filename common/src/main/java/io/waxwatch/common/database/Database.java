package io.waxwatch.common.database;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.settings.DatabaseAddress;
import io.waxwatch.common.settings.DatabasePooling;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL, pooled. One per process, shared by its verticles; whoever opens it closes it, after the verticles.
 * Work given to it may throw: the connection is returned all the same.
 */
public final class Database {

    /** A transaction left open holds row versions that every claim must step over. */
    static final Duration IDLE_TRANSACTION_LIMIT = Duration.ofSeconds(15);

    /** In the pool's metrics. */
    public static final String POOL_NAME = "pg";

    private static final int MAX_TRIES = 3;
    /** SQL states after which a transaction may be done again: serialization failure, deadlock. */
    private static final Set<String> UNDONE = Set.of("40001", "40P01");

    private static final Logger log = LoggerFactory.getLogger(Database.class);

    private final Pool pool;
    private final int size;

    private Database(Pool pool, int size) {
        this.pool = pool;
        this.size = size;
    }

    /**
     * Opens a pool as the {@code DATABASE_*} settings say; connections are made when first needed, so a database that is
     * away does not fail this call.
     *
     * @param applicationName shown in {@code pg_stat_activity}
     */
    public static Database open(Vertx vertx, Settings settings, String applicationName) {
        DatabaseAddress address = settings.get(SettingsCatalog.DATABASE_URL);
        int maxSize = settings.get(SettingsCatalog.DATABASE_POOL_MAX_SIZE);
        var connect = new PgConnectOptions()
                .setHost(address.socketDirectory().orElse(address.host()))
                .setPort(address.port())
                .setDatabase(address.database())
                .setUser(address.user())
                .setPassword(address.password())
                .setSslMode(SslMode.of(address.sslMode().text()))
                .setSslOptions(new ClientSSLOptions())
                // Not behind PgBouncer's transaction mode, for which DB_POOL=null stands.
                .setUseLayer7Proxy(settings.get(SettingsCatalog.DB_POOL) == DatabasePooling.NULL)
                .setCachePreparedStatements(settings.get(SettingsCatalog.DB_POOL) == DatabasePooling.QUEUE)
                .setPreparedStatementCacheMaxSize(256)
                .addProperty("application_name", applicationName)
                .addProperty(
                        "statement_timeout",
                        Long.toString(settings.get(SettingsCatalog.DATABASE_STATEMENT_TIMEOUT_SECONDS)
                                .toMillis()))
                .addProperty("idle_in_transaction_session_timeout", Long.toString(IDLE_TRANSACTION_LIMIT.toMillis()));
        var pooling = new PoolOptions()
                .setMaxSize(maxSize)
                .setMaxWaitQueueSize(settings.get(SettingsCatalog.DATABASE_POOL_MAX_WAITERS))
                .setConnectionTimeout((int) settings.get(SettingsCatalog.DATABASE_ACQUIRE_TIMEOUT_SECONDS)
                        .toMillis())
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout((int) settings.get(SettingsCatalog.DATABASE_IDLE_TIMEOUT_SECONDS)
                        .toSeconds())
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setMaxLifetime(30)
                .setMaxLifetimeUnit(TimeUnit.MINUTES)
                .setName(POOL_NAME);
        var transport = new NetClientOptions().setConnectTimeout((int)
                settings.get(SettingsCatalog.DATABASE_CONNECT_TIMEOUT_SECONDS).toMillis());
        return new Database(
                PgBuilder.pool()
                        .with(pooling)
                        .with(transport)
                        .connectingTo(connect)
                        .using(vertx)
                        .build(),
                maxSize);
    }

    /** Runs one statement on any connection. */
    public Future<RowSet<Row>> query(String sql, Tuple parameters) {
        return pool.preparedQuery(sql).execute(parameters);
    }

    /** Lends one connection for a while. */
    public <T> Future<T> withConnection(Function<SqlConnection, Future<T>> work) {
        return pool.withConnection(
                connection -> Future.succeededFuture(connection).compose(work));
    }

    /** Runs work in one transaction: committed when it succeeds, rolled back when it fails or throws. */
    public <T> Future<T> transaction(Function<SqlConnection, Future<T>> work) {
        return pool.withTransaction(
                connection -> Future.succeededFuture(connection).compose(work));
    }

    /**
     * The same for work that may meet others in another order: when PostgreSQL undoes one side (a deadlock, a serialization
     * failure), nothing of it is left and the same work succeeds when done again. At most {@value #MAX_TRIES} times.
     */
    public <T> Future<T> repeatedTransaction(Function<SqlConnection, Future<T>> work) {
        return attempt(work, 1);
    }

    private <T> Future<T> attempt(Function<SqlConnection, Future<T>> work, int attempt) {
        return transaction(work).recover(cause -> {
            if (attempt < MAX_TRIES && cause instanceof PgException pg && UNDONE.contains(pg.getSqlState())) {
                log.info("database.transaction_again", kv("sql_state", pg.getSqlState()), kv("attempt", attempt));
                return attempt(work, attempt + 1);
            }
            return Future.failedFuture(cause);
        });
    }

    /** As {@code make_interval(secs => …)} takes it. */
    public static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    /** The upper bound of connections. */
    public int size() {
        return size;
    }

    public Future<Void> close() {
        return pool.close();
    }
}

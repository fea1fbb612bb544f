package io.waxwatch.common.database;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.TransactionRollbackException;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.settings.DatabaseAddress;
import io.waxwatch.common.settings.DatabasePooling;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL, pooled. One per process, shared by its verticles; whoever opens it closes it, after the verticles.
 * Work given to it may throw: the connection is returned all the same.
 *
 * <p>With {@code DB_POOL=queue} a connection is a session of ours: bounded once, its statements prepared once. With
 * {@code DB_POOL=null} a pooler stands in between, and only a transaction is ours: each carries its bounds with it, and nothing
 * is kept on a connection.
 */
public final class Database {

    /** A transaction left open holds row versions that every claim must step over. */
    static final Duration IDLE_TRANSACTION_LIMIT = Duration.ofSeconds(15);

    /**
     * How much later than PostgreSQL's own limit we give a statement up: the server's refusal says more than our silence, so it has
     * time to come through a busy network and a busy event loop.
     */
    static final Duration ANSWER_GRACE = Duration.ofSeconds(5);

    /** In the pool's metrics. */
    public static final String POOL_NAME = "pg";

    private static final int MAX_TRIES = 3;
    /** SQL states after which a transaction may be done again: serialization failure, deadlock. */
    private static final Set<String> UNDONE = Set.of("40001", "40P01");

    private static final Logger log = LoggerFactory.getLogger(Database.class);

    private final Vertx vertx;
    private final DatabaseAddress address;
    private final PgConnectOptions connect;
    private final Pool pool;
    private final Demotion demotion;
    private final SessionBounds bounds;
    private final boolean behindPooler;
    private final Duration acquireLimit;
    private final Duration loginLimit;
    private final Duration answerLimit;
    private final Duration transactionLimit;
    private final int size;

    private Database(Vertx vertx, Settings settings, String applicationName) {
        this.vertx = vertx;
        this.address = settings.get(SettingsCatalog.DATABASE_URL);
        this.behindPooler = settings.get(SettingsCatalog.DB_POOL) == DatabasePooling.NULL;
        Duration statement = settings.get(SettingsCatalog.DATABASE_STATEMENT_TIMEOUT_SECONDS);
        this.bounds = new SessionBounds(statement, IDLE_TRANSACTION_LIMIT);
        this.answerLimit = statement.plus(ANSWER_GRACE);
        this.transactionLimit = settings.get(SettingsCatalog.DATABASE_TRANSACTION_TIMEOUT_SECONDS);
        this.acquireLimit = settings.get(SettingsCatalog.DATABASE_ACQUIRE_TIMEOUT_SECONDS);
        this.loginLimit = settings.get(SettingsCatalog.DATABASE_CONNECT_TIMEOUT_SECONDS);
        this.size = settings.get(SettingsCatalog.DATABASE_POOL_MAX_SIZE);
        this.connect = new PgConnectOptions()
                .setHost(address.socketDirectory().orElse(address.host()))
                .setPort(address.port())
                .setDatabase(address.database())
                .setUser(address.user())
                .setPassword(address.password())
                .setSslMode(SslMode.of(address.sslMode().text()))
                .setSslOptions(new ClientSSLOptions())
                .setUseLayer7Proxy(behindPooler)
                .setCachePreparedStatements(!behindPooler)
                .setPreparedStatementCacheMaxSize(256)
                .setProperties(startParameters(applicationName));
        var pooling = new PoolOptions()
                .setMaxSize(size)
                .setMaxWaitQueueSize(settings.get(SettingsCatalog.DATABASE_POOL_MAX_WAITERS))
                .setConnectionTimeout((int) acquireLimit.toMillis())
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout((int) settings.get(SettingsCatalog.DATABASE_IDLE_TIMEOUT_SECONDS)
                        .toSeconds())
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setMaxLifetime(30)
                .setMaxLifetimeUnit(TimeUnit.MINUTES)
                .setName(POOL_NAME);
        this.pool = PgBuilder.pool()
                .with(pooling)
                .with(transport())
                .connectingTo(connect)
                .withConnectHandler(this::opened)
                .using(vertx)
                .build();
        this.demotion = new Demotion(pool, size);
    }

    /**
     * Opens a pool as the {@code DATABASE_*} settings say; connections are made when first needed, so a database that is
     * away does not fail this call.
     *
     * @param applicationName shown in {@code pg_stat_activity}
     */
    public static Database open(Vertx vertx, Settings settings, String applicationName) {
        return new Database(vertx, settings, applicationName);
    }

    /** Those of the library but one, {@code extra_float_digits}, which PgBouncer refuses and PostgreSQL 12 made needless. */
    private static Map<String, String> startParameters(String applicationName) {
        var parameters = new HashMap<>(PgConnectOptions.DEFAULT_PROPERTIES);
        parameters.remove("extra_float_digits");
        parameters.put("application_name", applicationName);
        return parameters;
    }

    /**
     * A frozen server is connected to, by its host, and never answers the login: such a connection would hold its place in the
     * pool for good. The bound on silence goes when the login is done.
     */
    private NetClientOptions transport() {
        return new NetClientOptions()
                .setConnectTimeout((int) loginLimit.toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setReadIdleTimeout((int) loginLimit.toMillis());
    }

    /** A connection is lent when this closes it, which does not end it. */
    private void opened(SqlConnection fresh) {
        AnswerWatch.stand(fresh, answerLimit, place(address));
        if (behindPooler) {
            fresh.close();
        } else {
            bound(fresh);
        }
    }

    private void bound(SqlConnection fresh) {
        fresh.query(bounds.ofSession())
                .execute()
                .onFailure(cause -> log.warn("database.session_not_bounded", kv("error", cause.getMessage())))
                .onComplete(done -> fresh.close());
    }

    /**
     * Whether what stands at the address can be used as the settings say. To be called once, before anything else is asked.
     * Within a few seconds it fails with {@link io.waxwatch.common.settings.InvalidSettings} when no waiting would help, and
     * otherwise with what is wrong now.
     */
    public Future<Void> check() {
        return new ServerCheck(vertx, address, connect, bounds, behindPooler, loginLimit, size)
                .run()
                .compose(usable -> encoding())
                .map(rows -> {
                    SchemaServer.refuseOtherThanUtf8(rows.iterator().next().getString(0), address.database());
                    return null;
                });
    }

    /** On a connection of its own: one of the pool would stay, and be one too many for the next check behind a small pooler. */
    private Future<RowSet<Row>> encoding() {
        return PgConnection.connect(vertx, connect)
                .timeout(loginLimit.toMillis(), TimeUnit.MILLISECONDS)
                .compose(connection ->
                        connection.query(SchemaServer.ENCODING).execute().eventually(connection::close));
    }

    /** Whether the database answers and takes changes, cheaply; fails with {@link ReadOnlyDatabase} when it only answers. */
    public Future<Void> probe() {
        return query(Demotion.READ_ONLY, Tuple.tuple()).compose(rows -> {
            if (rows.iterator().next().getBoolean("read_only")) {
                demotion.noticed();
                return Future.failedFuture(new ReadOnlyDatabase());
            }
            demotion.over();
            return Future.succeededFuture();
        });
    }

    /**
     * Runs one statement on any connection. Where the server falls silent it fails as unavailable, within the longest run of a
     * statement and {@link #ANSWER_GRACE}, and whether it was done is not known.
     */
    public Future<RowSet<Row>> query(String sql, Tuple parameters) {
        return behindPooler
                ? begun(
                        connection -> connection.query(bounds.begin()).execute(),
                        (connection, begun) -> committed(connection, sql, parameters),
                        (connection, begun) -> connection.query("ROLLBACK").execute())
                : acquire()
                        .compose(connection -> connection
                                .preparedQuery(sql)
                                .execute(parameters)
                                .onComplete(done -> connection.close()))
                        .onFailure(demotion::failed);
    }

    /** The {@code COMMIT} is written without waiting for the statement; what failed it rolls back. */
    private static Future<RowSet<Row>> committed(SqlConnection connection, String sql, Tuple parameters) {
        Future<RowSet<Row>> rows = connection.preparedQuery(sql).execute(parameters);
        Future<?> committed = connection.query("COMMIT").execute();
        return Future.join(rows, committed).transform(all -> rows.compose(found -> committed.map(found)));
    }

    /**
     * Lends one connection, for as long as a transaction may last. Behind a pooler only a {@link #transaction} is bounded by
     * PostgreSQL too, and stays on one server.
     */
    public <T> Future<T> withConnection(Function<SqlConnection, Future<T>> work) {
        return acquire()
                .compose(connection -> inTime(connection, () -> work.apply(connection)))
                .onFailure(demotion::failed);
    }

    /**
     * Work that holds a connection for too long loses it, and fails as unavailable; whether what it had asked last was done is not
     * known then. A statement by itself is bounded by {@link AnswerWatch}, which needs nobody's help.
     */
    private <T> Future<T> inTime(SqlConnection connection, Supplier<Future<T>> work) {
        Promise<T> outcome = Promise.promise();
        var isOver = new AtomicBoolean();
        long timer = vertx.setTimer(transactionLimit.toMillis(), late -> {
            if (isOver.compareAndSet(false, true)) {
                log.warn("database.transaction_overdue", kv("seconds", transactionLimit.toSeconds()));
                AnswerWatch.cut(connection);
                outcome.fail(new Failure(
                        FailureKind.UNAVAILABLE, "the database takes too long right now, please retry shortly"));
            }
        });
        Future.succeededFuture().compose(begin -> work.get()).onComplete(done -> {
            vertx.cancelTimer(timer);
            boolean isInTime = isOver.compareAndSet(false, true);
            connection.close();
            if (isInTime) {
                outcome.handle(done);
            }
        });
        return outcome.future();
    }

    /**
     * Runs work in one transaction: committed when it succeeds, rolled back when it fails or throws. Where the server falls
     * silent it fails as unavailable, within the longest run of a statement and {@link #ANSWER_GRACE}; when that was while it
     * committed, nobody knows whether it did.
     */
    public <T> Future<T> transaction(Function<SqlConnection, Future<T>> work) {
        return behindPooler
                ? begun(
                        this::beginBounded,
                        (connection, transaction) -> settled(connection, transaction, work),
                        (connection, transaction) -> transaction.rollback())
                : withConnection(connection ->
                        connection.begin().compose(transaction -> settled(connection, transaction, work)));
    }

    private static <T> Future<T> settled(
            SqlConnection connection, Transaction transaction, Function<SqlConnection, Future<T>> work) {
        return Future.succeededFuture(connection)
                .compose(work)
                .compose(done -> transaction.commit().map(done), cause -> undo(transaction, cause));
    }

    /** The bounds are written behind {@code BEGIN} without waiting for it. */
    private Future<Transaction> beginBounded(SqlConnection connection) {
        Future<Transaction> begun = connection.begin();
        Future<?> bounded = connection.query(bounds.ofTransaction()).execute();
        return begun.compose(
                transaction -> bounded.<Transaction>map(transaction).recover(cause -> undo(transaction, cause)));
    }

    /**
     * Behind a pooler our connections are soon had, and it is {@code BEGIN} that waits until a server connection is free. Who has
     * waited too long is refused; nothing of its work has been written by then, and what begins late is undone.
     */
    private <B, T> Future<T> begun(
            Function<SqlConnection, Future<B>> begin,
            BiFunction<SqlConnection, B, Future<T>> work,
            BiFunction<SqlConnection, B, Future<?>> undo) {
        return acquire()
                .compose(connection -> {
                    Future<B> begun = begin.apply(connection);
                    return begun.timeout(acquireLimit.toMillis(), TimeUnit.MILLISECONDS)
                            .transform(started -> {
                                if (started.succeeded()) {
                                    return inTime(connection, () -> work.apply(connection, started.result()));
                                }
                                begun.compose(late -> undo.apply(connection, late))
                                        .onComplete(undone -> connection.close());
                                return Future.failedFuture(
                                        started.cause() instanceof TimeoutException ? noConnection() : started.cause());
                            });
                })
                .onFailure(demotion::failed);
    }

    private static <T> Future<T> undo(Transaction transaction, Throwable cause) {
        return cause instanceof TransactionRollbackException
                ? Future.failedFuture(cause)
                : transaction.rollback().transform(undone -> Future.failedFuture(cause));
    }

    /**
     * The pool bounds the wait for a connection that is in use, but not for one that is being opened: a pooler with fewer
     * server connections than we have connections lets a login wait for minutes.
     */
    private Future<SqlConnection> acquire() {
        Promise<SqlConnection> lent = Promise.promise();
        long timer = vertx.setTimer(acquireLimit.toMillis(), late -> lent.tryFail(noConnection()));
        pool.getConnection().onComplete(got -> {
            vertx.cancelTimer(timer);
            if (got.failed()) {
                lent.tryFail(got.cause());
            } else if (!lent.tryComplete(got.result())) {
                got.result().close();
            }
        });
        return lent.future();
    }

    private VertxException noConnection() {
        return VertxException.noStackTrace("no connection to PostgreSQL at " + place(address) + " within "
                + acquireLimit.toSeconds() + " s: all " + size
                + " are in use, or a pooler has fewer for us than DATABASE_POOL_MAX_SIZE");
    }

    /** The server in words, without credentials. */
    static String place(DatabaseAddress address) {
        return address.socketDirectory().orElse(address.host()) + ":" + address.port();
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

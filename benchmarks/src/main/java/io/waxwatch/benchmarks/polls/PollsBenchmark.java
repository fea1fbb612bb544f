package io.waxwatch.benchmarks.polls;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.waxwatch.benchmarks.BenchmarkServers;
import io.waxwatch.benchmarks.report.Median;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.polls.ClaimedPoll;
import io.waxwatch.common.polls.PollSchedule;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Polls claimed and closed a second with a million in the schedule, all due, fsync on: two claimers that each claim 500, close
 * them, and claim again. A poll counts when its closing is committed. Every phase begins with a fresh schedule.
 *
 * <p>Each phase is short of one pass over the schedule, so the row versions it leaves behind gather at the front of the
 * index, where the next claim reads: with a snapshot held open nothing may be cleaned away, which is the worst case.
 */
public final class PollsBenchmark {

    private static final int POLLS = 1_000_000;
    private static final int CLAIMERS = 2;
    private static final int BATCH = 500;
    /** As many transactions at once as a claimer has connections for when each poll is closed by itself. */
    private static final int SINGLE_CLOSES_AT_ONCE = 8;

    private static final int WINDOWS = 5;
    private static final Duration WINDOW = Duration.ofSeconds(4);
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final Duration JITTER = Duration.ofMillis(500);
    private static final double TARGET = 20_000;

    private static final String FILL_POLLS = """
            INSERT INTO polls (id, provider, kind, canonical_key, interval_seconds, created_at)
            SELECT gen_random_uuid(), 'ebay', 'query', 'EBAY_US|176985|poll ' || n, 600, now()
            FROM generate_series(1, %d) AS n
            """.formatted(POLLS);
    /** 64 buckets a provider, from its number on; all due, spread over the last ten minutes. */
    private static final String FILL_SCHEDULE = """
            INSERT INTO poll_schedule (poll_id, bucket, next_due)
            SELECT id, %d + abs(hashtext(id::text)) %% 64, now() - random() * interval '10 minutes' FROM polls
            """.formatted(Provider.EBAY.ordinal() * 64);

    private enum Closing {
        BATCHED,
        ONE_BY_ONE
    }

    private final BenchmarkServers servers;
    private final Vertx vertx;
    private final Database database;
    private final PollSchedule schedule;

    private PollsBenchmark(BenchmarkServers servers, Vertx vertx, Database database) {
        this.servers = servers;
        this.vertx = vertx;
        this.database = database;
        this.schedule = new PollSchedule(database);
    }

    /** Runs all phases and prints their table. */
    public static void run() throws IOException, SQLException, TimeoutException, InterruptedException {
        System.out.printf(
                Locale.ROOT,
                "Polls claimed and closed, %,d in the schedule, %d claimers, batches of %d, fsync on; %d windows of %d s%n",
                POLLS,
                CLAIMERS,
                BATCH,
                WINDOWS,
                WINDOW.toSeconds());
        Vertx vertx = Vertx.vertx();
        try (BenchmarkServers servers = BenchmarkServers.start()) {
            Settings settings = Settings.load(
                    Map.of(
                            "DATABASE_URL",
                            servers.url(),
                            "DATABASE_POOL_MAX_SIZE",
                            Integer.toString(CLAIMERS * SINGLE_CLOSES_AT_ONCE)),
                    Role.SCHEDULER);
            Database database = Database.open(vertx, settings, "waxwatch-benchmark");
            servers.run(List.of(FILL_POLLS, "VACUUM (ANALYZE) polls"));
            var benchmark = new PollsBenchmark(servers, vertx, database);
            benchmark.phase("(warm-up)", Closing.BATCHED, false);
            System.out.printf(
                    "%-46s %10s %10s %10s %12s %16s%n",
                    "phase", "polls/s", "slowest", "last", "of target", "dead rows after");
            benchmark.phase("closed in batches", Closing.BATCHED, false);
            benchmark.phase("closed in batches, long transaction open", Closing.BATCHED, true);
            benchmark.phase("closed one by one", Closing.ONE_BY_ONE, false);
            benchmark.phase("closed one by one, long transaction open", Closing.ONE_BY_ONE, true);
            database.close().await(10, TimeUnit.SECONDS);
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }

    private void phase(String name, Closing closing, boolean longTransaction)
            throws SQLException, TimeoutException, InterruptedException {
        servers.run(List.of("TRUNCATE poll_schedule", FILL_SCHEDULE, "VACUUM (ANALYZE) poll_schedule", "CHECKPOINT"));
        try (Connection reader = servers.connect()) {
            if (longTransaction) {
                holdSnapshot(reader);
            }
            List<Long> rates = measure(closing);
            if (!name.startsWith("(")) {
                double median = Median.of(rates);
                System.out.printf(
                        Locale.ROOT,
                        "%-46s %,10.0f %,10d %,10d %11.2fx %,16d%n",
                        name,
                        median,
                        rates.stream().mapToLong(Long::longValue).min().orElseThrow(),
                        rates.get(rates.size() - 1),
                        median / TARGET,
                        deadRows());
            }
        }
    }

    /** As a report that runs for minutes would. */
    private static void holdSnapshot(Connection reader) throws SQLException {
        reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        reader.setAutoCommit(false);
        try (Statement statement = reader.createStatement()) {
            statement.execute("SELECT count(*) FROM poll_schedule");
        }
    }

    private List<Long> measure(Closing closing) throws TimeoutException, InterruptedException {
        var closed = new LongAdder();
        var stopping = new AtomicBoolean();
        var turns = new AtomicInteger();
        List<Future<Void>> claimers = new ArrayList<>();
        for (int i = 0; i < CLAIMERS; i++) {
            claimers.add(onOwnContext(() -> rounds(closing, closed, stopping, turns)));
        }
        List<Long> rates = new ArrayList<>();
        long began = System.nanoTime();
        long seen = 0;
        for (int i = 0; i < WINDOWS; i++) {
            TimeUnit.NANOSECONDS.sleep(WINDOW.toNanos());
            long now = System.nanoTime();
            long total = closed.sum();
            rates.add(Math.round((total - seen) * 1e9 / (now - began)));
            began = now;
            seen = total;
        }
        stopping.set(true);
        Future.all(claimers).await(30, TimeUnit.SECONDS);
        return rates;
    }

    private Future<Void> onOwnContext(java.util.function.Supplier<Future<Void>> work) {
        var done = io.vertx.core.Promise.<Void>promise();
        vertx.getOrCreateContext().runOnContext(go -> work.get().onComplete(done));
        return done.future();
    }

    private Future<Void> rounds(Closing closing, LongAdder closed, AtomicBoolean stopping, AtomicInteger turns) {
        if (stopping.get()) {
            return Future.succeededFuture();
        }
        return schedule.claim(Provider.EBAY, BATCH, LEASE, turns.getAndIncrement())
                .compose(claimed -> {
                    if (claimed.isEmpty()) {
                        return Future.failedFuture("the schedule ran dry: too few polls for this machine");
                    }
                    return closing == Closing.BATCHED ? closeBatch(claimed, closed) : closeEach(claimed, closed);
                })
                .compose(done -> rounds(closing, closed, stopping, turns));
    }

    private Future<Void> closeBatch(List<ClaimedPoll> claimed, LongAdder closed) {
        var ids = claimed.stream().map(ClaimedPoll::pollId).toList();
        var fences = claimed.stream().map(ClaimedPoll::fence).toList();
        return database.withConnection(connection -> schedule.succeeded(connection, ids, fences, JITTER))
                .compose(count -> {
                    closed.add(count);
                    return count == claimed.size()
                            ? Future.succeededFuture()
                            : Future.failedFuture("closed " + count + " of " + claimed.size());
                });
    }

    /** Each in a transaction of its own, as an outcome is stored, several at once. */
    private Future<Void> closeEach(List<ClaimedPoll> claimed, LongAdder closed) {
        var next = new AtomicInteger();
        List<Future<Void>> lanes = new ArrayList<>();
        for (int lane = 0; lane < SINGLE_CLOSES_AT_ONCE; lane++) {
            lanes.add(closeNext(claimed, next, closed));
        }
        return Future.all(lanes).mapEmpty();
    }

    private Future<Void> closeNext(List<ClaimedPoll> claimed, AtomicInteger next, LongAdder closed) {
        int index = next.getAndIncrement();
        if (index >= claimed.size()) {
            return Future.succeededFuture();
        }
        ClaimedPoll poll = claimed.get(index);
        return database.transaction(connection -> schedule.succeeded(connection, poll.pollId(), poll.fence(), JITTER))
                .compose(ours -> {
                    closed.increment();
                    return ours ? closeNext(claimed, next, closed) : Future.failedFuture("a claim was lost");
                });
    }

    private long deadRows() throws SQLException {
        try (Connection connection = servers.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'poll_schedule'")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}

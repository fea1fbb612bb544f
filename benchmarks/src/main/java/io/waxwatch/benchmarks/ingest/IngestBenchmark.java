package io.waxwatch.benchmarks.ingest;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.waxwatch.benchmarks.BenchmarkServers;
import io.waxwatch.benchmarks.report.Percentiles;
import io.waxwatch.common.bus.BusMessage.PollDue;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.database.Migrations;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.outbox.EventStore;
import io.waxwatch.common.outbox.NotificationStore;
import io.waxwatch.common.polls.PollKey;
import io.waxwatch.common.polls.PollSchedule;
import io.waxwatch.common.polls.PollSpec;
import io.waxwatch.common.polls.PollStore;
import io.waxwatch.common.quarantine.Quarantine;
import io.waxwatch.common.settings.DatabaseAddress;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.common.telemetry.Metrics;
import io.waxwatch.common.watches.WatchRevisions;
import io.waxwatch.provider.http.MarketListing;
import io.waxwatch.provider.ingest.Ingest;
import io.waxwatch.provider.listings.ListingStore;
import io.waxwatch.provider.matching.LiveIndex;
import io.waxwatch.provider.matching.MatchWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * One page after the other, each of fifty new listings of which one is wanted, on a schema as the migrations leave it: how
 * long a page takes from its transaction's beginning to its commit. On the embedded PostgreSQL, or on one that is named, for
 * the embedded one has no compiler (JIT), which is what this is about.
 */
public final class IngestBenchmark {

    private static final int WARM_UP = 20;
    private static final int PAGES = 100;
    private static final int LISTINGS = 50;
    private static final int RULES = 1_000;
    /** A rule changes before every so many pages, so that the index has something to catch up with. */
    private static final int CHANGED_EVERY = 10;

    private static final String FILL = """
            INSERT INTO users (id, email, hashed_password, is_active, created_at, updated_at)
            VALUES ('11111111-1111-1111-1111-111111111111', 'ann@example.com', '!', true, now(), now());
            INSERT INTO watch_search_rules (id, user_id, name, query, is_active, poll_interval_seconds, created_at, updated_at)
            SELECT gen_random_uuid(), '11111111-1111-1111-1111-111111111111', 'rule ' || n,
                   jsonb_build_object('q', 'harbour no' || n), true, 600, now(), now()
            FROM generate_series(1, %d) AS n
            """.formatted(RULES);
    private static final String CHANGE = """
            WITH bumped AS (UPDATE watch_revision SET revision = revision + 1 RETURNING revision)
            INSERT INTO watch_changes (revision, kind, subject_id)
            SELECT bumped.revision, 'rule', (SELECT id FROM watch_search_rules ORDER BY id LIMIT 1) FROM bumped
            """;

    private final Context context;
    private final DatabaseAddress address;
    private final Database database;
    private final PollSchedule schedule;
    private final Ingest ingest;

    private IngestBenchmark(Vertx vertx, DatabaseAddress address, Database database) {
        this.context = vertx.getOrCreateContext();
        this.address = address;
        this.database = database;
        this.schedule = new PollSchedule(database);
        var quarantine = new Quarantine(database, new Metrics("benchmark"));
        this.ingest = new Ingest(
                database,
                schedule,
                new WatchRevisions(),
                new ListingStore(),
                new LiveIndex(database, quarantine),
                new MatchWriter(new EventStore(new NotificationStore())),
                quarantine,
                () -> Duration.ZERO);
    }

    /** @param named an empty database to use, as {@code DATABASE_URL} spells it; what is made in it stays */
    public static void run(Optional<String> named)
            throws IOException, SQLException, TimeoutException, InterruptedException {
        if (named.isPresent()) {
            new Migrations(DatabaseAddress.parse(named.get())).migrate();
            on(named.get());
            return;
        }
        try (BenchmarkServers servers = BenchmarkServers.start()) {
            on(servers.url());
        }
    }

    private static void on(String url) throws SQLException, TimeoutException {
        Vertx vertx = Vertx.vertx();
        try {
            Settings settings = Settings.load(Map.of("DATABASE_URL", url), Role.SCHEDULER);
            Database database = Database.open(vertx, settings, "waxwatch-benchmark");
            new IngestBenchmark(vertx, settings.get(SettingsCatalog.DATABASE_URL), database).measure();
            database.close().await(10, TimeUnit.SECONDS);
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }

    private void measure() throws SQLException, TimeoutException {
        execute(FILL);
        UUID poll = database.transaction(connection -> new PollStore()
                        .ensure(connection, new PollSpec(new PollKey.Query("EBAY_US", "1", "harbour"), 1)))
                .await(10, TimeUnit.SECONDS);
        long[] micros = new long[PAGES];
        for (int page = -WARM_UP; page < PAGES; page++) {
            if (page % CHANGED_EVERY == 0) {
                execute(CHANGE);
            }
            execute("UPDATE poll_schedule SET next_due = now()");
            long fence = schedule.claim(Provider.EBAY, 1, Duration.ofMinutes(5), 0)
                    .await(10, TimeUnit.SECONDS)
                    .get(0)
                    .fence();
            var due = new PollDue(poll, "ebay", "query", "EBAY_US|1|harbour", 1, fence, "benchmark");
            List<MarketListing> listings = page(page);
            long began = System.nanoTime();
            onContext(() -> ingest.commit(due, Provider.EBAY, listings)).await(60, TimeUnit.SECONDS);
            if (page >= 0) {
                micros[page] = (System.nanoTime() - began) / 1_000;
            }
        }
        Percentiles taken = Percentiles.ofMicros(micros);
        System.out.printf(
                Locale.ROOT,
                "Pages of %d new listings ingested on %s: p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, slowest %.1f ms (%d pages)%n",
                LISTINGS,
                server(),
                taken.p50(),
                taken.p90(),
                taken.p99(),
                taken.max(),
                PAGES);
    }

    private <T> Future<T> onContext(Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        context.runOnContext(go -> work.get().onComplete(done));
        return done.future();
    }

    private static List<MarketListing> page(int number) {
        List<MarketListing> page = new ArrayList<>();
        for (int i = 0; i < LISTINGS; i++) {
            String id = "v1|" + number + "-" + i + "|0";
            String title = i == 0 ? "Blue Harbour no" + (1 + Math.floorMod(number, RULES)) : "Giant Steps " + id;
            page.add(new MarketListing(
                    "ebay",
                    id,
                    "https://example.com/itm/" + number + "-" + i,
                    title,
                    new BigDecimal("10.00"),
                    "USD",
                    null,
                    "Used",
                    "3000",
                    "seller",
                    "US",
                    null,
                    null,
                    null,
                    List.of("FIXED_PRICE"),
                    null,
                    null,
                    null,
                    Map.of("itemId", id)));
        }
        return page;
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String server() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("SELECT 'PostgreSQL ' || current_setting('server_version') || ', JIT '"
                        + " || CASE WHEN pg_jit_available() THEN current_setting('jit') ELSE 'not there' END")) {
            row.next();
            return row.getString(1);
        }
    }
}

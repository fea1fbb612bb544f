package io.waxwatch.scheduler.retention;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.scheduler.retention.RetentionStore.Position;
import io.waxwatch.scheduler.retention.RetentionStore.Table;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every {@code RETENTION_INTERVAL_SECONDS} deletes what is older than its table's age, in batches with pauses between them, so that
 * the database's other work hardly notices. Every scheduler tries; the lock in each batch lets one work. A failure is
 * logged and left to the next run. Lives on one event-loop context.
 */
public final class Retention {

    /** Rows a batch looks at: some tens of milliseconds of work. */
    static final int BATCH = 1000;

    private static final Duration PAUSE = Duration.ofMillis(100);
    /** After a start the first run waits up to this long, so that processes started together do not run together. */
    private static final Duration FIRST_WITHIN = Duration.ofSeconds(60);
    /**
     * Changes of rules are news for the matching indexes, which catch up at each ingest; a week is far longer than any index
     * lives without one. No setting: nobody has a reason to choose.
     */
    private static final Duration WATCH_CHANGES_AGE = Duration.ofDays(7);

    /** Far longer than any client goes on trying; part of the API's promise, so no setting either. */
    private static final Duration IDEMPOTENCY_KEYS_AGE = Duration.ofDays(1);

    /** Whoever looks after a service has seen by then what was put aside; no setting, for nothing reads it. */
    private static final Duration QUARANTINED_ROWS_AGE = Duration.ofDays(30);

    /** eBay has given up on a notification long before. */
    private static final Duration ACCOUNT_DELETIONS_AGE = Duration.ofDays(30);

    private static final Logger log = LoggerFactory.getLogger(Retention.class);

    private final Vertx vertx;
    private final RetentionStore store;
    private final Map<Table, Duration> ages;
    private final Duration interval;
    private final Clock clock;
    private final RandomGenerator random;

    private boolean stopped;
    private long timer = -1;

    public Retention(
            Vertx vertx,
            RetentionStore store,
            Map<Table, Duration> ages,
            Duration interval,
            Clock clock,
            RandomGenerator random) {
        this.vertx = vertx;
        this.store = store;
        this.ages = new EnumMap<>(ages);
        this.interval = interval;
        this.clock = clock;
        this.random = random;
    }

    /** The ages that the settings name, and those that they do not. */
    public static Map<Table, Duration> ages(Settings settings) {
        return Map.of(
                Table.PRICE_SNAPSHOTS,
                settings.get(SettingsCatalog.RETENTION_PRICE_SNAPSHOTS_DAYS),
                Table.PROVIDER_REQUESTS,
                settings.get(SettingsCatalog.RETENTION_PROVIDER_REQUESTS_DAYS),
                Table.EVENTS,
                settings.get(SettingsCatalog.RETENTION_EVENTS_DAYS),
                Table.WATCH_CHANGES,
                WATCH_CHANGES_AGE,
                Table.IDEMPOTENCY_KEYS,
                IDEMPOTENCY_KEYS_AGE,
                Table.QUARANTINED_ROWS,
                QUARANTINED_ROWS_AGE,
                Table.ACCOUNT_DELETIONS,
                ACCOUNT_DELETIONS_AGE);
    }

    /** Plans the first run. */
    public void start() {
        plan(Duration.ofMillis(1 + random.nextLong(FIRST_WITHIN.toMillis())));
    }

    /** Plans no more; a batch on its way ends by itself. */
    public void stop() {
        stopped = true;
        if (timer != -1) {
            vertx.cancelTimer(timer);
        }
    }

    /**
     * Runs through every table once.
     *
     * @return how many rows were deleted
     */
    public Future<Integer> run() {
        Future<Integer> total = Future.succeededFuture(0);
        for (Map.Entry<Table, Duration> entry : ages.entrySet()) {
            total = total.compose(before ->
                    cut(entry.getKey(), entry.getValue(), Position.start(), 0).map(deleted -> before + deleted));
        }
        return total;
    }

    private void plan(Duration wait) {
        if (stopped) {
            return;
        }
        timer = vertx.setTimer(wait.toMillis(), id -> run().onComplete(ran -> plan(interval)));
    }

    private Future<Integer> cut(Table table, Duration age, Position from, int deletedBefore) {
        if (stopped) {
            return Future.succeededFuture(deletedBefore);
        }
        return store.deleteBatch(table, age, OffsetDateTime.now(clock), from, BATCH)
                .compose(batch -> {
                    if (batch.isEmpty()) {
                        log.debug("retention.left_to_another", kv("table", name(table)));
                        return Future.succeededFuture(deletedBefore);
                    }
                    int deleted = deletedBefore + batch.get().deleted();
                    if (batch.get().seen() < BATCH) {
                        if (deleted > 0) {
                            log.info("retention.deleted", kv("table", name(table)), kv("rows", deleted));
                        }
                        return Future.succeededFuture(deleted);
                    }
                    return vertx.timer(PAUSE.toMillis(), TimeUnit.MILLISECONDS)
                            .compose(paused -> cut(table, age, batch.get().reached(), deleted));
                })
                .recover(cause -> {
                    log.warn("retention.failed", kv("table", name(table)), cause);
                    return Future.succeededFuture(deletedBefore);
                });
    }

    private static String name(Table table) {
        return table.name().toLowerCase(Locale.ROOT);
    }
}

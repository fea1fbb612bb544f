package io.waxwatch.provider.polls;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.matching.RuleQuery;
import io.waxwatch.common.polls.PollPlanner;
import io.waxwatch.common.polls.PollSpec;
import io.waxwatch.common.polls.PollStore;
import io.waxwatch.common.quarantine.BadData;
import io.waxwatch.common.quarantine.Quarantine;
import io.waxwatch.common.quarantine.Quarantine.Source;
import io.waxwatch.common.watches.WatchKind;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plans polls for watches that have none as the settings now are: those of an adopted database, and all eBay rules once the
 * marketplace or the category has changed. Walks by id, a batch a transaction, so it may be killed and started again at
 * any point.
 */
public final class PollAdoption {

    private static final Logger log = LoggerFactory.getLogger(PollAdoption.class);
    private static final int BATCH = 200;
    private static final UUID BEFORE_ALL = new UUID(0, 0);

    /** The poll's key by itself: as a join, each rule would be compared with every poll there is. */
    private static final String RULES = """
            SELECT r.id, r.query, r.poll_interval_seconds FROM watch_search_rules r
            WHERE r.id > $1 AND r.is_active AND NOT EXISTS (
                SELECT 1 FROM poll_rules l
                WHERE l.rule_id = r.id AND (SELECT starts_with(p.canonical_key, $3) FROM polls p WHERE p.id = l.poll_id))
            ORDER BY r.id LIMIT $2 FOR UPDATE OF r SKIP LOCKED
            """;

    private static final String RELEASES = """
            SELECT w.id, w.discogs_release_id, w.currency FROM watch_releases w
            WHERE w.id > $1 AND w.is_active AND w.match_mode = 'exact_release'
              AND NOT EXISTS (SELECT 1 FROM poll_releases p WHERE p.watch_release_id = w.id)
            ORDER BY w.id LIMIT $2 FOR UPDATE SKIP LOCKED
            """;

    private final Database database;
    private final PollStore polls;
    private final PollPlanner planner;
    private final Quarantine quarantine;
    private final int shortestInterval;

    /** @param shortestInterval seconds; an adopted rule may ask for less, or for nonsense */
    public PollAdoption(
            Database database, PollStore polls, PollPlanner planner, Quarantine quarantine, int shortestInterval) {
        this.database = database;
        this.polls = polls;
        this.planner = planner;
        this.quarantine = quarantine;
        this.shortestInterval = shortestInterval;
    }

    /** Plans what has no poll yet. What cannot be planned is put aside; nobody else has to wait for it. */
    public Future<Void> run() {
        return walk(WatchKind.RULE, BEFORE_ALL, BATCH).compose(done -> walk(WatchKind.RELEASE, BEFORE_ALL, BATCH));
    }

    /** Smaller batches where one cannot be planned, down to the watch that it is; whole ones again behind it. */
    private Future<Void> walk(WatchKind kind, UUID after, int batch) {
        var planning = new AtomicReference<UUID>();
        return database.transaction(connection -> kind == WatchKind.RULE
                        ? planRules(connection, after, batch, planning)
                        : planReleases(connection, after, batch, planning))
                .transform(planned -> {
                    if (planned.succeeded()) {
                        return next(kind, planned.result())
                                ? walk(kind, planned.result(), BATCH)
                                : Future.succeededFuture();
                    }
                    if (!BadData.isCauseOf(planned.cause()) || planning.get() == null) {
                        return Future.failedFuture(planned.cause());
                    }
                    UUID bad = planning.get();
                    return batch > 1
                            ? walk(kind, after, batch / 2)
                            : quarantine
                                    .put(Source.WATCH, kind.wireName() + " " + bad, null, null, planned.cause())
                                    .compose(kept -> walk(kind, bad, BATCH));
                });
    }

    private Future<UUID> planRules(SqlConnection connection, UUID after, int batch, AtomicReference<UUID> planning) {
        return connection
                .preparedQuery(RULES)
                .execute(Tuple.of(after, batch, planner.sweepKey().queryPrefix()))
                .compose(rows ->
                        inTurn(rows, planning, row -> polls.serveRule(connection, row.getUUID("id"), specs(row))));
    }

    private List<PollSpec> specs(Row row) {
        Map<String, Object> query = row.getValue("query") instanceof JsonObject stored ? stored.getMap() : Map.of();
        int interval = Math.max(shortestInterval, row.getInteger("poll_interval_seconds"));
        return planner.forRule(RuleQuery.fromStored(query), interval);
    }

    private Future<UUID> planReleases(SqlConnection connection, UUID after, int batch, AtomicReference<UUID> planning) {
        return connection
                .preparedQuery(RELEASES)
                .execute(Tuple.of(after, batch))
                .compose(rows -> inTurn(
                        rows,
                        planning,
                        row -> polls.serveRelease(
                                connection,
                                row.getUUID("id"),
                                List.of(planner.forRelease(
                                        row.getLong("discogs_release_id"), row.getString("currency"))))));
    }

    /** @return the last one's id; null when there was none */
    private static Future<UUID> inTurn(
            RowSet<Row> rows, AtomicReference<UUID> planning, Function<Row, Future<Void>> plan) {
        Future<UUID> planned = Future.succeededFuture();
        for (Row row : rows) {
            UUID id = row.getUUID("id");
            planned = planned.compose(before -> {
                planning.set(id);
                return plan.apply(row).map(id);
            });
        }
        return planned;
    }

    private static boolean next(WatchKind kind, UUID last) {
        if (last != null) {
            log.info("polls.adopted", kv("kind", kind.wireName()), kv("up_to", last));
        }
        return last != null;
    }
}

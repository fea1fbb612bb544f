package io.waxwatch.provider.polls;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.matching.RuleQuery;
import io.waxwatch.common.polls.PollPlanner;
import io.waxwatch.common.polls.PollSpec;
import io.waxwatch.common.polls.PollStore;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
    private final int shortestInterval;

    /** @param shortestInterval seconds; an adopted rule may ask for less, or for nonsense */
    public PollAdoption(Database database, PollStore polls, PollPlanner planner, int shortestInterval) {
        this.database = database;
        this.polls = polls;
        this.planner = planner;
        this.shortestInterval = shortestInterval;
    }

    /** Plans what has no poll yet. */
    public Future<Void> run() {
        return walkRules(BEFORE_ALL).compose(done -> walkReleases(BEFORE_ALL));
    }

    private Future<Void> walkRules(UUID after) {
        return database.transaction(connection -> planRules(connection, after))
                .compose(last -> next("rule", last) ? walkRules(last) : Future.succeededFuture());
    }

    private Future<UUID> planRules(SqlConnection connection, UUID after) {
        return connection
                .preparedQuery(RULES)
                .execute(Tuple.of(after, BATCH, planner.sweep().key()))
                .compose(rows -> {
                    Future<UUID> planned = Future.succeededFuture();
                    for (var row : rows) {
                        planned = planned.compose(last -> polls.serveRule(connection, row.getUUID("id"), specs(row))
                                .map(row.getUUID("id")));
                    }
                    return planned;
                });
    }

    private List<PollSpec> specs(Row row) {
        Map<String, Object> query = row.getValue("query") instanceof JsonObject stored ? stored.getMap() : Map.of();
        int interval = Math.max(shortestInterval, row.getInteger("poll_interval_seconds"));
        return planner.forRule(RuleQuery.fromStored(query), interval);
    }

    private Future<Void> walkReleases(UUID after) {
        return database.transaction(connection -> planReleases(connection, after))
                .compose(last -> next("release", last) ? walkReleases(last) : Future.succeededFuture());
    }

    private Future<UUID> planReleases(SqlConnection connection, UUID after) {
        return connection
                .preparedQuery(RELEASES)
                .execute(Tuple.of(after, BATCH))
                .compose(rows -> {
                    Future<UUID> planned = Future.succeededFuture();
                    for (var row : rows) {
                        var specs = List.of(planner.forRelease(row.getLong(1), row.getString(2)));
                        planned = planned.compose(last -> polls.serveRelease(connection, row.getUUID(0), specs)
                                .map(row.getUUID(0)));
                    }
                    return planned;
                });
    }

    private static boolean next(String kind, UUID last) {
        if (last != null) {
            log.info("polls.adopted", kv("kind", kind), kv("up_to", last));
        }
        return last != null;
    }
}

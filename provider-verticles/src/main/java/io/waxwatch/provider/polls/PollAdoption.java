package io.waxwatch.provider.polls;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.matching.RuleQuery;
import io.waxwatch.common.polls.PollPlanner;
import io.waxwatch.common.polls.PollStore;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plans polls for watches that were there before polls existed: those of an adopted database. Walks by id, a batch a
 * transaction, so it may be killed and started again at any point.
 */
public final class PollAdoption {

    private static final Logger log = LoggerFactory.getLogger(PollAdoption.class);
    private static final int BATCH = 200;
    private static final UUID BEFORE_ALL = new UUID(0, 0);

    private static final String RULES = """
            SELECT r.id, r.query, r.poll_interval_seconds FROM watch_search_rules r
            WHERE r.id > $1 AND r.is_active AND NOT EXISTS (SELECT 1 FROM poll_rules p WHERE p.rule_id = r.id)
            ORDER BY r.id LIMIT $2 FOR UPDATE SKIP LOCKED
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

    public PollAdoption(Database database, PollStore polls, PollPlanner planner) {
        this.database = database;
        this.polls = polls;
        this.planner = planner;
    }

    /** Plans what has no poll yet. */
    public Future<Void> run() {
        return walkRules(BEFORE_ALL).compose(done -> walkReleases(BEFORE_ALL));
    }

    private Future<Void> walkRules(UUID after) {
        return database.transaction(connection -> connection
                        .preparedQuery(RULES)
                        .execute(Tuple.of(after, BATCH))
                        .compose(rows -> {
                            Future<UUID> planned = Future.succeededFuture();
                            for (var row : rows) {
                                Map<String, Object> query =
                                        row.getValue(1) instanceof JsonObject stored ? stored.getMap() : Map.of();
                                var specs = planner.forRule(RuleQuery.fromStored(query), row.getInteger(2));
                                planned = planned.compose(last -> polls.serveRule(connection, row.getUUID(0), specs)
                                        .map(row.getUUID(0)));
                            }
                            return planned;
                        }))
                .compose(last -> next("rule", last) ? walkRules(last) : Future.succeededFuture());
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

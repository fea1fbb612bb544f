package io.waxwatch.provider.matching;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Rows;
import io.waxwatch.common.matching.ReleaseWatch;
import io.waxwatch.common.matching.RuleQuery;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Watches by id, and the pairs of rule and listing that have matched. Writes {@code watch_matches}. */
final class MatchStore {

    /** Kept from being deleted until the commit: a match or an event that names them would fail, and the whole page with it. */
    private static final String RULES = """
            SELECT r.id, r.user_id, r.name, r.query
            FROM watch_search_rules r JOIN users u ON u.id = r.user_id
            WHERE r.id = ANY($1) AND r.is_active AND u.is_active
            FOR KEY SHARE OF r
            """;

    private static final String RELEASES = """
            SELECT w.id, w.user_id, %s FROM watch_releases w JOIN users u ON u.id = w.user_id
            WHERE w.id = ANY($1) AND w.is_active AND u.is_active
            FOR KEY SHARE OF w
            """.formatted(WatchRows.RELEASE_COLUMNS);
    private static final String INSERT = """
            INSERT INTO watch_matches (id, rule_id, listing_id, matched_at, match_context)
            SELECT gen_random_uuid(), m.rule_id, m.listing_id, now(), m.context::jsonb
            FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS m (rule_id, listing_id, context)
            ORDER BY m.rule_id, m.listing_id
            ON CONFLICT (rule_id, listing_id) DO NOTHING
            RETURNING rule_id, listing_id
            """;

    /** A rule with what an alert needs to know of it. */
    record Rule(UUID id, UUID userId, String name, RuleQuery query) {}

    /** A watch release with what an alert needs to know of it. */
    record Release(UUID id, UUID userId, ReleaseWatch watch) {}

    /** A rule and a listing. */
    record Pair(UUID ruleId, UUID listingId) {}

    Future<Map<UUID, Rule>> rules(SqlConnection connection, Collection<UUID> ids) {
        if (ids.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        return connection.preparedQuery(RULES).execute(ids(ids)).map(rows -> {
            Map<UUID, Rule> found = new HashMap<>();
            rows.forEach(row -> found.put(
                    row.getUUID("id"),
                    new Rule(row.getUUID("id"), row.getUUID("user_id"), row.getString("name"), WatchRows.rule(row))));
            return found;
        });
    }

    Future<Map<UUID, Release>> releases(SqlConnection connection, Collection<UUID> ids) {
        if (ids.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        return connection.preparedQuery(RELEASES).execute(ids(ids)).map(rows -> {
            Map<UUID, Release> found = new HashMap<>();
            rows.forEach(row -> found.put(
                    row.getUUID("id"), new Release(row.getUUID("id"), row.getUUID("user_id"), WatchRows.release(row))));
            return found;
        });
    }

    /** Inserts these pairs, each with its context; answers those that were new. */
    Future<List<Pair>> insert(SqlConnection connection, Map<Pair, JsonObject> pairs) {
        if (pairs.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        var rules = pairs.keySet().stream().map(Pair::ruleId).toArray(UUID[]::new);
        var listings = pairs.keySet().stream().map(Pair::listingId).toArray(UUID[]::new);
        var contexts = pairs.values().stream().map(JsonObject::encode).toArray(String[]::new);
        return connection
                .preparedQuery(INSERT)
                .execute(Tuple.tuple().addValue(rules).addValue(listings).addValue(contexts))
                .map(rows -> Rows.all(rows, row -> new Pair(row.getUUID(0), row.getUUID(1))));
    }

    private static Tuple ids(Collection<UUID> ids) {
        return Tuple.tuple().addValue(ids.toArray(UUID[]::new));
    }
}

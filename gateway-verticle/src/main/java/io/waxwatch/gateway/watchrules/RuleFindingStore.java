package io.waxwatch.gateway.watchrules;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.database.Rows;
import io.waxwatch.common.listings.Listing;
import io.waxwatch.common.matching.RuleQuery;
import io.waxwatch.common.polls.PollSpec;
import io.waxwatch.gateway.pagination.Page;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Reads what rules have found and could find; writes nothing. */
final class RuleFindingStore {

    /** One row without a match tells a rule that has none from a rule that is not there. */
    private static final String MATCHES = """
            WITH rule AS (SELECT id FROM watch_search_rules WHERE id = $1 AND user_id = $6),
            chosen AS (
                SELECT id, listing_id, created_at, match_context
                FROM (SELECT m.id, m.listing_id, m.matched_at AS created_at, m.match_context
                      FROM watch_matches m JOIN rule ON rule.id = m.rule_id) AS matches
                WHERE true %s)
            SELECT rule.id AS rule_id, c.id AS match_id, c.created_at AS matched_at, c.match_context, %s
            FROM rule LEFT JOIN (chosen c JOIN listings l ON l.id = c.listing_id) ON true
            ORDER BY c.created_at DESC, c.id DESC
            """.formatted(Page.FILTER, Listing.COLUMNS);

    private static final String RULE_AND_LISTING = """
            SELECT r.query, r.is_active, %s
            FROM watch_search_rules r LEFT JOIN listings l ON l.id = $3
            WHERE r.id = $1 AND r.user_id = $2
            """.formatted(Listing.COLUMNS);

    private static final String SETTING = """
            SELECT (SELECT currency FROM users WHERE id = $1),
                   own.interval_seconds,
                   CASE WHEN own.served_by IS NOT NULL THEN own.served_by
                        WHEN EXISTS (SELECT FROM polls WHERE provider = $2::text::provider_enum AND kind = 'sweep'
                            AND starts_with($4::text, canonical_key || '|')) THEN 'sweep'
                        WHEN $4::text IS NOT NULL THEN 'query' END
            FROM (SELECT 1) AS once LEFT JOIN (
                SELECT interval_seconds, served_by FROM polls
                WHERE provider = $2::text::provider_enum AND kind = $3 AND canonical_key = $4) AS own ON true
            """;

    /** Newest first, from below a listing that was read already. */
    private static final String RECENT = """
            SELECT %s FROM listings l
            WHERE l.last_seen_at >= $1 AND ($2::timestamptz IS NULL OR (l.last_seen_at, l.id) < ($2::timestamptz, $3::uuid))
            ORDER BY l.last_seen_at DESC, l.id DESC LIMIT $4
            """.formatted(Listing.COLUMNS);

    /**
     * A rule beside a listing.
     *
     * @param listing null when there is no such listing
     */
    record Pair(RuleQuery query, boolean active, Listing listing) {}

    /**
     * Where a rule would live.
     *
     * @param userCurrency null when its owner has none
     * @param pollInterval seconds, of the poll that would serve it and is there already; null when there is none
     * @param servedBy {@code sweep} or {@code query}; null when no marketplace would be asked
     */
    record Setting(String userCurrency, Integer pollInterval, String servedBy) {}

    private final Database database;

    RuleFindingStore(Database database) {
        this.database = database;
    }

    /** Empty when the rule is not there, or somebody else's. */
    Future<Optional<List<RuleMatch>>> matches(UUID userId, UUID ruleId, Page page) {
        return database.query(
                        MATCHES, Tuple.of(ruleId, page.before(), page.beforeId(), page.limit(), page.offset(), userId))
                .map(rows -> {
                    if (rows.size() == 0) {
                        return Optional.empty();
                    }
                    List<RuleMatch> matches = new ArrayList<>(rows.size());
                    for (Row row : rows) {
                        if (row.getUUID("match_id") != null) {
                            matches.add(match(row));
                        }
                    }
                    return Optional.of(matches);
                });
    }

    /** Empty when the rule is not there, or somebody else's. */
    Future<Optional<Pair>> pair(UUID userId, UUID ruleId, UUID listingId) {
        return database.query(RULE_AND_LISTING, Tuple.of(ruleId, userId, listingId))
                .map(rows -> Rows.first(rows, RuleFindingStore::pair));
    }

    /** @param poll that would serve the rule; null for none */
    Future<Setting> setting(UUID userId, PollSpec poll) {
        Tuple parameters = poll == null
                ? Tuple.of(userId, null, null, null)
                : Tuple.of(userId, poll.provider().wireName(), poll.kind().wireName(), poll.keyText());
        return database.query(SETTING, parameters).map(rows -> {
            Row row = rows.iterator().next();
            return new Setting(row.getString(0), row.getInteger(1), row.getString(2));
        });
    }

    /** @param below the last listing that was read; null to begin with the newest */
    Future<List<Listing>> recent(OffsetDateTime since, Listing below, int limit) {
        return database.query(
                        RECENT,
                        Tuple.of(
                                since,
                                below == null ? null : below.lastSeenAt(),
                                below == null ? null : below.id(),
                                limit))
                .map(rows -> Rows.all(rows, Listing::read));
    }

    private static RuleMatch match(Row row) {
        JsonObject context = row.getValue("match_context") instanceof JsonObject object ? object : null;
        return new RuleMatch(
                row.getUUID("match_id"),
                row.getUUID("rule_id"),
                row.getOffsetDateTime("matched_at"),
                Listing.read(row),
                DecisionJson.stored(context));
    }

    private static Pair pair(Row row) {
        Map<String, Object> query = row.getValue("query") instanceof JsonObject object ? object.getMap() : Map.of();
        return new Pair(
                RuleQuery.fromStored(query),
                row.getBoolean("is_active"),
                row.getUUID("listing_id") == null ? null : Listing.read(row));
    }
}

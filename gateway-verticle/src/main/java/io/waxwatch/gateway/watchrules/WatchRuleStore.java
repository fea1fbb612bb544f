package io.waxwatch.gateway.watchrules;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.database.Rows;
import io.waxwatch.common.json.KeptJson;
import io.waxwatch.common.polls.PollKey;
import io.waxwatch.gateway.pagination.Page;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A collector's rules. Writes {@code watch_search_rules}. */
public final class WatchRuleStore {

    /**
     * A rule runs when one of its queries does, or the sweep, which serves every active rule that looks at eBay. The
     * rules come first, so that only one page of them is joined with the schedule.
     */
    private static final String WITH_RUNS = """
            SELECT r.id, r.user_id, r.name,
                   CASE jsonb_typeof(r.query) WHEN 'object' THEN r.query::text ELSE '{}' END, r.is_active, r.poll_interval_seconds,
                   coalesce(greatest(own.last_run_at, sweep.last_run_at), r.last_run_at),
                   CASE WHEN r.is_active THEN least(own.next_due, sweep.next_due) END,
                   r.created_at, r.updated_at, r.currency_defaulted,
                   CASE WHEN NOT r.is_active THEN NULL WHEN own.by_query THEN 'query' WHEN sweep.poll_id IS NOT NULL THEN 'sweep'
                   END,
                   own.last_run_at, own.interval_seconds, own.stretch, own.failing_since, own.last_error,
                   sweep.last_run_at, sweep.interval_seconds, sweep.stretch, sweep.failing_since, sweep.last_error,
                   sweep.gap_since, sweep.missed_until
            FROM chosen r
            LEFT JOIN LATERAL (
                SELECT max(s.last_run_at) AS last_run_at, min(s.next_due) FILTER (WHERE s.next_due < 'infinity') AS next_due,
                    bool_or(p.served_by = 'query') AS by_query, min(p.interval_seconds) AS interval_seconds,
                    max(p.stretch) AS stretch, min(p.failing_since) AS failing_since, max(p.last_error) AS last_error
                FROM poll_rules pr JOIN poll_schedule s ON s.poll_id = pr.poll_id JOIN polls p ON p.id = pr.poll_id
                WHERE pr.rule_id = r.id) AS own ON true
            LEFT JOIN (
                SELECT p.id AS poll_id, s.last_run_at, s.next_due, p.interval_seconds, p.stretch, p.failing_since, p.last_error,
                    g.gap_since, g.missed_until
                FROM polls p JOIN poll_schedule s ON s.poll_id = p.id LEFT JOIN sweep_progress g ON g.poll_id = p.id
                WHERE p.provider = 'ebay' AND p.kind = 'sweep' AND p.canonical_key = %s) AS sweep
                ON r.is_active AND coalesce(r.query -> 'sources' ? 'ebay', true)
            ORDER BY r.created_at DESC, r.id DESC
            """;

    private static final String COLUMNS =
            "id, user_id, name, query, is_active, poll_interval_seconds, last_run_at, created_at, updated_at,"
                    + " currency_defaulted";
    private static final String LIST = "WITH chosen AS (SELECT " + COLUMNS
            + " FROM watch_search_rules WHERE user_id = $1 " + Page.FILTER + ") " + WITH_RUNS.formatted("$6");
    private static final String FIND = "WITH chosen AS (SELECT " + COLUMNS
            + " FROM watch_search_rules WHERE id = $1 AND user_id = $2) " + WITH_RUNS.formatted("$3");

    private static final String INSERT = """
            INSERT INTO watch_search_rules (id, user_id, name, query, is_active, poll_interval_seconds, currency_defaulted,
                                            created_at, updated_at)
            VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6, now(), now())
            RETURNING id
            """;
    /** Not FOR UPDATE: an ingest that stores a match of this rule must not have to wait for us. */
    private static final String LOCK = """
            SELECT name, CASE jsonb_typeof(query) WHEN 'object' THEN query::text ELSE '{}' END, is_active, poll_interval_seconds, currency_defaulted FROM watch_search_rules
            WHERE id = $1 AND user_id = $2 FOR NO KEY UPDATE
            """;

    private static final String UPDATE = """
            UPDATE watch_search_rules
            SET name = $2, query = $3, is_active = $4, poll_interval_seconds = $5, currency_defaulted = $6, updated_at = now()
            WHERE id = $1
            """;
    private static final String DELETE = "DELETE FROM watch_search_rules WHERE id = $1";

    private static final String REST_ALL = """
            UPDATE watch_search_rules SET is_active = false, updated_at = now() WHERE user_id = $1 AND is_active
            RETURNING id
            """;
    private static final String CURRENCY = "SELECT currency FROM users WHERE id = $1";

    private final Database database;
    private final String sweepKey;
    private final QueryRemarks remarks = new QueryRemarks();
    private final Clock clock = Clock.systemUTC();

    /** @param sweepKey of the sweep that serves every rule; see {@code PollPlanner} */
    public WatchRuleStore(Database database, PollKey.Sweep sweepKey) {
        this.database = database;
        this.sweepKey = sweepKey.text();
    }

    Future<List<WatchRule>> list(UUID userId, Page page) {
        return database.query(
                        LIST, Tuple.of(userId, page.before(), page.beforeId(), page.limit(), page.offset(), sweepKey))
                .map(rows -> Rows.all(rows, this::rule));
    }

    Future<Optional<WatchRule>> find(UUID userId, UUID ruleId) {
        return database.query(FIND, Tuple.of(ruleId, userId, sweepKey)).map(this::first);
    }

    /** The same, as this transaction sees it. */
    Future<WatchRule> find(SqlConnection connection, UUID userId, UUID ruleId) {
        return connection
                .preparedQuery(FIND)
                .execute(Tuple.of(ruleId, userId, sweepKey))
                .map(rows -> first(rows).orElseThrow());
    }

    Future<UUID> insert(SqlConnection connection, UUID userId, RuleState rule) {
        return connection
                .preparedQuery(INSERT)
                .execute(Tuple.of(
                        userId,
                        rule.name(),
                        new JsonObject(rule.query()),
                        rule.active(),
                        rule.pollIntervalSeconds(),
                        rule.currencyDefaulted()))
                .map(rows -> rows.iterator().next().getUUID(0));
    }

    /** Reads a rule's own state and keeps other writers of it out until this transaction ends. */
    Future<Optional<RuleState>> lock(SqlConnection connection, UUID userId, UUID ruleId) {
        return connection
                .preparedQuery(LOCK)
                .execute(Tuple.of(ruleId, userId))
                .map(rows -> Rows.first(rows, WatchRuleStore::state));
    }

    Future<Void> update(SqlConnection connection, UUID ruleId, RuleState rule) {
        return connection
                .preparedQuery(UPDATE)
                .execute(Tuple.of(
                        ruleId,
                        rule.name(),
                        new JsonObject(rule.query()),
                        rule.active(),
                        rule.pollIntervalSeconds(),
                        rule.currencyDefaulted()))
                .mapEmpty();
    }

    Future<Void> delete(SqlConnection connection, UUID ruleId) {
        return connection.preparedQuery(DELETE).execute(Tuple.of(ruleId)).mapEmpty();
    }

    /** The currency of the user's profile; empty for none. */
    Future<Optional<String>> currency(UUID userId) {
        return database.query(CURRENCY, Tuple.of(userId)).map(WatchRuleStore::currency);
    }

    /** The same, as this transaction sees it. */
    Future<Optional<String>> currency(SqlConnection connection, UUID userId) {
        return connection.preparedQuery(CURRENCY).execute(Tuple.of(userId)).map(WatchRuleStore::currency);
    }

    private static Optional<String> currency(RowSet<Row> rows) {
        return Rows.first(rows, row -> Optional.ofNullable(row.getString(0))).flatMap(stored -> stored);
    }

    /** Lays every active rule of this user to rest, and tells which. */
    public Future<List<UUID>> restAll(SqlConnection connection, UUID userId) {
        return connection.preparedQuery(REST_ALL).execute(Tuple.of(userId)).map(WatchRuleStore::ids);
    }

    private static List<UUID> ids(Iterable<Row> rows) {
        var ids = new ArrayList<UUID>();
        rows.forEach(row -> ids.add(row.getUUID(0)));
        return ids;
    }

    private static RuleState state(Row row) {
        // As text: read by the driver, numbers would come back from the next change with other digits.
        Map<String, Object> query = KeptJson.object(row.getString(1));
        return new RuleState(row.getString(0), query, row.getBoolean(2), row.getInteger(3), row.getBoolean(4));
    }

    private Optional<WatchRule> first(RowSet<Row> rows) {
        return Rows.first(rows, this::rule);
    }

    private WatchRule rule(Row row) {
        QueryRemarks.Remarks said = remarks.of(row.getString(3));
        return new WatchRule(
                row.getUUID(0),
                row.getUUID(1),
                row.getString(2),
                row.getString(3),
                said.ignored(),
                said.notes(),
                row.getBoolean(10),
                row.getBoolean(4),
                row.getInteger(5),
                row.getOffsetDateTime(6),
                row.getOffsetDateTime(7),
                row.getBoolean(4) ? looks(row) : null,
                row.getOffsetDateTime(8),
                row.getOffsetDateTime(9));
    }

    private WatchRule.Looks looks(Row row) {
        String servedBy = row.getString(11);
        RuleHealth.Polls polls = polls(row, servedBy);
        return new WatchRule.Looks(
                servedBy,
                polls == null ? null : polls.effectiveSeconds(),
                RuleHealth.of(polls, clock.instant().atOffset(ZoneOffset.UTC)));
    }

    /** Of the engine that serves it; null for none. */
    private static RuleHealth.Polls polls(Row row, String servedBy) {
        OffsetDateTime ruleSince = row.getOffsetDateTime(9);
        if ("query".equals(servedBy)) {
            return new RuleHealth.Polls(
                    row.getOffsetDateTime(12),
                    row.getInteger(13),
                    row.getDouble(14),
                    row.getOffsetDateTime(15),
                    row.getString(16),
                    null,
                    null,
                    ruleSince);
        }
        return servedBy == null
                ? null
                : new RuleHealth.Polls(
                        row.getOffsetDateTime(17),
                        row.getInteger(18),
                        row.getDouble(19),
                        row.getOffsetDateTime(20),
                        row.getString(21),
                        row.getOffsetDateTime(22),
                        row.getOffsetDateTime(23),
                        ruleSince);
    }
}

package io.waxwatch.gateway.watches;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.gateway.http.ApiException;
import java.util.UUID;

/**
 * How much one user may have, so that none fills what everybody shares. Counted in the transaction that has just written one
 * more, with that user's other writers waiting, so that many requests at once get no further than one after the other. What
 * is there already stays, and can be changed, when a limit is lowered. Fails with 409.
 */
public final class WatchAllowanceStore {

    private static final String TAKE_TURN = "SELECT pg_advisory_xact_lock(1466000472, hashtext($1::uuid::text))";
    private static final String RULES = "SELECT count(*) FROM watch_search_rules WHERE user_id = $1";
    /** By the ids of one user's rules, so that no plan walks through everybody's. */
    private static final String QUERIES = """
            SELECT count(DISTINCT poll_id) FROM poll_rules
            WHERE rule_id = ANY (ARRAY(SELECT id FROM watch_search_rules WHERE user_id = $1))
            """;

    private static final String RELEASES = "SELECT count(*) FROM watch_releases WHERE user_id = $1";

    private final int rules;
    private final int queries;
    private final int releases;

    public WatchAllowanceStore(Settings settings) {
        this.rules = settings.get(SettingsCatalog.RULES_MAX_PER_USER);
        this.queries = settings.get(SettingsCatalog.RULE_QUERIES_MAX_PER_USER);
        this.releases = settings.get(SettingsCatalog.WATCH_RELEASES_MAX_PER_USER);
    }

    /** After a rule was made. */
    public Future<Void> forRule(SqlConnection connection, UUID userId) {
        return check(
                connection,
                userId,
                RULES,
                rules,
                "an account may have " + rules + " watch rules, resting ones included; delete one for good"
                        + " (DELETE /api/watch-rules/{rule_id}/hard) to make room");
    }

    /** After a rule has come to ask the marketplaces something that it did not ask before. */
    public Future<Void> forQuery(SqlConnection connection, UUID userId) {
        return check(
                connection,
                userId,
                QUERIES,
                queries,
                "the rules of an account may ask the marketplaces " + queries
                        + " different queries; lay a rule to rest," + " or give this one the words of another");
    }

    /** After a release was watched. */
    public Future<Void> forRelease(SqlConnection connection, UUID userId) {
        return check(
                connection,
                userId,
                RELEASES,
                releases,
                "an account may watch " + releases + " releases, resting ones included; change one of those"
                        + " (PATCH /api/watch-releases/{watch_release_id}) instead");
    }

    private static Future<Void> check(SqlConnection connection, UUID userId, String count, int most, String refusal) {
        return connection
                .preparedQuery(TAKE_TURN)
                .execute(Tuple.of(userId))
                .compose(alone -> connection.preparedQuery(count).execute(Tuple.of(userId)))
                .compose(rows -> rows.iterator().next().getLong(0) > most
                        ? Future.failedFuture(ApiException.http(409, refusal))
                        : Future.succeededFuture());
    }
}

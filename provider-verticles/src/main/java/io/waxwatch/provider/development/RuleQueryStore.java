package io.waxwatch.provider.development;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.database.Rows;
import io.waxwatch.common.matching.RuleQuery;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Reads what a rule looks for. Writes nothing. */
final class RuleQueryStore {

    private static final String FIND = """
            SELECT r.query FROM watch_search_rules r JOIN users u ON u.id = r.user_id
            WHERE r.id = $1 AND r.is_active AND u.is_active
            """;

    private final Database database;

    RuleQueryStore(Database database) {
        this.database = database;
    }

    /** Empty for a rule that rests, or is gone. */
    Future<Optional<RuleQuery>> active(UUID ruleId) {
        return database.query(FIND, Tuple.of(ruleId))
                .map(rows -> Rows.first(rows, row -> {
                    JsonObject query = Rows.object(row, 0);
                    return RuleQuery.fromStored(query == null ? Map.of() : query.getMap());
                }));
    }
}

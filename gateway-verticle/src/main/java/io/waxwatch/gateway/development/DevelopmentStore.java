package io.waxwatch.gateway.development;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.database.Rows;
import java.util.Optional;
import java.util.UUID;

/** Reads what developers ask about. Writes nothing. */
final class DevelopmentStore {

    private static final String OWNS_RULE =
            "SELECT EXISTS (SELECT 1 FROM watch_search_rules WHERE id = $1 AND user_id = $2)";
    private static final String LISTING = """
            SELECT id, provider::text, external_id, url, title, normalized_title, price, currency, condition, seller, location,
                   status::text, discogs_release_id, discogs_master_id, first_seen_at, last_seen_at
            FROM listings WHERE id = $1
            """;

    private final Database database;

    DevelopmentStore(Database database) {
        this.database = database;
    }

    Future<Boolean> ownsRule(UUID userId, UUID ruleId) {
        return database.query(OWNS_RULE, Tuple.of(ruleId, userId))
                .map(rows -> rows.iterator().next().getBoolean(0));
    }

    Future<Optional<IngestedListing>> listing(UUID id) {
        return database.query(LISTING, Tuple.of(id)).map(rows -> Rows.first(rows, IngestedListing::read));
    }
}

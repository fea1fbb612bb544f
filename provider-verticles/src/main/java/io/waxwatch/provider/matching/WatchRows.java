package io.waxwatch.provider.matching;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.waxwatch.common.matching.Grade;
import io.waxwatch.common.matching.ReleaseWatch;
import io.waxwatch.common.matching.RuleQuery;
import java.math.BigDecimal;
import java.util.Map;

/** Reads rules and watch releases out of database rows, by column name. */
final class WatchRows {

    /** The columns of a watch release that {@link #release} reads, of the alias {@code w}. */
    static final String RELEASE_COLUMNS = """
            w.discogs_release_id, w.discogs_master_id, w.match_mode, w.title, w.artist, w.target_price,
            w.currency AS target_currency, w.min_condition""";

    private WatchRows() {}

    /** A query that is no JSON object, which only an adopted database can hold, matches nothing. */
    static RuleQuery rule(Row row) {
        return RuleQuery.fromStored(row.getValue("query") instanceof JsonObject query ? query.getMap() : Map.of());
    }

    static ReleaseWatch release(Row row) {
        BigDecimal target = row.getBigDecimal("target_price");
        return new ReleaseWatch(
                row.getLong("discogs_release_id"),
                row.getLong("discogs_master_id"),
                ReleaseWatch.Mode.fromWireName(row.getString("match_mode")).orElse(ReleaseWatch.Mode.EXACT),
                row.getString("title"),
                row.getString("artist"),
                target,
                row.getString("target_currency"),
                Grade.parse(row.getString("min_condition")).orElse(null));
    }
}

package io.waxwatch.gateway.search;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.bus.SearchHit;
import io.waxwatch.common.database.Database;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** Finds which search hits are stored listings; reads only. */
final class SearchListingStore {

    private static final String FIND = """
            SELECT l.provider::text, l.external_id, l.id
            FROM unnest($1::text[], $2::text[]) AS hit (provider, external_id)
            JOIN listings l ON l.provider = hit.provider::provider_enum AND l.external_id = hit.external_id
            """;

    private final Database database;

    SearchListingStore(Database database) {
        this.database = database;
    }

    /** Listing ids by {@link #key}; what is not stored has none. */
    Future<Map<String, UUID>> ids(List<SearchHit> hits) {
        if (hits.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        return database.query(
                        FIND,
                        Tuple.tuple()
                                .addValue(texts(hits, SearchHit::provider))
                                .addValue(texts(hits, SearchHit::externalId)))
                .map(rows -> {
                    Map<String, UUID> ids = new HashMap<>();
                    rows.forEach(row -> ids.put(row.getString(0) + ':' + row.getString(1), row.getUUID(2)));
                    return ids;
                });
    }

    /** {@code provider:external id}: also the hit's id in the answer. */
    static String key(SearchHit hit) {
        return hit.provider() + ':' + hit.externalId();
    }

    private static String[] texts(List<SearchHit> hits, Function<SearchHit, String> field) {
        return hits.stream().map(field).toArray(String[]::new);
    }
}

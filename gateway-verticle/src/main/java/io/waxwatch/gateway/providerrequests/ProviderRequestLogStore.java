package io.waxwatch.gateway.providerrequests;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.database.Rows;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.gateway.pagination.Page;
import java.util.Comparator;
import java.util.List;

/** Reads the log of calls; who writes it is the providers' {@code ProviderRequestStore}. */
final class ProviderRequestLogStore {

    /** Parameters 2 to 5 are the page's. */
    private static final String LIST = """
            SELECT id, user_id, provider::text, endpoint, method, status_code, duration_ms, error, meta::text, created_at
            FROM provider_requests
            WHERE ($1::uuid IS NULL OR user_id = $1)
              AND ($6::text IS NULL OR provider = $6::text::provider_enum)
              AND ($7::int IS NULL OR status_code >= $7) AND ($8::int IS NULL OR status_code <= $8)
              AND ($9::timestamptz IS NULL OR created_at >= $9) AND ($10::timestamptz IS NULL OR created_at <= $10)
            """ + Page.FILTER;

    private static final String SUMMARY = """
            SELECT provider::text, count(*),
                   count(*) FILTER (WHERE status_code >= 400 OR error <> ''),
                   trim_scale(round(avg(duration_ms), 6))
            FROM provider_requests
            WHERE ($1::uuid IS NULL OR user_id = $1)
              AND ($2::text IS NULL OR provider = $2::text::provider_enum)
              AND ($3::int IS NULL OR status_code >= $3) AND ($4::int IS NULL OR status_code <= $4)
              AND ($5::timestamptz IS NULL OR created_at >= $5) AND ($6::timestamptz IS NULL OR created_at <= $6)
            GROUP BY provider
            """;

    private final Database database;

    ProviderRequestLogStore(Database database) {
        this.database = database;
    }

    Future<List<ProviderRequest>> list(Filters filters, Page page) {
        var parameters = Tuple.of(filters.userId(), page.before(), page.beforeId(), page.limit(), page.offset())
                .addValue(filters.provider())
                .addValue(filters.statusFrom())
                .addValue(filters.statusTo())
                .addValue(filters.createdFrom())
                .addValue(filters.createdTo());
        return database.query(LIST, parameters).map(rows -> Rows.all(rows, ProviderRequestLogStore::request));
    }

    /** One summary for each provider with calls, in the order in which {@link Provider} names them. */
    Future<List<ProviderSummary>> summary(Filters filters) {
        return database.query(
                        SUMMARY,
                        Tuple.of(
                                filters.userId(),
                                filters.provider(),
                                filters.statusFrom(),
                                filters.statusTo(),
                                filters.createdFrom(),
                                filters.createdTo()))
                .map(rows -> {
                    List<ProviderSummary> summaries = Rows.all(
                            rows,
                            row -> new ProviderSummary(
                                    row.getString(0), row.getLong(1), row.getLong(2), row.getBigDecimal(3)));
                    summaries.sort(Comparator.comparing(
                            summary -> Provider.fromWireName(summary.provider()).orElseThrow()));
                    return summaries;
                });
    }

    private static ProviderRequest request(Row row) {
        return new ProviderRequest(
                row.getUUID(0),
                row.getUUID(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getInteger(5),
                row.getInteger(6),
                row.getString(7),
                row.getString(8),
                row.getOffsetDateTime(9));
    }
}

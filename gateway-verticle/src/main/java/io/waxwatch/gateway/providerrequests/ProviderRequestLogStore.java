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

    private static final String COLUMNS = """
            id, user_id, provider::text, endpoint, method, status_code, duration_ms, error,
            CASE jsonb_typeof(meta) WHEN 'object' THEN meta::text END, created_at
            FROM provider_requests WHERE\s""";
    /** Parameters 2 to 5 are the page's. The times bound what is read, the rest only what is shown of it. */
    private static final String FILTERS = """
              AND ($6::text IS NULL OR provider = $6::text::provider_enum)
              AND ($7::int IS NULL OR status_code >= $7) AND ($8::int IS NULL OR status_code <= $8)
              AND created_at >= coalesce($9::timestamptz, '-infinity') AND created_at <= coalesce($10::timestamptz, 'infinity')
            """;

    private static final String OF_ONE = "user_id = $1\n";
    /** By itself: "one user's, or everybody's" would be a walk through the whole log for either. */
    private static final String OF_ALL = "$1::uuid IS NULL\n";

    private static final String LIST = "SELECT " + COLUMNS + OF_ONE + FILTERS + Page.FILTER;
    private static final String LIST_OF_ALL = "SELECT " + COLUMNS + OF_ALL + FILTERS + Page.FILTER;

    private static final String SUMMED = """
            provider::text, count(*),
                   count(*) FILTER (WHERE status_code >= 400 OR error <> ''),
                   trim_scale(round(avg(duration_ms), 6))
            FROM provider_requests WHERE\s""";
    private static final String SUMMED_OF = """
              AND ($2::text IS NULL OR provider = $2::text::provider_enum)
              AND ($3::int IS NULL OR status_code >= $3) AND ($4::int IS NULL OR status_code <= $4)
              AND created_at >= coalesce($5::timestamptz, '-infinity') AND created_at <= coalesce($6::timestamptz, 'infinity')
            GROUP BY provider
            """;
    private static final String SUMMARY = "SELECT " + SUMMED + OF_ONE + SUMMED_OF;
    private static final String SUMMARY_OF_ALL = "SELECT " + SUMMED + OF_ALL + SUMMED_OF;

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
        return database.query(filters.userId() == null ? LIST_OF_ALL : LIST, parameters)
                .map(rows -> Rows.all(rows, ProviderRequestLogStore::request));
    }

    /** One summary for each provider with calls, in the order in which {@link Provider} names them. */
    Future<List<ProviderSummary>> summary(Filters filters) {
        return database.query(
                        filters.userId() == null ? SUMMARY_OF_ALL : SUMMARY,
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

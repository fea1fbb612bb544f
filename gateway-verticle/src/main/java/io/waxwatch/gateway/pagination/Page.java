package io.waxwatch.gateway.pagination;

import io.waxwatch.gateway.http.ApiException;
import io.waxwatch.gateway.http.ApiResponse;
import io.waxwatch.gateway.http.JsonOut;
import io.waxwatch.gateway.routing.Call;
import io.waxwatch.gateway.validation.Numbers;
import io.waxwatch.gateway.validation.Violations;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * Which part of a list is wanted; lists are sorted by {@code created_at}, then {@code id}, both descending.
 *
 * @param limit 1..200, 50 by default
 * @param offset rows to skip; 0 together with a cursor
 * @param cursor null for the first page
 */
public record Page(int limit, long offset, Cursor cursor) {

    /** The end of every paged query: parameters 2 to 5 are {@link #before()}, {@link #beforeId()}, limit and offset. */
    public static final String FILTER = """
            AND ($2::timestamptz IS NULL OR (created_at, id) < ($2::timestamptz, $3::uuid))
            ORDER BY created_at DESC, id DESC LIMIT $4 OFFSET $5
            """;

    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 200;
    private static final Set<String> POSITION = Set.of("cursor", "offset");

    /** Reads {@code limit}, {@code offset} and {@code cursor}. */
    public static Page of(Call call) {
        return of(call, new Violations());
    }

    /** The same, refusing the request together with what else is wrong with it. */
    public static Page of(Call call, Violations violations) {
        int limit = (int) number(call, "limit", 1, MAX_LIMIT, DEFAULT_LIMIT, violations);
        long offset = number(call, "offset", 0, Long.MAX_VALUE, 0, violations);
        violations.refuseIfAny();
        Optional<String> text = call.query("cursor");
        if (text.isPresent() && offset > 0) {
            throw ApiException.http(422, "offset cannot be used with cursor");
        }
        Cursor cursor = text.map(
                        given -> Cursor.decode(given).orElseThrow(() -> ApiException.http(422, "invalid cursor")))
                .orElse(null);
        return new Page(limit, offset, cursor);
    }

    /**
     * Answers this page. A full one names the next in a {@code Link} header: the same path and query, with the cursor of
     * the last row.
     *
     * @param position where an item stands in the list
     */
    public <T> ApiResponse answer(Call call, List<T> items, JsonOut.Item<T> each, Function<T, Cursor> position) {
        ApiResponse answer = ApiResponse.ok(JsonOut.list(items, each));
        return items.size() < limit
                ? answer
                : answer.with(
                        "link", "<" + next(call, position.apply(items.get(items.size() - 1))) + ">; rel=\"next\"");
    }

    /** Written anew, every part encoded: what the caller sent must not end up in a header as it is. */
    private static String next(Call call, Cursor last) {
        var query = new StringBuilder();
        call.queryParameters().forEach((name, value) -> {
            if (!POSITION.contains(name)) {
                query.append(encoded(name)).append('=').append(encoded(value)).append('&');
            }
        });
        return call.path() + "?" + query + "cursor=" + encoded(last.encode());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    public OffsetDateTime before() {
        return cursor == null ? null : cursor.createdAt();
    }

    public UUID beforeId() {
        return cursor == null ? null : cursor.id();
    }

    private static long number(Call call, String name, long min, long max, long otherwise, Violations violations) {
        return call.query(name)
                .map(text -> Numbers.whole(text, List.of("query", name), min, max, violations)
                        .orElse(otherwise))
                .orElse(otherwise);
    }
}

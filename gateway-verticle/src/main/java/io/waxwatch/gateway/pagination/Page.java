package io.waxwatch.gateway.pagination;

import io.waxwatch.gateway.http.Call;
import io.waxwatch.gateway.http.Refusal;
import io.waxwatch.gateway.validation.Numbers;
import io.waxwatch.gateway.validation.Violations;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

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

    /** Reads {@code limit}, {@code offset} and {@code cursor}. */
    public static Page of(Call call) {
        var violations = new Violations();
        int limit = (int) number(call, "limit", 1, MAX_LIMIT, DEFAULT_LIMIT, violations);
        long offset = number(call, "offset", 0, Long.MAX_VALUE, 0, violations);
        violations.refuseIfAny();
        Optional<String> text = call.query("cursor");
        if (text.isPresent() && offset > 0) {
            throw Refusal.http(422, "offset cannot be used with cursor");
        }
        Cursor cursor = text.map(given -> Cursor.decode(given).orElseThrow(() -> Refusal.http(422, "invalid cursor")))
                .orElse(null);
        return new Page(limit, offset, cursor);
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

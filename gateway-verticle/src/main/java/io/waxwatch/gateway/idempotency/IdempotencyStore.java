package io.waxwatch.gateway.idempotency;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Rows;
import io.waxwatch.gateway.http.ApiException;
import io.waxwatch.gateway.http.ApiResponse;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers what creating requests were answered, inside the transaction that creates: whenever a process is killed, either
 * both are there or neither. While that transaction is open an advisory lock of its own stands for the key. Writes
 * {@code idempotency_keys}.
 */
public final class IdempotencyStore {

    /** Two numbers: another space than the watch lock's and the retention lock's one. */
    private static final String LOCK = "SELECT pg_try_advisory_xact_lock(hashtext($1), hashtext($2))";
    /** A statement of its own: it must see what was committed before the lock was ours. */
    private static final String FIND =
            "SELECT body_hash, status, answer FROM idempotency_keys WHERE user_id = $1 AND route = $2 AND key = $3";

    private static final String KEEP = """
            INSERT INTO idempotency_keys (user_id, route, key, body_hash, status, answer, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, now())
            """;

    /**
     * Begins a request, until the end of this transaction.
     *
     * @return what it was answered before; empty when it is new, or has no key. Fails with 409 while the same key is at
     *     work elsewhere, and for a key that came with another body
     */
    public Future<Optional<ApiResponse>> begin(SqlConnection connection, IdempotentRequest request) {
        if (request.key().isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        String key = request.key().get();
        return connection
                .preparedQuery(LOCK)
                .execute(Tuple.of(request.userId() + " " + request.route(), key))
                .compose(locked -> {
                    if (!locked.iterator().next().getBoolean(0)) {
                        throw ApiException.http(409, "a request with this Idempotency-Key is still in progress");
                    }
                    return connection.preparedQuery(FIND).execute(Tuple.of(request.userId(), request.route(), key));
                })
                .map(rows -> Rows.first(rows, row -> replay(row, request)));
    }

    /** Remembers the answer of a request that has begun. */
    public Future<Void> keep(SqlConnection connection, IdempotentRequest request, ApiResponse answer) {
        if (request.key().isEmpty()) {
            return Future.succeededFuture();
        }
        return connection
                .preparedQuery(KEEP)
                .execute(Tuple.of(
                        request.userId(),
                        request.route(),
                        request.key().get(),
                        request.bodyHash(),
                        answer.status(),
                        answer.body().toString()))
                .mapEmpty();
    }

    private static ApiResponse replay(Row row, IdempotentRequest request) {
        if (!row.getBuffer(0).equals(request.bodyHash())) {
            throw ApiException.http(409, "this Idempotency-Key was used with another body");
        }
        return new ApiResponse(row.getInteger(1), Buffer.buffer(row.getString(2)), Map.of())
                .with("idempotency-replayed", "true");
    }
}

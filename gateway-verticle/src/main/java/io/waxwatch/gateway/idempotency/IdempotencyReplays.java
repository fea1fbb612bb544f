package io.waxwatch.gateway.idempotency;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.waxwatch.common.database.Database;
import io.waxwatch.gateway.http.ApiResponse;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * For what is created elsewhere, in no transaction of ours: the answer is remembered once it is known. A process that is killed
 * in between has created without remembering, so this is only for work that is itself the same when asked for twice in a row.
 */
public final class IdempotencyReplays {

    private final Database database;
    private final IdempotencyStore store = new IdempotencyStore();

    public IdempotencyReplays(Database database) {
        this.database = database;
    }

    /** Runs the work unless the request has been answered before; of two at once the later one gets the answer that was kept. */
    public Future<ApiResponse> once(IdempotentRequest request, Supplier<Future<ApiResponse>> work) {
        if (request.key().isEmpty()) {
            return work.get();
        }
        return unlessAnswered(request, connection -> Future.succeededFuture(Optional.empty()))
                .compose(earlier -> earlier.isPresent()
                        ? Future.succeededFuture(earlier)
                        : work.get()
                                .compose(answer -> unlessAnswered(
                                        request,
                                        connection -> store.keep(connection, request, answer)
                                                .map(Optional.of(answer)))))
                .map(Optional::orElseThrow);
    }

    private Future<Optional<ApiResponse>> unlessAnswered(
            IdempotentRequest request, Function<SqlConnection, Future<Optional<ApiResponse>>> otherwise) {
        return database.transaction(connection -> store.begin(connection, request)
                .compose(earlier ->
                        earlier.isPresent() ? Future.succeededFuture(earlier) : otherwise.apply(connection)));
    }
}

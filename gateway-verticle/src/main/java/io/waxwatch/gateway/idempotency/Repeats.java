package io.waxwatch.gateway.idempotency;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.waxwatch.common.database.Database;
import io.waxwatch.gateway.http.Answer;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * For what is created elsewhere, in no transaction of ours: the answer is remembered once it is known. A process that is killed
 * in between has created without remembering, so this is only for work that is itself the same when asked for twice in a row.
 */
public final class Repeats {

    private final Database database;
    private final IdempotencyStore store = new IdempotencyStore();

    public Repeats(Database database) {
        this.database = database;
    }

    /** Runs the work unless the request has been answered before; of two at once the later one gets the answer that was kept. */
    public Future<Answer> once(Repeatable request, Supplier<Future<Answer>> work) {
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

    private Future<Optional<Answer>> unlessAnswered(
            Repeatable request, Function<SqlConnection, Future<Optional<Answer>>> otherwise) {
        return database.transaction(connection -> store.begin(connection, request)
                .compose(earlier ->
                        earlier.isPresent() ? Future.succeededFuture(earlier) : otherwise.apply(connection)));
    }
}

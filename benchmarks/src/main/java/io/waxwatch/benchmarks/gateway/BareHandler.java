package io.waxwatch.benchmarks.gateway;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.waxwatch.gateway.http.JsonOut;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/** The least that can answer with a page of rules: its rows, as JSON. No router, and of the gateway at most one step. */
final class BareHandler extends VerticleBase {

    private final int sharedPort;
    private final Supplier<Future<RowSet<Row>>> source;
    private final Step step;
    private final Function<RowSet<Row>, Buffer> body;
    private final IntConsumer listening;

    /** @param sharedPort negative: a free port for all that are given the same number */
    BareHandler(
            int sharedPort,
            Supplier<Future<RowSet<Row>>> source,
            Step step,
            Function<RowSet<Row>, Buffer> body,
            IntConsumer listening) {
        this.sharedPort = sharedPort;
        this.source = source;
        this.step = step;
        this.body = body;
        this.listening = listening;
    }

    @Override
    public Future<?> start() {
        return step.start(vertx)
                .compose(started ->
                        vertx.createHttpServer().requestHandler(this::answer).listen(sharedPort, "127.0.0.1"))
                .onSuccess(server -> listening.accept(server.actualPort()));
    }

    private void answer(HttpServerRequest request) {
        step.take(request)
                .compose(taken -> source.get())
                .onSuccess(rows -> request.response()
                        .putHeader("content-type", "application/json")
                        .end(body.apply(rows)))
                .onFailure(failed -> request.response().setStatusCode(500).end(String.valueOf(failed.getMessage())));
    }

    /** The rows as the gateway writes them. */
    static Buffer json(RowSet<Row> rows) {
        return JsonOut.of(json -> {
            json.startArray();
            for (Row row : rows) {
                json.startObject();
                json.uuid("id", row.getUUID(0));
                json.uuid("user_id", row.getUUID(1));
                json.text("name", row.getString(2));
                json.raw("query", row.getString(3));
                json.startArray("ignored");
                json.endArray();
                json.bool("currency_defaulted", row.getBoolean(10));
                json.bool("is_active", row.getBoolean(4));
                json.number("poll_interval_seconds", row.getInteger(5));
                json.time("last_run_at", row.getOffsetDateTime(6));
                json.time("next_run_at", row.getOffsetDateTime(7));
                json.time("created_at", row.getOffsetDateTime(8));
                json.time("updated_at", row.getOffsetDateTime(9));
                json.endObject();
            }
            json.endArray();
        });
    }
}

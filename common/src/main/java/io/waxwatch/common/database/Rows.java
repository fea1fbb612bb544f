package io.waxwatch.common.database;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads what a statement returned. */
public final class Rows {

    private Rows() {}

    /** The first row, if there is one. */
    public static <T> Optional<T> first(RowSet<Row> rows, Function<Row, T> read) {
        var row = rows.iterator();
        return row.hasNext() ? Optional.of(read.apply(row.next())) : Optional.empty();
    }

    /** The JSON object in a column; null for none, and for any other JSON, which an adopted database may hold. */
    public static JsonObject object(Row row, int column) {
        return row.getValue(column) instanceof JsonObject object ? object : null;
    }

    /** All rows, in their order, in a list that may be changed. */
    public static <T> List<T> all(RowSet<Row> rows, Function<Row, T> read) {
        var all = new ArrayList<T>(rows.size());
        rows.forEach(row -> all.add(read.apply(row)));
        return all;
    }
}

package io.waxwatch.gateway.events;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.database.Rows;
import io.waxwatch.gateway.pagination.Page;
import java.util.List;
import java.util.UUID;

/** Reads a collector's events; who writes them is {@code EventStore}. */
final class EventLogStore {

    private static final String LIST = """
            SELECT id, user_id, type::text, watch_release_id, rule_id, listing_id,
                   CASE jsonb_typeof(payload) WHEN 'object' THEN payload::text END, created_at
            FROM events WHERE user_id = $1
            """ + Page.FILTER;

    private final Database database;

    EventLogStore(Database database) {
        this.database = database;
    }

    Future<List<Event>> list(UUID userId, Page page) {
        return database.query(LIST, Tuple.of(userId, page.before(), page.beforeId(), page.limit(), page.offset()))
                .map(rows -> Rows.all(
                        rows,
                        row -> new Event(
                                row.getUUID(0),
                                row.getUUID(1),
                                row.getString(2),
                                row.getUUID(3),
                                row.getUUID(4),
                                row.getUUID(5),
                                row.getString(6),
                                row.getOffsetDateTime(7))));
    }
}

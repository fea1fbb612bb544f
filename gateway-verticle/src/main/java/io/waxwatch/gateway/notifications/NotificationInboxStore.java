package io.waxwatch.gateway.notifications;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.gateway.pagination.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A collector's inbox. Of {@code notifications} it writes only the read mark; the rest is {@code NotificationStore}'s. */
final class NotificationInboxStore {

    private static final String COLUMNS = """
            id, user_id, event_id, event_type::text, channel::text, status::text, is_read, delivered_at, failed_at, read_at,
            created_at
            """;
    private static final String LIST = "SELECT " + COLUMNS + " FROM notifications WHERE user_id = $1 " + Page.FILTER;
    private static final String UNREAD = "SELECT count(*) FROM notifications WHERE user_id = $1 AND NOT is_read";
    /** One statement whether it is read already or not: only the first call changes something. */
    private static final String READ = """
            UPDATE notifications
            SET is_read = true, read_at = coalesce(read_at, now()),
                updated_at = CASE WHEN is_read THEN updated_at ELSE now() END
            WHERE id = $1 AND user_id = $2
            RETURNING
            """ + " " + COLUMNS;

    /** In one order for everybody: two of these at once wait for each other instead of deadlocking. */
    private static final String READ_ALL = """
            UPDATE notifications SET is_read = true, read_at = now(), updated_at = now()
            WHERE id IN (SELECT id FROM notifications WHERE user_id = $1 AND NOT is_read ORDER BY id FOR NO KEY UPDATE)
            """;

    private final Database database;

    NotificationInboxStore(Database database) {
        this.database = database;
    }

    Future<List<Notification>> list(UUID userId, Page page) {
        return database.query(LIST, Tuple.of(userId, page.before(), page.beforeId(), page.limit(), page.offset()))
                .map(rows -> {
                    var notifications = new ArrayList<Notification>(rows.size());
                    rows.forEach(row -> notifications.add(notification(row)));
                    return notifications;
                });
    }

    Future<Long> unread(UUID userId) {
        return database.query(UNREAD, Tuple.of(userId))
                .map(rows -> rows.iterator().next().getLong(0));
    }

    /** Marks it read; empty when there is none of this user. */
    Future<Optional<Notification>> read(UUID userId, UUID id) {
        return database.query(READ, Tuple.of(id, userId)).map(rows -> {
            var row = rows.iterator();
            return row.hasNext() ? Optional.of(notification(row.next())) : Optional.empty();
        });
    }

    /** Marks everything read; answers how many were not. */
    Future<Long> readAll(UUID userId) {
        return database.query(READ_ALL, Tuple.of(userId)).map(rows -> (long) rows.rowCount());
    }

    private static Notification notification(Row row) {
        return new Notification(
                row.getUUID(0),
                row.getUUID(1),
                row.getUUID(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getBoolean(6),
                row.getOffsetDateTime(7),
                row.getOffsetDateTime(8),
                row.getOffsetDateTime(9),
                row.getOffsetDateTime(10));
    }
}

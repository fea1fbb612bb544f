package io.waxwatch.gateway.notifications;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.database.Rows;
import io.waxwatch.gateway.pagination.Page;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A collector's inbox: one notification for each event, though there is a row for each channel. Shown is the row of the
 * event stream, whose id the stream has told already, or that of the mail where the stream is switched off. Of {@code
 * notifications} it writes only the read mark; the rest is {@code NotificationStore}'s.
 */
final class NotificationInboxStore {

    private static final String COLUMNS = """
            id, user_id, event_id, event_type::text, channel::text, status::text, is_read, delivered_at, failed_at, read_at,
            created_at,
            (SELECT mail.status::text FROM notifications mail
             WHERE mail.event_id = %1$s.event_id AND mail.channel = 'email'),
            (SELECT mail.failure FROM notifications mail
             WHERE mail.event_id = %1$s.event_id AND mail.channel = 'email')
            """;
    private static final String SHOWN = """
            FROM notifications WHERE user_id = $1
            AND (channel = 'realtime' OR NOT EXISTS (
                SELECT 1 FROM notifications streamed
                WHERE streamed.event_id = notifications.event_id AND streamed.channel = 'realtime'))
            """;
    private static final String LIST = "SELECT " + COLUMNS.formatted("notifications") + SHOWN + Page.FILTER;
    private static final String UNREAD = "SELECT count(*) " + SHOWN + " AND NOT is_read";
    /** The rows of all its channels, whether they are read already or not: only the first call changes something. */
    private static final String READ = """
            WITH marked AS (
                UPDATE notifications
                SET is_read = true, read_at = coalesce(read_at, now()),
                    updated_at = CASE WHEN is_read THEN updated_at ELSE now() END
                WHERE id IN (
                    SELECT one.id FROM notifications asked JOIN notifications one ON one.event_id = asked.event_id
                    WHERE asked.id = $1 AND asked.user_id = $2 AND one.user_id = $2
                    ORDER BY one.id FOR NO KEY UPDATE OF one)
                RETURNING *)
            SELECT
            """ + " " + COLUMNS.formatted("marked") + " FROM marked WHERE id = $1";

    /** In one order for everybody: two of these at once wait for each other instead of deadlocking. */
    private static final String READ_ALL = """
            WITH marked AS (
                UPDATE notifications SET is_read = true, read_at = now(), updated_at = now()
                WHERE id IN (
                    SELECT id FROM notifications WHERE user_id = $1 AND NOT is_read ORDER BY id FOR NO KEY UPDATE)
                RETURNING event_id)
            SELECT count(DISTINCT event_id) FROM marked
            """;

    private final Database database;

    NotificationInboxStore(Database database) {
        this.database = database;
    }

    Future<List<Notification>> list(UUID userId, Page page) {
        return database.query(LIST, Tuple.of(userId, page.before(), page.beforeId(), page.limit(), page.offset()))
                .map(rows -> Rows.all(rows, NotificationInboxStore::notification));
    }

    Future<Long> unread(UUID userId) {
        return count(UNREAD, userId);
    }

    /** Marks it read; empty when there is none of this user. */
    Future<Optional<Notification>> read(UUID userId, UUID id) {
        return database.query(READ, Tuple.of(id, userId))
                .map(rows -> Rows.first(rows, NotificationInboxStore::notification));
    }

    /** Marks everything read; answers of how many events some row was not. */
    Future<Long> readAll(UUID userId) {
        return count(READ_ALL, userId);
    }

    private Future<Long> count(String sql, UUID userId) {
        return database.query(sql, Tuple.of(userId))
                .map(rows -> rows.iterator().next().getLong(0));
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
                row.getOffsetDateTime(10),
                row.getString(11),
                row.getString(12));
    }
}

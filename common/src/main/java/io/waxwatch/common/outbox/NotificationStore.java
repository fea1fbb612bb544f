package io.waxwatch.common.outbox;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.database.Rows;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Notifications and their outbox. Created in the transaction of the event; claimed with a lease, delivered outside any
 * transaction, settled under the fence. Writes {@code notifications}, {@code notification_deliveries},
 * {@code user_streams}.
 */
public final class NotificationStore {

    /**
     * One row per event and enabled channel; only JSON's false turns a type of event off, whatever else stands there. The user's stream counter is raised in user order (no deadlocks between
     * two writers) and stays locked to the commit, so stream ids become visible in the order of their numbers.
     */
    private static final String CREATE = """
            WITH fresh AS (
                SELECT e.id AS event_id, e.user_id, e.type, c.channel, x.position,
                       row_number() OVER (PARTITION BY e.user_id, c.channel ORDER BY x.position) AS nth,
                       count(*) OVER (PARTITION BY e.user_id, c.channel) AS many
                FROM unnest($1::uuid[]) WITH ORDINALITY AS x (id, position)
                JOIN events e ON e.id = x.id
                LEFT JOIN user_notification_preferences p ON p.user_id = e.user_id
                CROSS JOIN (VALUES ('email'::notification_channel_enum), ('realtime')) AS c (channel)
                WHERE coalesce(p.event_toggles -> e.type::text <> 'false', true)
                  AND CASE c.channel WHEN 'email' THEN coalesce(p.email_enabled, true)
                                     ELSE coalesce(p.realtime_enabled, true) END),
            grown AS (
                INSERT INTO user_streams (user_id, last_stream_id)
                SELECT DISTINCT user_id, many FROM fresh WHERE channel = 'realtime' ORDER BY user_id
                ON CONFLICT (user_id) DO UPDATE
                    SET last_stream_id = user_streams.last_stream_id + excluded.last_stream_id
                RETURNING user_id, last_stream_id),
            born AS (
                INSERT INTO notifications (id, user_id, event_id, event_type, channel, status, is_read, created_at,
                                           updated_at, stream_id)
                SELECT gen_random_uuid(), f.user_id, f.event_id, f.type, f.channel, 'pending', false,
                       clock_timestamp(), clock_timestamp(),
                       CASE f.channel WHEN 'realtime' THEN g.last_stream_id - f.many + f.nth END
                FROM fresh f LEFT JOIN grown g ON g.user_id = f.user_id
                ORDER BY f.position
                ON CONFLICT (event_id, channel) DO NOTHING
                RETURNING id, channel)
            INSERT INTO notification_deliveries (notification_id, channel, due_at) SELECT id, channel, now() FROM born
            """;

    private static final String CLAIM = """
            WITH due AS (
                SELECT notification_id FROM notification_deliveries
                WHERE channel = $1::notification_channel_enum AND due_at <= now()
                ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED),
            claimed AS (
                UPDATE notification_deliveries d
                SET due_at = now() + make_interval(secs => $3::double precision), fence = d.fence + 1,
                    attempts = d.attempts + 1
                FROM due WHERE d.notification_id = due.notification_id
                RETURNING d.notification_id, d.fence, d.attempts, d.refusals, d.refused_since, d.uncertain)
            SELECT n.id, c.fence, c.attempts, n.user_id,
                   CASE WHEN u.email_source IN ('issuer', 'kept') THEN u.email END, u.is_active, n.event_id, n.event_type::text,
                   n.stream_id, e.payload, n.created_at, c.refusals, c.refused_since, c.uncertain, s.reason
            FROM claimed c
            JOIN notifications n ON n.id = c.notification_id
            JOIN users u ON u.id = n.user_id
            JOIN events e ON e.id = n.event_id
            LEFT JOIN suppressed_addresses s ON s.address = lower(u.email)
            ORDER BY n.created_at, n.id
            """;
    private static final String SENT = """
            WITH settled AS (
                DELETE FROM notification_deliveries d
                USING unnest($1::uuid[], $2::bigint[]) AS c (id, fence)
                WHERE d.notification_id = c.id AND d.fence = c.fence
                RETURNING d.notification_id)
            UPDATE notifications SET status = 'sent', delivered_at = now(), failed_at = NULL, updated_at = now()
            FROM settled WHERE id = settled.notification_id
            """;
    /** Whoever holds it by now: what was accepted was accepted, and nobody should send it again. */
    private static final String ACCEPTED = """
            WITH settled AS (
                DELETE FROM notification_deliveries WHERE notification_id = ANY ($1::uuid[]))
            UPDATE notifications SET status = 'sent', delivered_at = coalesce(delivered_at, now()), failed_at = NULL,
                failure = NULL, updated_at = now()
            WHERE id = ANY ($1::uuid[])
            """;

    private static final String RENEW = """
            UPDATE notification_deliveries d SET due_at = now() + make_interval(secs => $3::double precision)
            FROM unnest($1::uuid[], $2::bigint[]) AS c (id, fence)
            WHERE d.notification_id = c.id AND d.fence = c.fence
            RETURNING d.notification_id
            """;
    private static final String GIVEN_UP = """
            WITH settled AS (
                DELETE FROM notification_deliveries WHERE notification_id = $1 AND fence = $2 RETURNING notification_id)
            UPDATE notifications SET status = 'failed', failed_at = now(), failure = left($3, 300), updated_at = now()
            FROM settled WHERE id = settled.notification_id
            """;
    private static final String RETRY = """
            UPDATE notification_deliveries
            SET due_at = now() + make_interval(secs => $3::double precision), last_error = left($4, 200),
                refusals = refusals + $5, uncertain = uncertain + $6,
                refused_since = CASE WHEN $5 > 0 THEN coalesce(refused_since, now()) ELSE refused_since END
            WHERE notification_id = $1 AND fence = $2
            """;

    private static final String CANCEL = """
            WITH cancelled AS (
                DELETE FROM notification_deliveries d USING notifications n
                WHERE n.user_id = $1 AND d.notification_id = n.id
                RETURNING d.notification_id)
            UPDATE notifications SET status = 'failed', failed_at = now(), updated_at = now()
            FROM cancelled WHERE id = cancelled.notification_id
            """;

    /** What the reference has created and not delivered, while it worked on this database: new and old. */
    private static final String TAKE_IN = """
            WITH stray AS (
                SELECT n.id, n.channel, n.created_at < now() - make_interval(secs => $1::double precision) AS old
                FROM notifications n
                WHERE n.status = 'pending'
                  AND NOT EXISTS (SELECT FROM notification_deliveries d WHERE d.notification_id = n.id)),
            settled AS (
                UPDATE notifications n
                SET status = 'sent', is_read = true, read_at = coalesce(n.read_at, now()), updated_at = now()
                FROM stray WHERE stray.old AND n.id = stray.id AND n.status = 'pending'
                RETURNING n.id),
            taken AS (
                INSERT INTO notification_deliveries (notification_id, channel, due_at)
                SELECT id, channel, now() FROM stray WHERE NOT old
                ON CONFLICT (notification_id) DO NOTHING
                RETURNING notification_id)
            SELECT (SELECT count(*) FROM taken), (SELECT count(*) FROM settled)
            """;
    /** Older news of the reference's counts as seen: nobody wants the mails of a month at once. */
    private static final Duration NEWS_AGES = Duration.ofDays(1);

    /**
     * Puts into the outbox what is pending outside it: only the reference leaves such rows, for we write both at once. What is
     * older than a day is settled as seen instead.
     *
     * @return how many are delivered now, and how many are settled
     */
    public Future<TakenIn> takeIn(Database database) {
        return database.query(TAKE_IN, Tuple.of(Database.seconds(NEWS_AGES)))
                .map(rows -> Rows.first(rows, row -> new TakenIn(row.getLong(0), row.getLong(1)))
                        .orElseThrow());
    }

    /** What {@link #takeIn} has found. */
    public record TakenIn(long delivered, long settled) {}

    /** Ends everything that this user has not been sent yet undelivered: status {@code failed}. */
    public Future<Void> cancel(SqlConnection connection, UUID userId) {
        return connection.preparedQuery(CANCEL).execute(Tuple.of(userId)).mapEmpty();
    }

    /** Creates the notifications of these events, in the events' transaction. */
    public Future<Void> create(SqlConnection connection, List<UUID> eventIds) {
        if (eventIds.isEmpty()) {
            return Future.succeededFuture();
        }
        return connection
                .preparedQuery(CREATE)
                .execute(Tuple.of(eventIds.toArray(UUID[]::new)))
                .mapEmpty();
    }

    /** Claims what is due on one channel, oldest first. */
    public Future<List<ClaimedDelivery>> claim(
            Database database, NotificationChannel channel, int limit, Duration lease) {
        return database.query(CLAIM, Tuple.of(channel.wireName(), limit, Database.seconds(lease)))
                .map(rows -> Rows.all(
                        rows,
                        row -> new ClaimedDelivery(
                                row.getUUID(0),
                                channel,
                                row.getLong(1),
                                row.getInteger(2),
                                new ClaimedDelivery.Past(
                                        row.getInteger(11), row.getOffsetDateTime(12), row.getInteger(13)),
                                row.getUUID(3),
                                row.getString(4),
                                row.getString(14),
                                row.getBoolean(5),
                                row.getUUID(6),
                                EventType.valueOf(row.getString(7)),
                                row.getLong(8),
                                Rows.object(row, 9),
                                row.getOffsetDateTime(10))));
    }

    /** Marks these as delivered; those whose lease went to somebody else are left to them. */
    public Future<Void> sent(Database database, List<ClaimedDelivery> deliveries) {
        return database.query(SENT, ours(deliveries)).mapEmpty();
    }

    /** Marks these as delivered, also those whose lease went to somebody else: a mail that was accepted was accepted. */
    public Future<Void> accepted(Database database, List<ClaimedDelivery> deliveries) {
        return database.query(ACCEPTED, Tuple.tuple().addValue(ids(deliveries))).mapEmpty();
    }

    /** Makes the leases of these last this long from now; answers the ids of those that are still ours. */
    public Future<Set<UUID>> renew(Database database, List<ClaimedDelivery> deliveries, Duration lease) {
        return database.query(RENEW, ours(deliveries).addValue(Database.seconds(lease)))
                .map(rows -> Set.copyOf(Rows.all(rows, row -> row.getUUID(0))));
    }

    /** What a further try counts for. */
    public enum Counted {
        /** Nothing: it was not this delivery's fault. */
        NOT,
        /** It was put off. */
        REFUSED,
        /** It was handed over, and no answer came. */
        UNCERTAIN
    }

    /** Tries this one again after the pause, which counts for nothing. */
    public Future<Void> retry(Database database, ClaimedDelivery delivery, Duration pause, String error) {
        return retry(database, delivery, pause, error, Counted.NOT);
    }

    /** Tries this one again after the pause. */
    public Future<Void> retry(
            Database database, ClaimedDelivery delivery, Duration pause, String error, Counted counted) {
        return database.query(
                        RETRY,
                        Tuple.of(
                                delivery.notificationId(),
                                delivery.fence(),
                                Database.seconds(pause),
                                error,
                                counted == Counted.REFUSED ? 1 : 0,
                                counted == Counted.UNCERTAIN ? 1 : 0))
                .mapEmpty();
    }

    /**
     * Ends this one undelivered: status {@code failed}.
     *
     * @param failure why, for its reader; null when there is nothing to tell
     */
    public Future<Void> giveUp(Database database, ClaimedDelivery delivery, String failure) {
        return database.query(GIVEN_UP, Tuple.of(delivery.notificationId(), delivery.fence(), failure))
                .mapEmpty();
    }

    private static Tuple ours(List<ClaimedDelivery> deliveries) {
        var fences = deliveries.stream().map(ClaimedDelivery::fence).toArray(Long[]::new);
        return Tuple.tuple().addValue(ids(deliveries)).addValue(fences);
    }

    private static UUID[] ids(List<ClaimedDelivery> deliveries) {
        return deliveries.stream().map(ClaimedDelivery::notificationId).toArray(UUID[]::new);
    }
}

package io.waxwatch.common.outbox;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.SqlResult;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.database.Rows;
import io.waxwatch.common.matching.Provider;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * The activity log, and with each event its notifications: appended inside the transaction of whoever has the news, so
 * that neither can exist without the other. Writes {@code events}.
 */
public final class EventStore {

    private static final String APPEND = """
            INSERT INTO events (id, user_id, type, watch_release_id, rule_id, listing_id, payload, created_at)
            SELECT gen_random_uuid(), e.user_id, e.type::event_type_enum, e.watch_release_id, e.rule_id, e.listing_id,
                   e.payload::jsonb, clock_timestamp()
            FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[]) WITH ORDINALITY
                AS e (user_id, type, watch_release_id, rule_id, listing_id, payload, position)
            ORDER BY e.position
            ON CONFLICT (user_id, type, watch_release_id, listing_id)
                WHERE type = 'NEW_MATCH' AND watch_release_id IS NOT NULL AND listing_id IS NOT NULL
                DO NOTHING
            RETURNING id
            """;

    private static final String DELETE_OLDEST =
            "DELETE FROM events WHERE id IN (SELECT id FROM events WHERE user_id = $1 ORDER BY created_at LIMIT $2)";

    private static final String FORGET_SELLER = """
            UPDATE events SET payload = payload - 'seller'
            WHERE lower(payload ->> 'seller') IN (lower($2::text), lower($3::text)) AND payload ->> 'provider' = $1
            """;

    private final NotificationStore notifications;

    public EventStore(NotificationStore notifications) {
        this.notifications = notifications;
    }

    /**
     * Appends events in this order and creates their notifications. A release match that the user was told about
     * before is left out.
     *
     * @return the ids of what was appended
     */
    public Future<List<UUID>> append(SqlConnection connection, List<NewEvent> events) {
        if (events.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        return connection
                .preparedQuery(APPEND)
                .execute(Tuple.of(
                        column(events, NewEvent::userId, new UUID[0]),
                        column(events, event -> event.type().name(), new String[0]),
                        column(events, NewEvent::watchReleaseId, new UUID[0]),
                        column(events, NewEvent::ruleId, new UUID[0]),
                        column(events, NewEvent::listingId, new UUID[0]),
                        column(
                                events,
                                event -> event.payload() == null
                                        ? null
                                        : event.payload().encode(),
                                new String[0])))
                .map(rows -> Rows.all(rows, row -> row.getUUID(0)))
                .compose(ids -> notifications.create(connection, ids).map(ids));
    }

    /** Deletes the user's oldest events, and their notifications with them; answers how many, {@code limit} at most. */
    public Future<Integer> deleteOldest(Database database, UUID userId, int limit) {
        return database.query(DELETE_OLDEST, Tuple.of(userId, limit)).map(SqlResult::rowCount);
    }

    /**
     * Forgets a seller in what collectors were told; the alerts stay.
     *
     * @param name of the seller; null for unknown
     * @param id of the seller, which stands where the name is hidden; null for unknown
     * @return how many events named the seller
     */
    public Future<Integer> forgetSeller(SqlConnection connection, Provider provider, String name, String id) {
        return connection
                .preparedQuery(FORGET_SELLER)
                .execute(Tuple.of(provider.wireName(), name, id))
                .map(SqlResult::rowCount);
    }

    private static <T> T[] column(List<NewEvent> events, Function<NewEvent, T> field, T[] type) {
        return events.stream().map(field).toArray(size -> java.util.Arrays.copyOf(type, size));
    }
}

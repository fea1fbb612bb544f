package io.waxwatch.gateway.stream;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.database.Rows;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** Reads what belongs on the streams; the rows are the truth, whatever the bus said. Writes nothing. */
final class StreamStore {

    private static final String EXTENT = """
            SELECT coalesce((SELECT last_stream_id FROM user_streams WHERE user_id = $1), 0),
                   (SELECT min(stream_id) FROM notifications WHERE user_id = $1 AND stream_id IS NOT NULL)
            """;
    private static final String HEADS = """
            SELECT listener.id, coalesce(u.is_active, true), coalesce(s.last_stream_id, 0),
                   greatest(c.signed_out_at, c.deleted_at)
            FROM unnest($1::uuid[]) AS listener (id)
            LEFT JOIN users u ON u.id = listener.id
            LEFT JOIN user_streams s ON s.user_id = listener.id
            LEFT JOIN token_cutoffs c ON c.user_id = listener.id
            """;
    private static final String AFTER = """
            SELECT reader.position, n.stream_id, n.id, n.event_id, n.event_type::text, n.created_at, e.payload
            FROM unnest($1::uuid[], $2::bigint[]) WITH ORDINALITY AS reader (user_id, seen, position)
            CROSS JOIN LATERAL (
                SELECT stream_id, id, event_id, event_type, created_at FROM notifications
                WHERE user_id = reader.user_id AND stream_id > reader.seen AND channel = 'realtime'
                ORDER BY stream_id LIMIT $3) n
            JOIN events e ON e.id = n.event_id
            ORDER BY reader.position, n.stream_id
            """;

    /**
     * How far a user's stream has grown, and whether the user may still listen.
     *
     * @param cutoff tokens issued before it count no longer; null for none
     */
    record Head(UUID userId, boolean active, long lastStreamId, Instant cutoff) {}

    /**
     * What there is of a user's stream.
     *
     * @param last the id of the newest alert; 0 before the first
     * @param oldest the id of the oldest that is still stored; the one after the last when there is none
     */
    record Extent(long last, long oldest) {

        /** Whether a client that has seen this one has missed what is stored no more; 0 has seen nothing, and missed nothing. */
        boolean hasGapAfter(long seen) {
            return seen > 0 && oldest - 1 > seen;
        }
    }

    private final Database database;

    StreamStore(Database database) {
        this.database = database;
    }

    Future<Extent> extent(UUID userId) {
        return database.query(EXTENT, Tuple.of(userId)).map(rows -> {
            Row row = rows.iterator().next();
            long last = row.getLong(0);
            return new Extent(last, row.getLong(1) == null ? last + 1 : row.getLong(1));
        });
    }

    /** How far the streams of these users have grown, in one query. */
    Future<List<Head>> heads(Collection<UUID> userIds) {
        return database.query(HEADS, Tuple.of(userIds.toArray(UUID[]::new)))
                .map(rows -> Rows.all(rows, StreamStore::head));
    }

    private static Head head(Row row) {
        OffsetDateTime cutoff = row.getOffsetDateTime(3);
        return new Head(row.getUUID(0), row.getBoolean(1), row.getLong(2), cutoff == null ? null : cutoff.toInstant());
    }

    /** Whoever has seen a user's stream up to here. */
    record Reader(UUID userId, long seen) {}

    /**
     * The next alerts of each reader, in one query, in the order of their ids, delivered or not.
     *
     * @param limit alerts of each
     * @return a list for each reader, in the readers' order
     */
    Future<List<List<Alert>>> after(List<Reader> readers, int limit) {
        UUID[] users = readers.stream().map(Reader::userId).toArray(UUID[]::new);
        Long[] seen = readers.stream().map(Reader::seen).toArray(Long[]::new);
        return database.query(AFTER, Tuple.of(users, seen, limit)).map(rows -> {
            List<List<Alert>> alerts = new ArrayList<>(readers.size());
            readers.forEach(reader -> alerts.add(new ArrayList<>()));
            rows.forEach(row -> alerts.get(row.getInteger(0) - 1)
                    .add(new Alert(
                            row.getLong(1),
                            row.getUUID(2),
                            row.getUUID(3),
                            row.getString(4),
                            row.getOffsetDateTime(5),
                            Rows.object(row, 6))));
            return alerts;
        });
    }
}

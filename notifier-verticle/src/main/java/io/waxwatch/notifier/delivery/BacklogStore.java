package io.waxwatch.notifier.delivery;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.outbox.NotificationChannel;

/** Counts what waits in the outbox. Only reads. */
final class BacklogStore {

    /** Above it the exact number tells nobody more, and counting on would cost more each time. */
    static final int MOST = 100_000;

    private static final String COUNT = """
            SELECT count(*) FROM (
                SELECT 1 FROM notification_deliveries WHERE channel = $1::text::notification_channel_enum LIMIT $2) AS waiting
            """;

    private final Database database;

    BacklogStore(Database database) {
        this.database = database;
    }

    /** How many wait on this channel, {@link #MOST} at most. */
    Future<Integer> count(NotificationChannel channel) {
        return database.query(COUNT, Tuple.of(channel.wireName(), MOST))
                .map(rows -> rows.iterator().next().getInteger(0));
    }
}

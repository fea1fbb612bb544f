package io.waxwatch.provider.discogs.releasefloors;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Rows;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.outbox.AlertPayload;
import io.waxwatch.common.outbox.AlertPayload.Offered;
import io.waxwatch.common.outbox.AlertPayload.Watch;
import io.waxwatch.common.outbox.EventType;
import io.waxwatch.common.outbox.NewEvent;
import io.waxwatch.provider.discogs.client.ReleaseFloor;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The floors of releases, and who was told which. A watch release hears of a floor that meets its target once, again when
 * the floor falls further, and anew after it had left the target. Writes {@code release_floors}, {@code release_floor_changes},
 * {@code release_floor_alerts} and {@code polls.adaptive_seconds}.
 */
final class ReleaseFloorStore {

    /**
     * A floor that moves is looked at twice as often as before, one that stays a quarter less often: never more often than the
     * poll's interval, and at least every six hours, as old as what Discogs tells may be when it is shown.
     */
    private static final String ADAPT = """
            WITH next AS (
                SELECT p.id, CASE WHEN f.discogs_release_id IS NULL THEN p.interval_seconds
                    WHEN (f.price, f.number_for_sale) IS DISTINCT FROM ($4::numeric, $5::int)
                    THEN greatest(p.interval_seconds, coalesce(p.adaptive_seconds, p.interval_seconds) / 2)
                    ELSE greatest(p.interval_seconds,
                        least($6, coalesce(p.adaptive_seconds, p.interval_seconds) * 5 / 4)) END AS seconds
                FROM polls p LEFT JOIN release_floors f ON f.discogs_release_id = $2 AND f.currency = $3
                WHERE p.id = $1)
            UPDATE polls SET adaptive_seconds = next.seconds FROM next
            WHERE polls.id = next.id AND polls.adaptive_seconds IS DISTINCT FROM next.seconds
            """;

    private static final int LONGEST_SECONDS = (int) Duration.ofHours(6).toSeconds();

    /** Its history: what appeared, dropped, rose, sold out, or only changed in number. */
    private static final String OBSERVE = """
            WITH before AS (
                SELECT price, number_for_sale FROM release_floors WHERE discogs_release_id = $1 AND currency = $3),
            changed AS (
                INSERT INTO release_floor_changes (discogs_release_id, currency, seen_at, price, number_for_sale, change)
                SELECT $1, $3, now(), $2, $4, CASE
                    WHEN before.price IS NULL AND $2::numeric IS NOT NULL THEN 'appeared'
                    WHEN before.price IS NOT NULL AND $2::numeric IS NULL THEN 'sold_out'
                    WHEN $2::numeric < before.price THEN 'dropped'
                    WHEN $2::numeric > before.price THEN 'rose'
                    ELSE 'number' END
                FROM (SELECT 1) AS once LEFT JOIN before ON true
                WHERE (before.price, before.number_for_sale) IS DISTINCT FROM ($2::numeric, $4::int))
            INSERT INTO release_floors (discogs_release_id, price, currency, number_for_sale, observed_at)
            VALUES ($1, $2, $3, $4, now())
            ON CONFLICT (discogs_release_id, currency) DO UPDATE SET price = excluded.price,
                number_for_sale = excluded.number_for_sale, observed_at = excluded.observed_at
            """;

    private static final String ALERT = """
            WITH watching AS (
                SELECT w.id, w.user_id, w.title, w.match_mode, w.target_price, w.min_condition,
                       $2::numeric IS NOT NULL
                       AND (w.target_price IS NULL OR (w.currency = $3 AND $2::numeric <= w.target_price)) AS met
                FROM poll_releases p
                JOIN watch_releases w ON w.id = p.watch_release_id
                JOIN users u ON u.id = w.user_id
                WHERE p.poll_id = $1 AND ($4::uuid[] IS NULL OR w.id = ANY ($4::uuid[])) AND w.is_active AND u.is_active),
            left_target AS (
                DELETE FROM release_floor_alerts a USING watching w WHERE a.watch_release_id = w.id AND NOT w.met),
            told AS (
                INSERT INTO release_floor_alerts AS a (watch_release_id, price, currency, alerted_at)
                SELECT id, $2::numeric, $3, now() FROM watching WHERE met ORDER BY id
                ON CONFLICT (watch_release_id) DO UPDATE
                    SET price = excluded.price, currency = excluded.currency, alerted_at = excluded.alerted_at
                    WHERE excluded.currency <> a.currency OR excluded.price < a.price
                RETURNING watch_release_id)
            SELECT w.id, w.user_id, w.title, w.match_mode, w.target_price, w.min_condition
            FROM told t JOIN watching w ON w.id = t.watch_release_id
            """;

    private static final String SERVED =
            "SELECT watch_release_id FROM poll_releases WHERE poll_id = $1 ORDER BY watch_release_id";

    private final String siteUrl;

    /** @param siteUrl where a release's offers are shown, such as {@code https://www.discogs.com} */
    ReleaseFloorStore(String siteUrl) {
        this.siteUrl = siteUrl;
    }

    /** Lets the floor's next look come sooner or later, as it has moved or not. To be called before the floor is stored. */
    Future<Void> adapt(SqlConnection connection, UUID pollId, ReleaseFloor floor) {
        return connection
                .preparedQuery(ADAPT)
                .execute(Tuple.of(
                        pollId,
                        floor.releaseId(),
                        floor.currency(),
                        buyable(floor),
                        floor.numForSale(),
                        LONGEST_SECONDS))
                .mapEmpty();
    }

    private static BigDecimal buyable(ReleaseFloor floor) {
        return floor.numForSale() > 0 && !floor.blocked() ? floor.price().orElse(null) : null;
    }

    /** Stores a floor and answers the events of those who must hear of it. */
    Future<List<NewEvent>> observe(SqlConnection connection, UUID pollId, ReleaseFloor floor) {
        return store(connection, floor).compose(stored -> alert(connection, pollId, floor, null));
    }

    /** Stores a floor alone. */
    Future<Void> store(SqlConnection connection, ReleaseFloor floor) {
        return connection
                .preparedQuery(OBSERVE)
                .execute(Tuple.of(floor.releaseId(), buyable(floor), floor.currency(), floor.numForSale()))
                .mapEmpty();
    }

    /** The watch releases that a poll is for, resting ones too. */
    Future<List<UUID>> served(SqlConnection connection, UUID pollId) {
        return connection
                .preparedQuery(SERVED)
                .execute(Tuple.of(pollId))
                .map(rows -> Rows.all(rows, row -> row.getUUID(0)));
    }

    /**
     * The events of those who must hear of a floor that is stored.
     *
     * @param watches only these; null for all that the poll is for
     */
    Future<List<NewEvent>> alert(SqlConnection connection, UUID pollId, ReleaseFloor floor, List<UUID> watches) {
        BigDecimal price = buyable(floor);
        return connection
                .preparedQuery(ALERT)
                .execute(Tuple.of(pollId, price, floor.currency())
                        .addValue(watches == null ? null : watches.toArray(UUID[]::new)))
                .map(rows -> {
                    List<NewEvent> news = new ArrayList<>();
                    rows.forEach(row -> news.add(event(row, floor, price)));
                    return news;
                });
    }

    private NewEvent event(Row row, ReleaseFloor floor, BigDecimal price) {
        String link = siteUrl + "/sell/release/" + floor.releaseId();
        String money = price.toPlainString() + " " + floor.currency();
        List<String> why = new ArrayList<>();
        why.add("Discogs has " + floor.numForSale() + " for sale, the cheapest at " + money);
        BigDecimal target = row.getBigDecimal("target_price");
        if (target != null) {
            why.add(money + " is at most your target of " + target.toPlainString() + " " + floor.currency());
        }
        if (row.getString("min_condition") != null) {
            why.add("its grade is not known: Discogs tells only the lowest price, so look before you buy");
        }
        var offered = new Offered(
                row.getString("title"),
                price,
                Offered.priceKind(false),
                floor.currency(),
                null,
                null,
                null,
                Provider.DISCOGS.wireName(),
                link,
                link,
                (long) floor.numForSale());
        return new NewEvent(
                row.getUUID("user_id"),
                EventType.NEW_MATCH,
                row.getUUID("id"),
                null,
                null,
                new AlertPayload(Watch.floor(row.getString("title"), row.getString("match_mode")), offered, why, null)
                        .toJson());
    }
}

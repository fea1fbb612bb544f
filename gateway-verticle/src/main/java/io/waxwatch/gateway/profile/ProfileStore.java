package io.waxwatch.gateway.profile;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.database.Rows;
import io.waxwatch.common.outbox.SuppressedAddresses;
import io.waxwatch.gateway.profile.Profile.Integration;
import io.waxwatch.gateway.profile.Profile.Settled;
import io.waxwatch.gateway.profile.Profile.Suppressed;
import io.waxwatch.gateway.users.EmailSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What an account shows and lets its owner decide. Writes {@code user_notification_preferences}, and of {@code users} the
 * name, time zone and currency.
 */
final class ProfileStore {

    private static final String SETTLED = """
            u.display_name, u.timezone, u.currency, coalesce(p.email_enabled, true), coalesce(p.realtime_enabled, true),
            p.quiet_hours_start, p.quiet_hours_end, p.timezone_override, coalesce(p.delivery_frequency, 'instant')
            """;
    /** One row for each marketplace, at least one; an adopted rule may name its sources in a shape that counts for none. */
    private static final String FIND = """
            SELECT %s, u.id, u.email, u.is_active, u.created_at, u.updated_at, m.provider,
                   EXISTS (SELECT 1 FROM external_account_links l
                           WHERE l.user_id = u.id AND l.provider = m.provider::provider_enum),
                   coalesce(named.rules, 0)::int, s.reason, s.suppressed_at, u.email_source
            FROM users u
            LEFT JOIN user_notification_preferences p ON p.user_id = u.id
            LEFT JOIN suppressed_addresses s ON s.address = lower(u.email)
            LEFT JOIN unnest($2::text[]) WITH ORDINALITY AS m (provider, position) ON true
            LEFT JOIN LATERAL (
                SELECT count(*) AS rules
                FROM watch_search_rules r
                CROSS JOIN jsonb_array_elements_text(
                    CASE jsonb_typeof(r.query -> 'sources') WHEN 'array' THEN r.query -> 'sources' ELSE '[]' END) AS named_source (name)
                WHERE r.user_id = u.id AND named_source.name = m.provider) AS named ON true
            WHERE u.id = $1
            ORDER BY m.position
            """.formatted(SETTLED);

    private static final String LOCK = """
            SELECT %s FROM users u LEFT JOIN user_notification_preferences p ON p.user_id = u.id
            WHERE u.id = $1 FOR NO KEY UPDATE OF u
            """.formatted(SETTLED);

    private static final String UPDATE_USER = """
            UPDATE users SET display_name = $2, timezone = $3, currency = $4, updated_at = now() WHERE id = $1
            """;
    private static final String UPDATE_PREFERENCES = """
            INSERT INTO user_notification_preferences (id, user_id, email_enabled, realtime_enabled, quiet_hours_start,
                quiet_hours_end, timezone_override, delivery_frequency, created_at, updated_at)
            VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6, $7, now(), now())
            ON CONFLICT (user_id) DO UPDATE SET
                email_enabled = excluded.email_enabled, realtime_enabled = excluded.realtime_enabled,
                quiet_hours_start = excluded.quiet_hours_start, quiet_hours_end = excluded.quiet_hours_end,
                timezone_override = excluded.timezone_override, delivery_frequency = excluded.delivery_frequency,
                updated_at = excluded.updated_at
            """;

    private static final String EMAIL = "SELECT email FROM users WHERE id = $1";

    private final Database database;
    private final String[] marketplaces;
    private final SuppressedAddresses suppressed = new SuppressedAddresses();

    /** @param marketplaces wire names, in the order in which the profile lists them */
    ProfileStore(Database database, List<String> marketplaces) {
        this.database = database;
        this.marketplaces = marketplaces.toArray(String[]::new);
    }

    Future<Optional<Profile>> find(UUID userId) {
        return database.query(FIND, Tuple.of(userId).addValue(marketplaces)).map(ProfileStore::profile);
    }

    /** The same, as this transaction sees it. */
    Future<Optional<Profile>> find(SqlConnection connection, UUID userId) {
        return connection
                .preparedQuery(FIND)
                .execute(Tuple.of(userId).addValue(marketplaces))
                .map(ProfileStore::profile);
    }

    /** What is decided so far; other writers are kept out until this transaction ends. */
    Future<Optional<Settled>> lock(SqlConnection connection, UUID userId) {
        return connection
                .preparedQuery(LOCK)
                .execute(Tuple.of(userId))
                .map(rows -> Rows.first(rows, ProfileStore::settled));
    }

    Future<Void> update(SqlConnection connection, UUID userId, Settled settled) {
        Preferences preferences = settled.preferences();
        return connection
                .preparedQuery(UPDATE_USER)
                .execute(Tuple.of(userId, settled.displayName(), preferences.timezone(), preferences.currency()))
                .compose(updated -> connection.preparedQuery(UPDATE_PREFERENCES).execute(Tuple.from(new Object[] {
                    userId,
                    preferences.email(),
                    preferences.push(),
                    preferences.quietHoursStart(),
                    preferences.quietHoursEnd(),
                    preferences.notificationTimezone(),
                    preferences.deliveryFrequency()
                })))
                .mapEmpty();
    }

    /** The owner says that the mailbox takes mails again. */
    Future<Void> liftSuppression(UUID userId) {
        return database.query(EMAIL, Tuple.of(userId))
                .map(rows -> Rows.first(rows, row -> row.getString(0)))
                .compose(email ->
                        email.map(address -> suppressed.lift(database, address)).orElseGet(Future::succeededFuture));
    }

    private static Settled settled(Row row) {
        return new Settled(
                row.getString(0),
                new Preferences(
                        row.getString(1),
                        row.getString(2),
                        row.getBoolean(3),
                        row.getBoolean(4),
                        row.getInteger(5),
                        row.getInteger(6),
                        row.getString(7),
                        row.getString(8)));
    }

    private static Optional<Profile> profile(RowSet<Row> rows) {
        if (rows.size() == 0) {
            return Optional.empty();
        }
        var integrations = new ArrayList<Integration>(rows.size());
        for (Row row : rows) {
            // Without any marketplace in use there is still one row.
            if (row.getString(14) != null) {
                integrations.add(new Integration(row.getString(14), row.getBoolean(15), row.getInteger(16)));
            }
        }
        Row first = rows.iterator().next();
        return Optional.of(new Profile(
                first.getUUID(9),
                first.getString(10),
                EmailSource.of(first.getString(19)),
                settled(first),
                first.getBoolean(11),
                first.getString(17) == null ? null : new Suppressed(first.getString(17), first.getOffsetDateTime(18)),
                integrations,
                first.getOffsetDateTime(12),
                first.getOffsetDateTime(13)));
    }
}

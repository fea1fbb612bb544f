package io.waxwatch.common.testing;

import io.waxwatch.common.settings.DatabaseAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.flywaydb.core.Flyway;

/** A database as the reference leaves it: its tables at its newest revision, none of ours, and rows that nobody planned for. */
public final class ReferenceTables {

    /** The newest revision. */
    public static final String HEAD = "3b7a9d2e4c11";

    /** What stands in some JSON column somewhere. The last one is no value at all. */
    private static final List<String> JSON_KINDS = List.of(
            "'null'",
            "'\"text\"'",
            "'7'",
            "'true'",
            "'[]'",
            "'[\"a\", 1, null, {}]'",
            "'{}'",
            "'{\"NEW_MATCH\": null, \"sources\": null, \"keywords\": {\"a\": 1}, \"title\": 7}'",
            "'{\"NEW_MATCH\": \"banana\", \"sources\": [null, 1], \"keywords\": [null, 2, \" \"], \"max_price\": \"cheap\"}'",
            "NULL");

    /** Nobody's money. */
    private static final List<String> CURRENCIES =
            List.of("USD", "ZZZ", "€€€", "   ", "usd", "U1$", "EUR", "XXX", "000", "BTC");

    private static final List<String> PRICES =
            List.of("'NaN'", "'Infinity'", "1e300", "0", "12.345", "1e12", "999999999999.99", "1e-300", "5", "7.5");

    private ReferenceTables() {}

    /** Makes the tables in an empty database. */
    public static void create(DatabaseAddress address) {
        Flyway.configure()
                .dataSource(address.jdbcUrl(), address.user(), address.password())
                .locations("classpath:db/migration")
                .target("1")
                .load()
                .migrate();
        execute(
                address,
                "DROP TABLE flyway_schema_history",
                "DELETE FROM users",
                "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY)",
                "INSERT INTO alembic_version VALUES ('" + HEAD + "')");
    }

    /** How many users {@link #fill} makes. */
    public static int users() {
        return JSON_KINDS.size();
    }

    /** For each user: a link, a job, a rule, a watch release, a listing, a match, preferences, 30 old notifications and two new ones. */
    public static void fill(DatabaseAddress address) {
        var sql = new ArrayList<String>();
        for (int n = 0; n < JSON_KINDS.size(); n++) {
            String json = JSON_KINDS.get(n);
            String id = id(n);
            String currency = CURRENCIES.get(n);
            String price = PRICES.get(n);
            sql.add("""
                    INSERT INTO users (id, email, hashed_password, timezone, currency, is_active, created_at, updated_at)
                    VALUES (%s, 'user %d', '', 'Mars/Base', '%s', true, now(), now())
                    """.formatted(id, n, currency));
            sql.add("""
                    INSERT INTO external_account_links (id, user_id, provider, external_user_id, access_token, refresh_token,
                        token_type, scopes, token_metadata, connected_at, created_at, updated_at)
                    VALUES (%1$s, %1$s, 'discogs', 'digger', 'plain-%2$d', 'refresh-%2$d', '', %3$s, %3$s, now(), now(), now())
                    """.formatted(id, n, json));
            sql.add("""
                    INSERT INTO import_jobs (id, user_id, external_account_link_id, provider, import_scope, status, cursor, page,
                        processed_count, imported_count, created_count, updated_count, error_count, errors, created_at, updated_at)
                    VALUES (%1$s, %1$s, %1$s, 'discogs', '%2$s', '%3$s', '%4$s', %5$d, 0, 0, 0, 0, 0, %6$s, now(), now())
                    """.formatted(
                            id,
                            n % 3 == 0 ? "both" : "wantlist",
                            n % 2 == 0 ? "running" : "failed_to_queue",
                            n % 4 == 0 ? "wantlist:x/y" : "",
                            -n,
                            json));
            sql.add("""
                    INSERT INTO watch_search_rules (id, user_id, name, query, is_active, poll_interval_seconds, created_at, updated_at)
                    VALUES (%1$s, %1$s, '', coalesce(%2$s::jsonb, '{"keywords": ["blue"]}'), true, %3$d, now(), now())
                    """.formatted(id, json, n == 0 ? Integer.MAX_VALUE : -n));
            sql.add("""
                    INSERT INTO watch_releases (id, user_id, discogs_release_id, match_mode, title, target_price, currency,
                        min_condition, is_active, imported_from_wantlist, imported_from_collection, created_at, updated_at)
                    VALUES (%1$s, %1$s, %2$d, 'exact_release', '', %3$s, '%4$s', 'shiny', true, false, false, now(), now())
                    """.formatted(id, -n, n % 2 == 0 ? price : "'-Infinity'", currency));
            sql.add("""
                    INSERT INTO listings (id, provider, external_id, url, title, price, currency, condition, status, first_seen_at,
                        last_seen_at, raw)
                    VALUES (%1$s, 'ebay', '%2$d', '', '', %3$s, '%4$s', 'shiny', 'unknown', now(), now(), %5$s)
                    """.formatted(id, n, price, currency, json));
            sql.add("""
                    INSERT INTO price_snapshots (id, listing_id, price, currency, recorded_at) VALUES (%1$s, %1$s, %2$s, '%3$s', now())
                    """.formatted(id, price, currency));
            sql.add("""
                    INSERT INTO watch_matches (id, rule_id, listing_id, matched_at, match_context) VALUES (%1$s, %1$s, %1$s, now(), %2$s)
                    """.formatted(id, json));
            sql.add("""
                    INSERT INTO user_notification_preferences (id, user_id, email_enabled, realtime_enabled, timezone_override,
                        delivery_frequency, event_toggles, created_at, updated_at)
                    VALUES (%1$s, %1$s, true, true, 'Mars/Base', 'instant', %2$s, now(), now())
                    """.formatted(id, json));
            sql.add("""
                    INSERT INTO provider_requests (id, user_id, provider, endpoint, method, meta, created_at)
                    VALUES (%1$s, %1$s, 'spotify', '', '', %2$s, now())
                    """.formatted(id, json));
            sql.add("""
                    INSERT INTO events (id, user_id, type, rule_id, listing_id, payload, created_at)
                    SELECT gen_random_uuid(), %1$s, 'LISTING_ENDED', %1$s, %1$s, %2$s, now() - make_interval(days => n, mins => 5)
                    FROM generate_series(0, 15) AS n
                    """.formatted(id, json));
        }
        sql.add("""
                INSERT INTO notifications (id, user_id, event_id, event_type, channel, status, is_read, created_at, updated_at)
                SELECT gen_random_uuid(), e.user_id, e.id, e.type, c.channel, 'pending', false, e.created_at, e.created_at
                FROM events e CROSS JOIN (VALUES ('email'::notification_channel_enum), ('realtime')) AS c (channel)
                """);
        execute(address, sql.toArray(String[]::new));
    }

    /** Whose id is also that of the row in every other table. */
    public static UUID user(int n) {
        return UUID.fromString("00000000-0000-4000-8000-%012d".formatted(n + 100));
    }

    private static String id(int n) {
        return "'" + user(n) + "'";
    }

    /** Runs these, each by itself. */
    public static void execute(DatabaseAddress address, String... statements) {
        try (Connection connection = connect(address);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** The first column of the first row. */
    public static long count(DatabaseAddress address, String sql) {
        try (Connection connection = connect(address);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static Connection connect(DatabaseAddress address) throws SQLException {
        return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
    }
}

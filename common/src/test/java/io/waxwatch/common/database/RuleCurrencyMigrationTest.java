package io.waxwatch.common.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.waxwatch.common.settings.DatabaseAddress;
import io.waxwatch.common.testing.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

class RuleCurrencyMigrationTest {

    private static final DatabaseAddress ADDRESS = TestDatabase.empty();

    @Test
    void a_stored_bound_without_a_currency_gets_that_of_its_owner_and_says_so() throws SQLException {
        migrate("8");
        try (Connection connection = connection()) {
            rule(connection, 1, "eur", "{\"max_price\": 40}");
            rule(connection, 2, null, "{\"min_price\": 5, \"currency\": null, \"note\": \"x\"}");
            rule(connection, 3, "€", "{\"max_price\": 40, \"currency\": \" \"}");
            rule(connection, 4, "EUR", "{\"max_price\": 40, \"currency\": \"gbp\"}");
            rule(connection, 5, "EUR", "{\"keywords\": [\"tides\"]}");
            rule(connection, 6, "EUR", "{\"max_price\": \"40\"}");
            rule(connection, 7, "EUR", "[]");
        }

        migrate("9");

        assertThat(rules())
                .containsExactly(
                        "EUR true {\"currency\": \"EUR\", \"max_price\": 40}",
                        "USD true {\"note\": \"x\", \"currency\": \"USD\", \"min_price\": 5}",
                        "USD true {\"currency\": \"USD\", \"max_price\": 40}",
                        "gbp false {\"currency\": \"gbp\", \"max_price\": 40}",
                        "null false {\"keywords\": [\"tides\"]}",
                        "null false {\"max_price\": \"40\"}",
                        "null false []");
    }

    private static void migrate(String version) {
        Flyway.configure()
                .dataSource(ADDRESS.jdbcUrl(), ADDRESS.user(), ADDRESS.password())
                .locations("classpath:db/migration")
                .target(version)
                .load()
                .migrate();
    }

    private static Connection connection() throws SQLException {
        return DriverManager.getConnection(ADDRESS.jdbcUrl(), ADDRESS.user(), ADDRESS.password());
    }

    private static void rule(Connection connection, int n, String currency, String query) throws SQLException {
        try (var user = connection.prepareStatement("""
                        INSERT INTO users (id, email, hashed_password, currency, is_active, created_at, updated_at)
                        VALUES (lpad(?, 32, '0')::uuid, ? || '@example.com', '', ?, true, now(), now())
                        """);
                var rule = connection.prepareStatement("""
                        INSERT INTO watch_search_rules (id, user_id, name, query, is_active, poll_interval_seconds, created_at,
                                                        updated_at)
                        VALUES (gen_random_uuid(), lpad(?, 32, '0')::uuid, ?, ?::jsonb, true, 600, now(), now())
                        """)) {
            user.setString(1, "1" + n);
            user.setString(2, "1" + n);
            user.setString(3, currency);
            user.executeUpdate();
            rule.setString(1, "1" + n);
            rule.setString(2, "1" + n);
            rule.setString(3, query);
            rule.executeUpdate();
        }
    }

    private static List<String> rules() throws SQLException {
        try (Connection connection = connection();
                var rows = connection.createStatement().executeQuery("""
                        SELECT query ->> 'currency', currency_defaulted, query FROM watch_search_rules ORDER BY user_id
                        """)) {
            List<String> rules = new ArrayList<>();
            while (rows.next()) {
                rules.add(rows.getString(1) + " " + rows.getBoolean(2) + " " + rows.getString(3));
            }
            return rules;
        }
    }
}

package io.waxwatch.common.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waxwatch.common.settings.DatabaseAddress;
import io.waxwatch.common.settings.InvalidSettings;
import io.waxwatch.common.testing.TestDatabase;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgresql")
class MigrationsTest {

    @Test
    void what_is_small_is_analysed_and_what_is_empty_is_left_to_autovacuum() throws SQLException {
        DatabaseAddress address = TestDatabase.empty();

        assertThat(new Migrations(address).migrate()).isPositive();

        assertThat(rows(address, "watch_revision")).isEqualTo(1);
        assertThat(rows(address, "listings")).as("never looked at").isEqualTo(-1);
    }

    @Test
    void a_run_that_finds_nothing_to_do_analyses_only_what_was_never_analysed() throws SQLException {
        DatabaseAddress address = TestDatabase.empty();
        new Migrations(address).migrate();
        execute(address, "UPDATE pg_class SET reltuples = 77 WHERE relname = 'watch_revision'");
        execute(address, "INSERT INTO token_cutoffs (user_id) SELECT gen_random_uuid() FROM generate_series(1, 5)");

        assertThat(new Migrations(address).migrate()).isZero();

        assertThat(rows(address, "token_cutoffs")).isEqualTo(5);
        assertThat(rows(address, "watch_revision")).isEqualTo(77);
    }

    @Test
    void a_database_that_is_not_utf_8_is_refused_in_one_line_and_left_empty() throws SQLException {
        DatabaseAddress address =
                TestDatabase.create("ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");

        assertThatThrownBy(() -> new Migrations(address).migrate())
                .isInstanceOf(InvalidSettings.class)
                .hasMessageStartingWith("DATABASE_URL: ")
                .hasMessageContaining("stores text as LATIN1")
                .hasMessageContaining("ENCODING 'UTF8'")
                .hasMessageNotContaining("\n");
        assertThat(number(address, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
                .isZero();
    }

    private static double rows(DatabaseAddress address, String table) throws SQLException {
        return number(address, "SELECT reltuples FROM pg_class WHERE relname = '" + table + "'");
    }

    private static double number(DatabaseAddress address, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getDouble(1);
        }
    }

    private static void execute(DatabaseAddress address, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

package io.waxwatch.common.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.waxwatch.common.settings.DatabaseAddress;
import io.waxwatch.common.settings.InvalidSettings;
import io.waxwatch.common.testing.PgBouncer;
import io.waxwatch.common.testing.ReferenceTables;
import io.waxwatch.common.testing.TestDatabase;
import io.waxwatch.common.testing.TestPooler;
import io.waxwatch.common.testing.TestPooler.Mode;
import io.waxwatch.common.testing.TestPooler.Order;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("postgresql")
final class MigrationsTest {

    private static final String HISTORY = "SELECT count(*) FROM flyway_schema_history WHERE success";

    @TempDir
    private Path folder;

    private final DatabaseAddress empty = TestDatabase.empty();

    @Test
    void several_at_once_wait_for_each_other() throws Exception {
        assertThat(sum(atOnce(4, () -> new Migrations(empty).migrate()))).isEqualTo(all());
    }

    @ParameterizedTest
    @ValueSource(strings = {"transaction", "session"})
    void through_a_real_pooler_a_second_one_waits_and_finds_nothing_to_do(String mode) throws Exception {
        assumeTrue(
                PgBouncer.program().isPresent(),
                "skipped: there is no pgbouncer on this machine (apt-get install pgbouncer)");
        try (var pooler = PgBouncer.start(folder, empty, Map.of("pool_mode", mode, "default_pool_size", "6"))) {
            assertThat(sum(atOnce(2, () -> new Migrations(pooler.address()).migrate())))
                    .isEqualTo(all());
            for (int again = 0; again < 3; again++) {
                assertThat(new Migrations(pooler.address()).migrate()).isZero();
            }
        }
    }

    @Test
    void two_connections_of_a_pooler_are_enough_and_one_is_refused() {
        try (var one = new TestPooler(empty, Mode.TRANSACTION, Order.LAST_USED, 1)) {
            assertThat(refusal(() -> new Migrations(one.address()).migrate()))
                    .startsWith("migrating needs two connections")
                    .contains("default_pool_size");
        }
        try (var two = new TestPooler(empty, Mode.TRANSACTION, Order.LONGEST_RESTED, 2)) {
            assertThat(new Migrations(two.address()).migrate()).isEqualTo(all());
        }
    }

    @Test
    void limits_of_the_role_are_not_those_of_a_migration() {
        ReferenceTables.execute(
                empty,
                "CREATE ROLE hurried LOGIN SUPERUSER",
                "ALTER ROLE hurried SET statement_timeout = 1",
                "ALTER ROLE hurried SET idle_in_transaction_session_timeout = 1");

        assertThat(new Migrations(as("hurried", empty)).migrate()).isEqualTo(all());
    }

    @Test
    void who_cannot_be_reached_is_named_in_one_line() throws Exception {
        assertThat(refusal(
                        () -> new Migrations(DatabaseAddress.parse("postgresql://u:hush@nowhere.invalid/d")).migrate()))
                .isEqualTo("DATABASE_URL: there is no host nowhere.invalid");
        int closed;
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = taken.getLocalPort();
        }
        assertThat(refusal(() -> new Migrations(DatabaseAddress.parse("postgresql://u:hush@127.0.0.1:" + closed + "/d"))
                        .migrate()))
                .isEqualTo("DATABASE_URL: nobody listens at 127.0.0.1:" + closed + "; is PostgreSQL running?");
    }

    @Test
    void who_is_not_let_in_and_what_is_not_there_is_told_in_one_line() {
        ReferenceTables.execute(empty, "CREATE ROLE locked_out NOLOGIN", "CREATE ROLE guest LOGIN");

        assertThat(refusal(() -> new Migrations(as("locked_out", empty)).migrate()))
                .contains("does not let user locked_out in: role \"locked_out\" is not permitted to log in");
        assertThat(refusal(() -> new Migrations(as("nobody_at_all", empty)).migrate()))
                .contains("does not let user nobody_at_all in");
        assertThat(refusal(() -> new Migrations(
                                DatabaseAddress.parse("postgresql://postgres@127.0.0.1:" + empty.port() + "/not_here"))
                        .migrate()))
                .contains("has no database not_here; create it: CREATE DATABASE");
        assertThat(refusal(() -> new Migrations(as("guest", empty)).migrate()))
                .contains("user guest may not do that", "GRANT CREATE ON SCHEMA public");
    }

    @Test
    void tables_of_something_else_are_left_alone_in_one_line() {
        ReferenceTables.execute(empty, "CREATE TABLE somebody_elses (n int)");

        assertThat(refusal(() -> new Migrations(empty).migrate())).contains("WaxWatch needs a database of its own");
    }

    @Test
    void an_empty_database_is_not_adopted_and_not_spoilt() {
        assertThat(refusal(() -> new Migrations(empty).adopt())).contains("nothing to adopt", "make migrate");

        assertThat(new Migrations(empty).migrate()).isEqualTo(all());
        assertThat(new Migrations(empty).adopt()).as("ours already").isFalse();
        assertThat(new Migrations(empty).migrate()).isZero();
    }

    @Test
    void a_database_that_was_adopted_while_empty_is_told_the_way_out() {
        new Migrations(empty).migrate();
        ReferenceTables.execute(
                empty,
                "DELETE FROM flyway_schema_history",
                "INSERT INTO flyway_schema_history VALUES"
                        + " (1, '1', 'adopted', 'BASELINE', 'adopted', NULL, 'x', now(), 0, true)",
                "ALTER TABLE listings RENAME TO gone");

        assertThat(refusal(() -> new Migrations(empty).migrate())).contains("DROP TABLE flyway_schema_history");
    }

    @Test
    void the_references_database_is_not_migrated_unadopted() {
        ReferenceTables.create(empty);

        assertThat(refusal(() -> new Migrations(empty).migrate())).contains("make migrate ARGS=adopt");

        assertThat(new Migrations(empty).adopt()).isTrue();
        assertThat(new Migrations(empty).migrate()).isEqualTo(all() - 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE alembic_version SET version_num = '0f1e2d3c4b5a'",
                "DELETE FROM alembic_version",
                "INSERT INTO alembic_version VALUES ('0f1e2d3c4b5a')"
            })
    void any_other_revision_is_refused_untouched(String change) {
        ReferenceTables.create(empty);
        ReferenceTables.execute(empty, change);

        assertThat(refusal(() -> new Migrations(empty).adopt())).contains(ReferenceTables.HEAD, "alembic upgrade head");

        assertThat(ReferenceTables.count(
                        empty, "SELECT count(*) FROM pg_class WHERE relname = 'flyway_schema_history'"))
                .isZero();
    }

    @Test
    void tables_without_a_revision_are_refused() {
        ReferenceTables.create(empty);
        ReferenceTables.execute(empty, "DROP TABLE alembic_version");

        assertThat(refusal(() -> new Migrations(empty).adopt())).contains("no alembic_version");
    }

    @Test
    void several_adopt_at_once() throws Exception {
        ReferenceTables.create(empty);
        ReferenceTables.fill(empty);

        atOnce(3, () -> new Migrations(empty).adopt() ? 1 : 0);

        assertThat(ReferenceTables.count(empty, HISTORY)).isEqualTo(1);
        assertThat(new Migrations(empty).migrate()).isEqualTo(all() - 1);
    }

    @Test
    void whatever_stands_in_its_rows_the_references_database_is_adopted() {
        ReferenceTables.create(empty);
        ReferenceTables.fill(empty);

        new Migrations(empty).adopt();

        assertThat(new Migrations(empty).migrate()).isEqualTo(all() - 1);
        assertThat(ReferenceTables.count(empty, "SELECT count(*) FROM listings WHERE price = 999999999999.99"))
                .as("no number, endless, too large, and one that is")
                .isEqualTo(5);
        assertThat(ReferenceTables.count(empty, "SELECT count(*) FROM watch_releases WHERE target_price IS NULL"))
                .isEqualTo(7);
        assertThat(ReferenceTables.count(empty, """
                        SELECT count(*) FROM notifications
                        WHERE status = 'sent' AND is_read AND read_at IS NOT NULL AND delivered_at IS NULL
                        """))
                .as("news of before yesterday")
                .isEqualTo(30L * ReferenceTables.users());
        assertThat(ReferenceTables.count(empty, "SELECT count(*) FROM notification_deliveries"))
                .isEqualTo(2L * ReferenceTables.users());
        assertThat(ReferenceTables.count(empty, "SELECT count(*) FROM notifications WHERE status = 'pending'"))
                .isEqualTo(2L * ReferenceTables.users());
    }

    @Test
    void taken_back_from_the_reference_all_is_planned_anew() {
        ReferenceTables.create(empty);
        new Migrations(empty).adopt();
        new Migrations(empty).migrate();
        ReferenceTables.execute(
                empty,
                "INSERT INTO polls (id, provider, kind, canonical_key, interval_seconds, created_at)"
                        + " VALUES (gen_random_uuid(), 'ebay', 'query', 'stale', 600, now())");
        long revision = ReferenceTables.count(empty, "SELECT revision FROM watch_revision");

        assertThat(new Migrations(empty).adopt()).isFalse();
        assertThat(new Migrations(empty).migrate()).isZero();

        assertThat(ReferenceTables.count(empty, "SELECT count(*) FROM polls")).isZero();
        assertThat(ReferenceTables.count(empty, "SELECT revision FROM watch_revision"))
                .isGreaterThan(revision);
    }

    /** How many migrations there are. */
    private static int all() {
        return (int) ReferenceTables.count(TestDatabase.fresh(), HISTORY);
    }

    private static DatabaseAddress as(String user, DatabaseAddress address) {
        return DatabaseAddress.parse(
                "postgresql://" + user + ":hush@127.0.0.1:" + address.port() + "/" + address.database());
    }

    private static String refusal(ThrowingCallable step) {
        Throwable refused = catchThrowable(step);
        assertThat(refused).isInstanceOf(MigrationRefused.class);
        assertThat(refused.getMessage().lines()).hasSize(1);
        assertThat(refused.getMessage()).doesNotContain("hush");
        assertThat(refused.getStackTrace()).isEmpty();
        return refused.getMessage();
    }

    private static List<Integer> atOnce(int many, Callable<Integer> step) throws Exception {
        var threads = Executors.newFixedThreadPool(many);
        try {
            List<Future<Integer>> running = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                running.add(threads.submit(step));
            }
            List<Integer> results = new ArrayList<>();
            for (Future<Integer> each : running) {
                results.add(each.get(120, TimeUnit.SECONDS));
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    private static int sum(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).sum();
    }

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

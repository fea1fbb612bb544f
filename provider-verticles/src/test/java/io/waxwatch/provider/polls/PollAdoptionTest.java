package io.waxwatch.provider.polls;

import static io.waxwatch.common.testing.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.database.Migrations;
import io.waxwatch.common.node.Node;
import io.waxwatch.common.polls.PollPlanner;
import io.waxwatch.common.polls.PollStore;
import io.waxwatch.common.quarantine.Quarantine;
import io.waxwatch.common.settings.DatabaseAddress;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.testing.ReferenceTables;
import io.waxwatch.common.testing.TestDatabase;
import io.waxwatch.provider.Providers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A database that held rules before polls existed. */
@Tag("postgresql")
class PollAdoptionTest {

    private static final int RULES = 450;
    /** {@code RULE_MIN_POLL_INTERVAL_SECONDS} unless set. */
    private static final int SHORTEST = 30;

    @Test
    void an_adopted_databases_watches_get_their_polls_when_the_provider_starts() throws SQLException {
        DatabaseAddress address = TestDatabase.empty();
        fillAsTheReferenceDid(address);
        var migrations = new Migrations(address);
        migrations.adopt();
        assertThat(migrations.migrate()).isPositive();
        Settings settings = settings(address);
        Node node = await(Node.alone("test", settings));
        try {
            Database database = node.openDatabase();

            await(Providers.deploy(node, database));

            assertThat(count(database, "SELECT count(DISTINCT rule_id) FROM poll_rules"))
                    .as("active rules with a term")
                    .isEqualTo(RULES);
            assertThat(count(database, "SELECT count(*) FROM polls WHERE kind = 'query'"))
                    .isEqualTo(10);
            assertThat(count(database, "SELECT count(*) FROM polls WHERE kind = 'sweep'"))
                    .isEqualTo(1);
            assertThat(count(database, "SELECT count(*) FROM polls WHERE kind = 'release'"))
                    .isEqualTo(1);
            assertThat(count(database, "SELECT count(*) FROM poll_schedule WHERE next_due <= now()"))
                    .isEqualTo(12);
            assertThat(count(database, "SELECT revision FROM watch_revision")).isEqualTo(RULES + 4);
            assertThat(count(database, "SELECT min(interval_seconds) FROM polls WHERE kind = 'query'"))
                    .as("a rule that asked for 0 seconds")
                    .isEqualTo(SHORTEST);
            assertThat(count(database, "SELECT count(*) FROM watch_releases WHERE target_price = 19.99"))
                    .isEqualTo(1);
            assertThat(count(database, "SELECT count(*) FROM users WHERE email LIKE 'system-%'"))
                    .as("who owns the shared requests")
                    .isEqualTo(1);
            long before = count(database, "SELECT count(*) FROM polls");
            await(adoption(database, "EBAY_US", node).run());
            assertThat(count(database, "SELECT count(*) FROM polls")).isEqualTo(before);
        } finally {
            await(node.close());
        }
    }

    @Test
    void every_rule_moves_when_the_marketplace_or_the_category_changes() throws SQLException {
        DatabaseAddress address = TestDatabase.empty();
        fillAsTheReferenceDid(address);
        new Migrations(address).adopt();
        new Migrations(address).migrate();
        Node node = await(Node.alone("test", settings(address)));
        try {
            Database database = node.openDatabase();
            await(adoption(database, "EBAY_US", node).run());

            await(adoption(database, "EBAY_GB", "1769851", node).run());
            // The new category begins the former one: that alone does not make a query the new one's.
            await(adoption(database, "EBAY_GB", node).run());

            assertThat(count(database, "SELECT count(DISTINCT rule_id) FROM poll_rules"))
                    .isEqualTo(RULES);
            assertThat(count(database, "SELECT count(*) FROM polls WHERE canonical_key LIKE 'EBAY_GB|176985|%'"))
                    .isEqualTo(10);
            assertThat(count(
                            database,
                            "SELECT count(*) FROM polls WHERE canonical_key LIKE 'EBAY_US|%'"
                                    + " OR canonical_key LIKE 'EBAY_GB|1769851|%'"))
                    .as("polls that serve nobody any more")
                    .isZero();
        } finally {
            await(node.close());
        }
    }

    @Test
    void a_watch_that_cannot_be_planned_keeps_nobody_else_from_being() throws SQLException {
        DatabaseAddress address = TestDatabase.empty();
        fillAsTheReferenceDid(address);
        var migrations = new Migrations(address);
        migrations.adopt();
        migrations.migrate();
        Node node = await(Node.alone("test", settings(address)));
        try {
            Database database = node.openDatabase();
            await(database.query("UPDATE watch_search_rules SET name = 'bad' WHERE name = 'rule 7'", Tuple.tuple()));
            await(database.query("""
                    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                        IF EXISTS (SELECT 1 FROM watch_search_rules WHERE id = NEW.rule_id AND name = 'bad') THEN
                            RAISE check_violation;
                        END IF;
                        RETURN NEW; END $$
                    """, Tuple.tuple()));
            await(database.query(
                    "CREATE TRIGGER refuse BEFORE INSERT ON poll_rules FOR EACH ROW EXECUTE FUNCTION refuse()",
                    Tuple.tuple()));

            await(adoption(database, "EBAY_US", node).run());

            assertThat(count(database, "SELECT count(DISTINCT rule_id) FROM poll_rules"))
                    .isEqualTo(RULES - 1);
            assertThat(count(database, "SELECT count(*) FROM poll_releases")).isEqualTo(1);
            assertThat(count(database, "SELECT count(*) FROM quarantined_rows WHERE source = 'watch'"))
                    .isEqualTo(1);
        } finally {
            await(node.close());
        }
    }

    private static PollAdoption adoption(Database database, String marketplace, Node node) {
        return adoption(database, marketplace, "176985", node);
    }

    private static PollAdoption adoption(Database database, String marketplace, String category, Node node) {
        return new PollAdoption(
                database,
                new PollStore(),
                new PollPlanner(marketplace, category, 120, 3600),
                new Quarantine(database, node.metrics()),
                SHORTEST);
    }

    private static Settings settings(DatabaseAddress address) {
        return TestDatabase.settings(
                address,
                Role.PROVIDER,
                Map.of(
                        "EBAY_CLIENT_ID", "id",
                        "EBAY_CLIENT_SECRET", "secret",
                        "EBAY_BASE_URL", "http://127.0.0.1:9",
                        "DISCOGS_BASE_URL", "http://127.0.0.1:9"));
    }

    private static long count(Database database, String sql) {
        return await(database.query(sql, Tuple.tuple())).iterator().next().getLong(0);
    }

    private static void fillAsTheReferenceDid(DatabaseAddress address) throws SQLException {
        ReferenceTables.create(address);
        try (Connection connection =
                        DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
                var statement = connection.createStatement()) {
            statement.execute("""
                    INSERT INTO users (id, email, hashed_password, is_active, created_at, updated_at)
                    VALUES ('11111111-1111-1111-1111-111111111111', 'old@example.com', '!', true, now(), now())
                    """);
            statement.execute("""
                    INSERT INTO watch_search_rules (id, user_id, name, query, is_active, poll_interval_seconds, created_at,
                                                    updated_at)
                    SELECT gen_random_uuid(), '11111111-1111-1111-1111-111111111111', 'rule ' || n,
                           jsonb_build_object('keywords', jsonb_build_array('word' || n %% 10)), true, 600 * (n %% 10), now(), now()
                    FROM generate_series(1, %d) AS n
                    """.formatted(RULES));
            statement.execute("""
                    INSERT INTO watch_search_rules (id, user_id, name, query, is_active, poll_interval_seconds, created_at,
                                                    updated_at)
                    VALUES (gen_random_uuid(), '11111111-1111-1111-1111-111111111111', 'no term', '{}', true, 600, now(),
                            now()),
                           (gen_random_uuid(), '11111111-1111-1111-1111-111111111111', 'null', 'null', true, 600, now(),
                            now()),
                           (gen_random_uuid(), '11111111-1111-1111-1111-111111111111', 'rests',
                            '%s', false, 600, now(), now())
                    """.formatted(new JsonObject().put("q", "resting").encode()));
            statement.execute("""
                    INSERT INTO watch_releases (id, user_id, discogs_release_id, match_mode, title, target_price, currency,
                        is_active, imported_from_wantlist, imported_from_collection, created_at, updated_at)
                    VALUES (gen_random_uuid(), '11111111-1111-1111-1111-111111111111', 900000001, 'exact_release',
                            'Blue Harbour', 19.99, 'USD', true, false, false, now(), now())
                    """);
        }
    }
}

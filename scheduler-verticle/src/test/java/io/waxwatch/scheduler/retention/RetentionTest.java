package io.waxwatch.scheduler.retention;

import static io.waxwatch.common.testing.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.scheduler.retention.RetentionStore.Table;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgresql")
class RetentionTest {

    private TestNode node;
    private Retention retention;
    private UUID user;

    @BeforeEach
    void open() {
        node = TestNode.start(Role.SCHEDULER);
        retention = new Retention(
                node.node().vertx(),
                new RetentionStore(node.database()),
                Retention.ages(node.node().settings()),
                Duration.ofHours(1),
                Clock.systemUTC(),
                new Random(1));
        user = node.user("a@example.com");
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void sql(String sql, Object... parameters) {
        await(node.database().query(sql, Tuple.from(parameters)));
    }

    private UUID listing(int lastSeenDaysAgo) {
        UUID id = UUID.randomUUID();
        sql("""
                INSERT INTO listings (id, provider, external_id, url, title, price, currency, status, first_seen_at,
                                      last_seen_at)
                VALUES ($1, 'ebay', $2, 'https://example.com', 'A record', 10, 'USD', 'active', now(),
                        now() - make_interval(days => $3))
                """, id, id.toString(), lastSeenDaysAgo);
        return id;
    }

    @Test
    void old_price_snapshots_go_but_never_the_newest_of_a_listing() {
        UUID still = listing(0);
        UUID changing = listing(0);
        String insert = """
                INSERT INTO price_snapshots (id, listing_id, price, currency, recorded_at)
                SELECT gen_random_uuid(), $1, n, 'USD', now() - make_interval(days => $2, secs => n)
                FROM generate_series(1, $3) AS n
                """;
        sql(insert, still, 800, 2600);
        sql(insert, changing, 400, 5);
        sql(insert, changing, 1, 1);

        assertThat(await(retention.run())).isEqualTo(2599 + 5);

        assertThat(node.count("SELECT count(*) FROM price_snapshots WHERE listing_id = $1", still))
                .isEqualTo(1);
        assertThat(node.count("SELECT price::bigint FROM price_snapshots WHERE listing_id = $1", still))
                .as("the newest")
                .isEqualTo(1);
        assertThat(node.count("SELECT count(*) FROM price_snapshots WHERE listing_id = $1", changing))
                .isEqualTo(1);
        assertThat(await(retention.run())).isZero();
    }

    @Test
    void old_provider_requests_go() {
        sql("""
                INSERT INTO provider_requests (id, user_id, provider, endpoint, method, created_at)
                SELECT gen_random_uuid(), $1, 'ebay', '/x', 'GET', now() - make_interval(days => n)
                FROM generate_series(1, 60) AS n
                """, user);

        await(retention.run());

        assertThat(node.count("SELECT count(*) FROM provider_requests")).isEqualTo(29);
    }

    @Test
    void old_events_go_with_their_notifications_but_not_the_memory_of_a_release_alert_that_would_repeat() {
        UUID release = UUID.randomUUID();
        sql("""
                INSERT INTO watch_releases (id, user_id, discogs_release_id, title, currency, is_active,
                    imported_from_wantlist, imported_from_collection, created_at, updated_at)
                VALUES ($1, $2, 1, 'A record', 'USD', true, false, false, now(), now())
                """, release, user);
        String event = """
                WITH e AS (
                    INSERT INTO events (id, user_id, type, watch_release_id, listing_id, created_at)
                    VALUES (gen_random_uuid(), $1, $2::text::event_type_enum, $3, $4, now() - make_interval(days => $5))
                    RETURNING id)
                INSERT INTO notifications (id, user_id, event_id, event_type, channel, status, is_read, created_at,
                                           updated_at)
                SELECT gen_random_uuid(), $1, id, $2::text::event_type_enum, 'realtime', 'sent', false, now(), now() FROM e
                """;
        sql(event, user, "RULE_CREATED", null, null, 200);
        sql(event, user, "RULE_CREATED", null, null, 100);
        sql(event, user, "NEW_MATCH", release, listing(0), 200);
        sql(event, user, "NEW_MATCH", release, listing(190), 200);

        assertThat(await(retention.run())).isEqualTo(2);

        assertThat(node.count("SELECT count(*) FROM events WHERE type = 'RULE_CREATED'"))
                .isEqualTo(1);
        assertThat(node.count("SELECT count(*) FROM events WHERE type = 'NEW_MATCH'"))
                .isEqualTo(1);
        assertThat(node.count("SELECT count(*) FROM notifications")).isEqualTo(2);
    }

    @Test
    void old_watch_changes_go_but_never_the_newest_revision() {
        sql("""
                INSERT INTO watch_changes (revision, kind, subject_id, changed_at)
                SELECT n, 'rule', gen_random_uuid(), now() - interval '8 days' FROM generate_series(1, 2500) AS n
                """);

        assertThat(await(retention.run())).isEqualTo(2499);

        assertThat(node.count("SELECT revision FROM watch_changes")).isEqualTo(2500);
    }

    @Test
    void idempotency_keys_go_after_a_day() {
        sql("""
                INSERT INTO idempotency_keys (user_id, route, key, body_hash, status, answer, created_at)
                SELECT $1, 'POST /x', n::text, ''::bytea, 201, '{}', now() - make_interval(hours => n)
                FROM generate_series(1, 1500) AS n
                """, user);

        assertThat(await(retention.run())).isEqualTo(1500 - 23);

        assertThat(node.count("SELECT count(*) FROM idempotency_keys")).isEqualTo(23);
    }

    @Test
    void what_was_put_aside_goes_a_month_after_it_was_last_met() {
        sql("""
                INSERT INTO quarantined_rows (source, subject, reason, times, first_seen_at, last_seen_at)
                SELECT 'call', n::text, 'no', 1, now() - interval '90 days', now() - make_interval(days => n)
                FROM generate_series(1, 40) AS n
                """);

        assertThat(await(retention.run())).isEqualTo(40 - 29);

        assertThat(node.count("SELECT count(*) FROM quarantined_rows")).isEqualTo(29);
    }

    @Test
    void handled_account_deletions_are_remembered_for_a_month() {
        sql("""
                INSERT INTO account_deletions (notification_id, handled_at)
                SELECT n::text, now() - make_interval(days => n) FROM generate_series(1, 40) AS n
                """);

        assertThat(await(retention.run())).isEqualTo(40 - 29);

        assertThat(node.count("SELECT count(*) FROM account_deletions")).isEqualTo(29);
    }

    @Test
    void one_scheduler_at_a_time() {
        sql("""
                INSERT INTO provider_requests (id, user_id, provider, endpoint, method, created_at)
                VALUES (gen_random_uuid(), $1, 'ebay', '/x', 'GET', now() - interval '90 days')
                """, user);

        int whileLocked = await(node.database()
                .transaction(other -> other.preparedQuery("SELECT pg_advisory_xact_lock($1)")
                        .execute(Tuple.of(RetentionStore.RETENTION_LOCK))
                        .compose(locked -> retention.run())));

        assertThat(whileLocked).isZero();
        assertThat(await(retention.run())).isEqualTo(1);
    }

    @Test
    void every_table_has_an_age() {
        Map<Table, Duration> ages = Retention.ages(node.node().settings());

        assertThat(ages).containsOnlyKeys(Table.values());
        assertThat(ages.get(Table.EVENTS)).isEqualTo(Duration.ofDays(180));
    }
}

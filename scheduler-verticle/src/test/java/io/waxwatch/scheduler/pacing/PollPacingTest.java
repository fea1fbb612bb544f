package io.waxwatch.scheduler.pacing;

import static io.waxwatch.common.testing.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.polls.ClaimedPoll;
import io.waxwatch.common.polls.PollKey;
import io.waxwatch.common.polls.PollLane;
import io.waxwatch.common.polls.PollPacingStore;
import io.waxwatch.common.polls.PollSchedule;
import io.waxwatch.common.polls.PollSpec;
import io.waxwatch.common.polls.PollStore;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.testing.TestNode;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PollPacingTest {

    private static final Duration LEASE = Duration.ofSeconds(60);
    private static final PollKey.Sweep SWEEP_KEY = new PollKey.Sweep("EBAY_US", "176985");
    private static final PollSpec SWEEP = new PollSpec(SWEEP_KEY, 60);

    private final PollStore polls = new PollStore();
    private TestNode node;
    private PollSchedule schedule;
    private PollPacing pacing;

    @BeforeEach
    void open() {
        node = TestNode.start(Role.SCHEDULER);
        schedule = new PollSchedule(node.database());
        pacing = new PollPacing(
                node.node().vertx(),
                new PollPacingStore(node.database()),
                new PollCapacity(3_000 / 86_400.0, 50 / 60.0),
                new SplittableRandom(1));
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void sql(String statement, Object... parameters) {
        await(node.database().query(statement, Tuple.from(parameters)));
    }

    private UUID sweep() {
        return await(node.database().transaction(connection -> polls.ensureOnly(connection, SWEEP)));
    }

    /** A rule whose first look is done. */
    private void looked(String words, int interval) {
        UUID rule = node.rule(node.user(words + "@example.com"), words, new JsonObject());
        var spec = new PollSpec(SWEEP_KEY.query(words), interval);
        await(node.database().transaction(connection -> polls.serveRule(connection, rule, List.of(spec))));
        ClaimedPoll look = await(schedule.claim(Provider.EBAY, PollLane.FIRST_LOOK, 1, LEASE, 0))
                .get(0);
        await(node.database()
                .transaction(connection -> schedule.succeeded(connection, look.pollId(), look.fence(), Duration.ZERO)));
    }

    private void fails(UUID poll, String error, int times) {
        sql(
                "UPDATE polls SET consecutive_failures = $2, last_error = $3, failing_since = now() WHERE id = $1",
                poll,
                times,
                error);
    }

    private long resting() {
        return node.count("SELECT count(*) FROM poll_schedule WHERE next_due = 'infinity'");
    }

    private long served(String by) {
        return node.count("SELECT count(*) FROM polls WHERE kind = 'query' AND served_by = $1", by);
    }

    @Test
    void queries_are_asked_by_themselves_only_while_the_sweep_cannot_see() {
        UUID sweep = sweep();
        looked("blue", 10);
        looked("harbour", 600);
        await(pacing.run());
        assertThat(resting()).isEqualTo(2);

        fails(sweep, "client_error", 3);
        await(pacing.run());
        assertThat(served("query")).isEqualTo(2);
        assertThat(
                        node.count(
                                "SELECT count(*) FROM poll_schedule s JOIN polls p ON p.id = s.poll_id WHERE p.kind = 'query'"
                                        + " AND s.bucket < 10000 AND s.next_due <= now() + make_interval(secs => p.interval_seconds * p.stretch)"))
                .as("due within their interval, in the line of what is due")
                .isEqualTo(2);
        assertThat(node.count(
                        "SELECT count(*) FROM polls WHERE kind = 'query' AND interval_seconds = 10 AND stretch > 5"))
                .as("no oftener than there is quota for")
                .isEqualTo(1);

        fails(sweep, null, 0);
        await(pacing.run());
        assertThat(served("sweep")).isEqualTo(2);
        assertThat(resting()).isEqualTo(2);
    }

    @Test
    void a_marketplace_that_is_away_is_not_asked_ten_thousand_questions_instead_of_one() {
        UUID sweep = sweep();
        looked("blue", 60);
        for (String error :
                List.of("timeout", "connection", "server_error", "rate_limited", "breaker_open", "unauthorized")) {
            fails(sweep, error, 30);
            await(pacing.run());
            assertThat(resting()).as(error).isEqualTo(1);
        }
    }

    @Test
    void queries_of_a_category_without_a_sweep_are_asked_by_themselves() {
        looked("blue", 3_600);
        await(pacing.run());
        assertThat(served("query")).isEqualTo(1);
        assertThat(resting()).isZero();
    }

    @Test
    void what_a_sweep_missed_is_asked_once_more_query_by_query() {
        UUID sweep = sweep();
        looked("blue", 60);
        sql(
                "INSERT INTO sweep_progress (poll_id, complete_until, missed_from, missed_until) VALUES ($1, now(), now(), now())",
                sweep);
        await(pacing.run());
        assertThat(await(schedule.claim(Provider.EBAY, PollLane.FIRST_LOOK, 10, LEASE, 0)))
                .hasSize(1);
        await(pacing.run());
        assertThat(node.count("SELECT count(*) FROM sweep_progress WHERE looked_again"))
                .isEqualTo(1);
    }

    @Test
    void a_collector_with_a_thousand_releases_waits_longer_and_nobody_else_does() {
        UUID greedy = node.user("greedy@example.com");
        UUID modest = node.user("modest@example.com");
        sql("""
                INSERT INTO watch_releases (id, user_id, discogs_release_id, match_mode, title, currency, is_active,
                    imported_from_wantlist, imported_from_collection, created_at, updated_at)
                SELECT gen_random_uuid(), CASE WHEN n <= 1000 THEN $1::uuid ELSE $2::uuid END, n, 'exact_release', 'A record', 'USD',
                    true, false, false, now(), now() FROM generate_series(1, 1005) AS n
                """, greedy, modest);
        var rows = await(node.database().query("SELECT id, discogs_release_id FROM watch_releases", Tuple.tuple()));
        await(node.database().transaction(connection -> {
            var specs = new java.util.HashMap<UUID, PollSpec>();
            rows.forEach(row ->
                    specs.put(row.getUUID(0), new PollSpec(new PollKey.Release(row.getLong(1), "USD"), 900)));
            return polls.serveNewReleases(connection, specs);
        }));

        await(pacing.run());

        assertThat(node.count("SELECT count(*) FROM polls WHERE stretch = 1")).isEqualTo(5);
        assertThat(node.count("SELECT count(*) FROM polls WHERE stretch > 1.2")).isEqualTo(1_000);
        assertThat(node.count("SELECT (sum(60 / (interval_seconds * stretch)) * 100)::bigint FROM polls"))
                .as("a hundredth of the looks a minute")
                .isBetween(4_950L, 5_050L);
        assertThat(node.count("SELECT count(*) FROM poll_schedule WHERE next_due > now() + interval '900 seconds'"))
                .as("and those that were never asked are spread over the longer time")
                .isGreaterThan(50);

        sql("DELETE FROM watch_releases WHERE user_id = $1", greedy);
        sql("DELETE FROM polls p WHERE NOT EXISTS (SELECT FROM poll_releases r WHERE r.poll_id = p.id)");
        await(pacing.run());
        assertThat(node.count("SELECT count(*) FROM polls WHERE stretch > 1")).isZero();
    }
}

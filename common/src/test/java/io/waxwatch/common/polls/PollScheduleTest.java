package io.waxwatch.common.polls;

import static io.waxwatch.common.testing.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.testing.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgresql")
class PollScheduleTest {

    private static final Duration LEASE = Duration.ofSeconds(60);
    private static final Duration NONE = Duration.ZERO;

    private final PollStore store = new PollStore();
    private TestNode node;
    private PollSchedule schedule;

    @BeforeEach
    void open() {
        node = TestNode.start(Role.SCHEDULER);
        schedule = new PollSchedule(node.database());
    }

    @AfterEach
    void close() {
        node.close();
    }

    private UUID poll(String seller, int interval) {
        return await(node.database()
                .transaction(connection ->
                        store.ensure(connection, new PollSpec(new PollKey.Shop(Provider.EBAY, seller), interval))));
    }

    private List<ClaimedPoll> claim(int limit) {
        return await(schedule.claim(Provider.EBAY, limit, LEASE, 0));
    }

    private boolean succeed(ClaimedPoll poll) {
        return await(node.database()
                .transaction(connection -> schedule.succeeded(connection, poll.pollId(), poll.fence(), NONE)));
    }

    @Test
    void a_new_poll_is_due_at_once_and_claimed_only_once() {
        UUID poll = poll("blue", 600);

        assertThat(claim(10)).singleElement().satisfies(claimed -> {
            assertThat(claimed.pollId()).isEqualTo(poll);
            assertThat(claimed.key()).isEqualTo("blue");
            assertThat(claimed.reclaimed()).isFalse();
        });
        assertThat(claim(10)).isEmpty();
    }

    @Test
    void another_providers_polls_are_not_touched() {
        poll("blue", 600);

        assertThat(await(schedule.claim(Provider.DISCOGS, 10, LEASE, 0))).isEmpty();
    }

    @Test
    void closing_sets_the_next_due_time_by_the_interval() {
        poll("a", 600);
        ClaimedPoll claimed = claim(1).get(0);

        assertThat(succeed(claimed)).isTrue();

        assertThat(node.count(
                        "SELECT extract(epoch FROM next_due - now())::bigint FROM poll_schedule WHERE NOT leased"))
                .isBetween(595L, 600L);
    }

    @Test
    void an_expired_lease_is_claimed_again_and_the_late_owner_changes_nothing() {
        poll("a", 600);
        ClaimedPoll first = claim(1).get(0);
        await(node.database().query("UPDATE poll_schedule SET next_due = now() - interval '1 second'", Tuple.tuple()));

        ClaimedPoll second = claim(1).get(0);

        assertThat(second.reclaimed()).isTrue();
        assertThat(second.fence()).isGreaterThan(first.fence());
        assertThat(succeed(first)).isFalse();
        assertThat(await(schedule.failed(first.pollId(), first.fence(), "late", NONE, NONE)))
                .isFalse();
        assertThat(succeed(second)).isTrue();
        assertThat(succeed(second)).as("a repeated close").isFalse();
    }

    @Test
    void failures_back_off_up_to_the_interval_and_success_forgets_them() {
        UUID poll = poll("a", 200);
        long[] expected = {30, 60, 120, 200, 200};
        for (long seconds : expected) {
            ClaimedPoll claimed = claim(1).get(0);
            assertThat(await(schedule.failed(poll, claimed.fence(), "unavailable", NONE, NONE)))
                    .isTrue();
            assertThat(node.count("SELECT round(extract(epoch FROM next_due - now()))::bigint FROM poll_schedule"))
                    .isEqualTo(seconds);
            await(node.database().query("UPDATE poll_schedule SET next_due = now()", Tuple.tuple()));
        }
        assertThat(node.count("SELECT consecutive_failures FROM polls WHERE failing_since IS NOT NULL"))
                .isEqualTo(5);

        succeed(claim(1).get(0));

        assertThat(node.count(
                        "SELECT consecutive_failures FROM polls WHERE failing_since IS NULL AND last_error IS NULL"))
                .isZero();
    }

    @Test
    void an_upstreams_retry_after_is_respected() {
        UUID poll = poll("a", 200);
        ClaimedPoll claimed = claim(1).get(0);

        await(schedule.failed(poll, claimed.fence(), "rate_limited", Duration.ofSeconds(900), NONE));

        assertThat(node.count("SELECT round(extract(epoch FROM next_due - now()))::bigint FROM poll_schedule"))
                .isEqualTo(900);
    }

    @Test
    void many_claimers_at_once_share_without_overlap_and_without_starving_a_bucket() {
        int polls = 300;
        for (int i = 0; i < polls; i++) {
            poll("key-" + i, 600);
        }
        var all = new ArrayList<Future<List<ClaimedPoll>>>();
        for (int i = 0; i < 12; i++) {
            all.add(schedule.claim(Provider.EBAY, 25, LEASE, i * 7));
        }
        var seen = new HashSet<UUID>();
        all.forEach(claims -> await(claims)
                .forEach(claimed -> assertThat(seen.add(claimed.pollId())).isTrue()));
        List<ClaimedPoll> rest = claim(polls);
        rest.forEach(claimed -> assertThat(seen.add(claimed.pollId())).isTrue());
        assertThat(seen).hasSize(polls);
    }

    @Test
    void rules_that_reduce_to_one_query_share_one_poll_at_the_smallest_interval_and_leave_nothing_behind() {
        UUID user = node.user("a@example.com");
        UUID slow = node.rule(user, "slow", new JsonObject());
        UUID fast = node.rule(user, "fast", new JsonObject());
        serve(slow, 600);
        serve(fast, 60);
        assertThat(node.count("SELECT count(*) FROM polls")).isEqualTo(1);
        assertThat(node.count("SELECT interval_seconds FROM polls")).isEqualTo(60);

        serveNothing(fast);
        assertThat(node.count("SELECT interval_seconds FROM polls")).isEqualTo(600);

        serveNothing(slow);
        assertThat(node.count("SELECT count(*) FROM polls")).isZero();
        assertThat(node.count("SELECT count(*) FROM poll_schedule")).isZero();
    }

    @Test
    void a_shortened_interval_pulls_the_next_due_time_closer() {
        UUID user = node.user("a@example.com");
        UUID slow = node.rule(user, "slow", new JsonObject());
        UUID fast = node.rule(user, "fast", new JsonObject());
        serve(slow, 3600);
        await(node.database().query("UPDATE polls SET served_by = 'query'", Tuple.tuple()));
        succeed(firstLooks(1).get(0));

        serve(fast, 60);

        assertThat(node.count("SELECT round(extract(epoch FROM next_due - now()))::bigint FROM poll_schedule"))
                .isLessThanOrEqualTo(60);
    }

    @Test
    void a_query_that_a_sweep_serves_is_asked_once_and_then_rests() {
        UUID rule = node.rule(node.user("a@example.com"), "new", new JsonObject());
        serve(rule, 60);
        assertThat(claim(10)).as("it does not stand among the due").isEmpty();
        ClaimedPoll look = firstLooks(10).get(0);
        assertThat(look.users()).hasSize(1);

        assertThat(succeed(look)).isTrue();

        assertThat(node.count("SELECT count(*) FROM poll_schedule WHERE next_due = 'infinity' AND bucket < 10000"))
                .isEqualTo(1);
        serve(node.rule(node.user("b@example.com"), "the same", new JsonObject()), 30);
        assertThat(firstLooks(10))
                .as("another collector's equal rule costs nothing")
                .isEmpty();
        assertThat(node.count("SELECT count(*) FROM poll_schedule WHERE next_due < 'infinity'"))
                .isZero();
    }

    @Test
    void a_first_look_that_failed_keeps_its_line() {
        serve(node.rule(node.user("a@example.com"), "new", new JsonObject()), 60);
        ClaimedPoll look = firstLooks(1).get(0);
        await(schedule.failed(look.pollId(), look.fence(), "timeout", NONE, NONE));
        await(node.database().query("UPDATE poll_schedule SET next_due = now()", Tuple.tuple()));
        assertThat(firstLooks(1)).hasSize(1);
    }

    @Test
    void a_collector_with_many_new_rules_keeps_nobody_elses_first_look_waiting() {
        UUID greedy = node.user("greedy@example.com");
        for (int i = 0; i < 30; i++) {
            serve(node.rule(greedy, "rule " + i, new JsonObject()), "greedy " + i, 60);
        }
        UUID modest = node.user("modest@example.com");
        serve(node.rule(modest, "only one", new JsonObject()), "modest", 60);

        assertThat(firstLooks(2))
                .extracting(ClaimedPoll::users)
                .anySatisfy(users -> assertThat(users).contains(modest));
    }

    private List<ClaimedPoll> firstLooks(int limit) {
        return await(schedule.claim(Provider.EBAY, PollLane.FIRST_LOOK, limit, LEASE, 0));
    }

    private void serve(UUID rule, int interval) {
        serve(rule, "shared", interval);
    }

    private void serve(UUID rule, String words, int interval) {
        await(node.database()
                .transaction(connection -> store.serveRule(
                        connection, rule, List.of(new PollSpec(new PollKey.Query("EBAY_US", "1", words), interval)))));
    }

    private void serveNothing(UUID rule) {
        await(node.database().transaction(connection -> store.serveRule(connection, rule, List.of())));
    }
}

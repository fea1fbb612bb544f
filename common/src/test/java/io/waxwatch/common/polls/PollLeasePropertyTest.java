package io.waxwatch.common.polls;

import static io.waxwatch.common.testing.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.testing.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** The lease and the fence, whatever the order in which owners claim, stall, close, fail and give back. */
@Tag("postgresql")
class PollLeasePropertyTest {

    private static final Duration LEASE = Duration.ofHours(1);
    private static final Duration LATER = Duration.ofHours(1);

    private enum Act {
        CLAIM,
        FALL_DUE,
        SUCCEED,
        FAIL,
        RELEASE
    }

    private static TestNode node;
    private static PollSchedule schedule;

    @BeforeContainer
    static void open() {
        node = TestNode.start(Role.SCHEDULER);
        schedule = new PollSchedule(node.database());
    }

    @AfterContainer
    static void close() {
        node.close();
    }

    @Property(tries = 60)
    void at_most_one_closing_for_each_fence_and_only_by_who_holds_the_lease(
            @ForAll @Size(max = 25) List<Act> acts,
            @ForAll @Size(value = 25) List<@IntRange(max = 24) Integer> owners) {
        UUID poll = newPoll();
        List<ClaimedPoll> claims = new ArrayList<>();
        Set<Long> closed = new HashSet<>();
        boolean due = true;
        boolean leased = false;
        for (int at = 0; at < acts.size(); at++) {
            Act act = acts.get(at);
            if (act == Act.CLAIM) {
                List<ClaimedPoll> claimed = await(schedule.claim(Provider.EBAY, 10, LEASE, at));
                assertThat(claimed).hasSize(due ? 1 : 0);
                if (due) {
                    assertThat(claimed.get(0).reclaimed()).isEqualTo(leased);
                    assertThat(claims)
                            .allSatisfy(earlier ->
                                    assertThat(claimed.get(0).fence()).isGreaterThan(earlier.fence()));
                    claims.add(claimed.get(0));
                    leased = true;
                    due = false;
                }
            } else if (act == Act.FALL_DUE) {
                await(node.database()
                        .query("UPDATE poll_schedule SET next_due = now() WHERE poll_id = $1", Tuple.of(poll)));
                due = true;
            } else if (!claims.isEmpty()) {
                int owner = owners.get(at) % claims.size();
                long fence = claims.get(owner).fence();
                boolean ours = leased && owner == claims.size() - 1;
                if (act == Act.RELEASE) {
                    await(schedule.release(poll, fence, LATER));
                } else {
                    boolean done = act == Act.SUCCEED ? succeed(poll, fence) : fail(poll, fence);
                    assertThat(done).as(act + " with fence " + fence).isEqualTo(ours);
                    assertThat(done && !closed.add(fence)).as("closed twice").isFalse();
                }
                leased &= !ours;
                due &= !ours;
            }
            assertThat(isLeased(poll)).isEqualTo(leased);
        }
    }

    private static UUID newPoll() {
        var store = new PollStore();
        var spec =
                new PollSpec(new PollKey.Shop(Provider.EBAY, UUID.randomUUID().toString()), 3600);
        return await(node.database()
                .query("UPDATE poll_schedule SET next_due = now() + interval '1 day'", Tuple.tuple())
                .compose(others -> node.database().transaction(connection -> store.ensure(connection, spec))));
    }

    private static boolean succeed(UUID poll, long fence) {
        return await(
                node.database().transaction(connection -> schedule.succeeded(connection, poll, fence, Duration.ZERO)));
    }

    private static boolean fail(UUID poll, long fence) {
        return await(schedule.failed(poll, fence, "upstream_error", LATER, Duration.ZERO));
    }

    private static boolean isLeased(UUID poll) {
        return await(node.database().query("SELECT leased FROM poll_schedule WHERE poll_id = $1", Tuple.of(poll)))
                .iterator()
                .next()
                .getBoolean(0);
    }
}

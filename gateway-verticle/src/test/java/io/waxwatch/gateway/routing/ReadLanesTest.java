package io.waxwatch.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.waxwatch.gateway.http.ApiException;
import io.waxwatch.gateway.routing.ReadLanes.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReadLanesTest {

    private static final UUID ANN = UUID.randomUUID();
    private static final UUID BOB = UUID.randomUUID();
    private static final int MEGABYTE = 1024 * 1024;

    private final ReadLanes lanes = new ReadLanes(8, 256L * MEGABYTE);

    private List<Future<Turn>> enter(UUID user, int times) {
        var asked = new ArrayList<Future<Turn>>();
        for (int i = 0; i < times; i++) {
            asked.add(lanes.enter(user));
        }
        return asked;
    }

    private static long entered(List<Future<Turn>> asked) {
        return asked.stream().filter(Future::succeeded).count();
    }

    private static void leaveAll(List<Future<Turn>> asked) {
        while (asked.stream().anyMatch(turn -> turn.succeeded())) {
            List<Future<Turn>> in = asked.stream().filter(Future::succeeded).toList();
            asked.removeAll(in);
            in.forEach(turn -> turn.result().leave());
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void one_users_reads_leave_a_connection_to_the_others() {
        List<Future<Turn>> ann = enter(ANN, 40);
        assertThat(entered(ann)).isEqualTo(7);
        assertThat(lanes.enter(BOB).succeeded()).isTrue();

        ann.get(0).result().leave();
        assertThat(entered(ann)).as("the next in turn").isEqualTo(8);
        assertThat(ann.get(7).succeeded()).isTrue();
        leaveAll(new ArrayList<>(ann.subList(1, 40)));
        assertThat(lanes.enter(ANN).succeeded()).isTrue();
    }

    @Test
    void who_was_answered_with_much_gets_few_at_once() {
        Turn first = lanes.enter(ANN).result();
        first.answered(2 * MEGABYTE);
        first.leave();

        List<Future<Turn>> ann = enter(ANN, 40);
        assertThat(entered(ann)).isEqualTo(2);
        leaveAll(ann);
    }

    @Test
    void large_answers_hold_no_more_than_their_part_of_the_heap_and_one_always_passes() {
        var users = new ArrayList<UUID>();
        for (int i = 0; i < 10; i++) {
            UUID user = UUID.randomUUID();
            users.add(user);
            Turn turn = lanes.enter(user).result();
            turn.answered(4 * MEGABYTE);
            turn.leave();
        }
        var asked = new ArrayList<Future<Turn>>();
        users.forEach(user -> asked.addAll(enter(user, 2)));
        // Three copies of 4 MB each; an eighth of the heap is 32 MB.
        assertThat(entered(asked)).isEqualTo(2);
        assertThat(lanes.enter(BOB).succeeded()).as("small ones pass").isTrue();
        leaveAll(asked);

        Turn giant = lanes.enter(ANN).result();
        giant.answered(400 * MEGABYTE);
        giant.leave();
        List<Future<Turn>> giants = enter(ANN, 3);
        assertThat(entered(giants)).isEqualTo(1);
        leaveAll(giants);
    }

    @Test
    void those_who_wait_are_served_user_by_user() {
        Turn ann = lanes.enter(ANN).result();
        Turn bob = lanes.enter(BOB).result();
        ann.answered(8 * MEGABYTE);
        bob.answered(8 * MEGABYTE);
        ann.leave();
        bob.leave();
        List<Future<Turn>> anns = enter(ANN, 3);
        List<Future<Turn>> bobs = enter(BOB, 1);
        assertThat(entered(anns)).isEqualTo(1);
        assertThat(entered(bobs)).isZero();

        anns.get(0).result().leave();
        assertThat(anns.get(1).succeeded()).isTrue();
        anns.get(1).result().leave();
        assertThat(entered(bobs)).as("before ann's third").isEqualTo(1);
        assertThat(anns.get(2).succeeded()).isFalse();
        bobs.get(0).result().leave();
        assertThat(anns.get(2).succeeded()).isTrue();
    }

    @Test
    void a_queue_has_an_end() {
        List<Future<Turn>> ann = enter(ANN, 207);
        assertThat(ann.stream().noneMatch(Future::failed)).isTrue();
        Future<Turn> more = lanes.enter(ANN);
        assertThat(more.failed()).isTrue();
        assertThat(((ApiException) more.cause()).status()).isEqualTo(503);
        assertThat(((ApiException) more.cause()).retryAfterSeconds()).isPositive();
        leaveAll(ann);
    }
}

package io.waxwatch.common.claims;

import static io.waxwatch.common.testing.TestNode.await;
import static io.waxwatch.common.testing.TestNode.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.waxwatch.common.claims.ClaimLoop.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every transition, on a real context. What a timer must not start waits an hour for it; what it must start, a moment. */
class ClaimLoopTest {

    private static final int PATIENCE = 30_000;
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofMillis(1);
    private static final RuntimeException AWAY = new IllegalStateException("away");

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final Rows rows = new Rows();
    private ClaimLoop<Integer> loop;

    /** Rows to claim, whose claims end when the test says so. Of the loop's context. */
    private static final class Rows implements ClaimLoop.Work<Integer> {

        final List<Integer> asked = new ArrayList<>();
        final List<Integer> begun = new ArrayList<>();
        final List<Integer> given = new ArrayList<>();
        final List<Throwable> failures = new ArrayList<>();
        Promise<List<Integer>> claim;
        Promise<Void> givingBack = Promise.promise();
        Optional<Duration> restAfterClaim = Optional.empty();
        Duration restAfterFailure = NEVER;

        @Override
        public Future<List<Integer>> claim(int most) {
            assertThat(claim == null || claim.future().isComplete())
                    .as("one claim at a time")
                    .isTrue();
            asked.add(most);
            claim = Promise.promise();
            return claim.future();
        }

        @Override
        public Optional<Duration> begin(List<Integer> claimed) {
            begun.addAll(claimed);
            return restAfterClaim;
        }

        @Override
        public Duration claimFailed(Throwable cause) {
            failures.add(cause);
            return restAfterFailure;
        }

        @Override
        public Future<?> giveBack(List<Integer> claimed) {
            given.addAll(claimed);
            return givingBack.future();
        }
    }

    @AfterEach
    void close() {
        await(vertx.close());
    }

    private <T> T on(Supplier<T> step) {
        Promise<T> done = Promise.promise();
        context.runOnContext(
                now -> Future.succeededFuture().map(x -> step.get()).onComplete(done));
        return await(done.future());
    }

    private void run(Runnable step) {
        on(() -> {
            step.run();
            return null;
        });
    }

    private State state() {
        return on(() -> loop.state());
    }

    private int claims() {
        return on(rows.asked::size);
    }

    /** A loop of four places at most, three a claim, that looks again only when two are free. */
    private void start(Duration look, Duration nudgeDelay) {
        loop = new ClaimLoop<>(vertx, new ClaimLoop.Limits(3, 4, 2, look, nudgeDelay), rows);
        run(loop::start);
        assertThat(claims()).isEqualTo(1);
        assertThat(state()).isEqualTo(State.CLAIMING);
    }

    private void start() {
        start(NEVER, SOON);
    }

    private void found(int count) {
        run(() -> rows.claim.complete(IntStream.range(0, count).boxed().toList()));
    }

    private void fails() {
        run(() -> rows.claim.fail(AWAY));
    }

    /** All four places taken, in two claims. */
    private void fill() {
        found(3);
        found(1);
        assertThat(state()).isEqualTo(State.FULL);
        assertThat(loop.inFlight()).isEqualTo(4);
    }

    private Future<Void> stop() {
        return on(loop::stop);
    }

    @Test
    void goes_on_at_once_while_something_is_due_and_never_beyond_its_room() {
        start();
        found(3);
        assertThat(state()).isEqualTo(State.CLAIMING);
        found(1);

        assertThat(state()).isEqualTo(State.FULL);
        assertThat(rows.asked).as("first a batch, then what there is room for").containsExactly(3, 1);
        assertThat(rows.begun).hasSize(4);
    }

    @Test
    void waits_when_nothing_is_due_and_looks_again_by_itself() {
        start(SOON, NEVER);
        found(0);

        eventually("it looks again", PATIENCE, () -> claims() == 2);
    }

    @Test
    void a_nudge_ends_the_wait() {
        start();
        found(0);
        assertThat(state()).isEqualTo(State.WAITING);

        run(loop::nudge);

        eventually("it looks again", PATIENCE, () -> claims() == 2);
    }

    @Test
    void nudges_that_come_close_together_make_one_claim() {
        start(NEVER, NEVER);
        found(0);
        run(loop::nudge);
        run(loop::nudge);

        assertThat(state()).isEqualTo(State.NUDGED);
        assertThat(claims()).isEqualTo(1);
    }

    @Test
    void a_nudge_during_an_empty_claim_is_not_lost() {
        start(NEVER, NEVER);
        run(loop::nudge);
        assertThat(state()).isEqualTo(State.CLAIMING);
        found(0);

        assertThat(state()).isEqualTo(State.NUDGED);
    }

    @Test
    void a_nudge_counts_for_one_claim_only() {
        start(NEVER, SOON);
        run(loop::nudge);
        found(0);
        eventually("it looks again", PATIENCE, () -> claims() == 2);
        found(0);

        assertThat(state()).isEqualTo(State.WAITING);
    }

    @Test
    void a_full_loop_looks_again_when_enough_has_been_settled() {
        start();
        fill();
        run(loop::settled);
        assertThat(state()).as("one place is not worth a claim").isEqualTo(State.FULL);
        run(loop::settled);

        assertThat(state()).isEqualTo(State.CLAIMING);
        assertThat(rows.asked).containsExactly(3, 1, 2);
    }

    @Test
    void a_full_loop_is_not_nudged() {
        start();
        fill();
        run(loop::nudge);

        assertThat(state()).isEqualTo(State.FULL);
    }

    @Test
    void a_full_loop_uses_a_single_free_place_at_the_next_look() {
        start(SOON, NEVER);
        found(3);
        found(1);
        run(loop::settled);

        eventually("it looks again", PATIENCE, () -> claims() == 3);
        assertThat(rows.asked).endsWith(1);
    }

    @Test
    void a_full_loop_without_a_free_place_stays_full_at_the_next_look() {
        loop = new ClaimLoop<>(vertx, new ClaimLoop.Limits(1, 1, 1, SOON, NEVER), rows);
        run(loop::start);
        found(1);
        Promise<Void> later = Promise.promise();
        vertx.setTimer(50, id -> later.complete());
        await(later.future());

        assertThat(state()).isEqualTo(State.FULL);
        assertThat(claims()).isEqualTo(1);
    }

    @Test
    void rests_after_a_failed_claim_for_as_long_as_told_whatever_nudges_it() {
        start();
        fails();
        run(loop::nudge);

        assertThat(state()).isEqualTo(State.RESTING);
        assertThat(rows.failures).containsExactly(AWAY);
    }

    @Test
    void goes_on_after_the_rest() {
        start();
        rows.restAfterFailure = SOON;
        fails();

        eventually("it claims again", PATIENCE, () -> claims() == 2);
    }

    @Test
    void a_rest_of_nothing_is_still_a_rest() {
        start();
        rows.restAfterFailure = Duration.ZERO;
        fails();

        eventually("it claims again", PATIENCE, () -> claims() == 2);
    }

    @Test
    void a_claim_that_throws_is_a_failed_claim() {
        var thrower =
                new ClaimLoop<>(vertx, new ClaimLoop.Limits(1, 1, 1, NEVER, NEVER), new ClaimLoop.Work<Integer>() {
                    @Override
                    public Future<List<Integer>> claim(int most) {
                        throw AWAY;
                    }

                    @Override
                    public Optional<Duration> begin(List<Integer> claimed) {
                        return Optional.empty();
                    }

                    @Override
                    public Duration claimFailed(Throwable cause) {
                        return rows.claimFailed(cause);
                    }

                    @Override
                    public Future<?> giveBack(List<Integer> claimed) {
                        return Future.succeededFuture();
                    }
                });
        run(thrower::start);

        assertThat(on(thrower::state)).isEqualTo(State.RESTING);
        assertThat(rows.failures).containsExactly(AWAY);
    }

    @Test
    void rests_after_a_claim_whose_work_says_so() {
        start();
        rows.restAfterClaim = Optional.of(NEVER);
        found(1);

        assertThat(state()).isEqualTo(State.RESTING);
        assertThat(loop.inFlight()).isEqualTo(1);
    }

    @Test
    void rests_after_an_empty_claim_whose_work_says_so() {
        start();
        rows.restAfterClaim = Optional.of(NEVER);
        found(0);

        assertThat(state()).isEqualTo(State.RESTING);
    }

    @Test
    void is_put_to_rest_while_waiting_and_while_full_but_not_while_claiming() {
        start();
        run(() -> loop.rest(() -> NEVER));
        assertThat(state()).as("the claim's end decides").isEqualTo(State.CLAIMING);
        found(0);
        run(() -> loop.rest(() -> NEVER));
        assertThat(state()).isEqualTo(State.RESTING);

        run(loop::resume);
        fill();
        run(() -> loop.rest(() -> NEVER));
        assertThat(state()).isEqualTo(State.RESTING);
    }

    @Test
    void settling_does_not_end_a_rest() {
        start();
        fill();
        run(() -> loop.rest(() -> NEVER));
        run(loop::settled);
        run(loop::settled);

        assertThat(state()).isEqualTo(State.RESTING);
        assertThat(loop.inFlight()).isEqualTo(2);
    }

    @Test
    void a_rest_ends_early_when_what_was_away_is_back() {
        start();
        fails();
        run(loop::resume);

        assertThat(state()).isEqualTo(State.CLAIMING);
        assertThat(claims()).isEqualTo(2);
    }

    @Test
    void only_a_rest_can_be_ended_early() {
        start();
        found(0);
        run(loop::resume);

        assertThat(state()).isEqualTo(State.WAITING);
    }

    @Test
    void stops_at_once_when_nothing_is_out() {
        start();
        found(0);

        assertThat(stop().isComplete()).isTrue();
        assertThat(state()).isEqualTo(State.STOPPED);
    }

    @Test
    void drains_until_the_last_is_settled_and_claims_no_more() {
        start();
        fill();
        Future<Void> drained = stop();
        for (int i = 0; i < 4; i++) {
            assertThat(drained.isComplete()).isFalse();
            run(loop::settled);
        }

        assertThat(drained.succeeded()).isTrue();
        assertThat(claims()).isEqualTo(2);
    }

    @Test
    void gives_back_what_is_claimed_too_late_before_it_is_drained() {
        start();
        Future<Void> drained = stop();
        assertThat(drained.isComplete()).isFalse();
        found(2);
        assertThat(rows.given).containsExactly(0, 1);
        assertThat(rows.begun).isEmpty();
        assertThat(drained.isComplete()).as("it is still on its way back").isFalse();
        run(rows.givingBack::complete);

        assertThat(drained.succeeded()).isTrue();
    }

    @Test
    void is_drained_though_what_came_too_late_could_not_be_given_back() {
        start();
        Future<Void> drained = stop();
        found(2);
        run(() -> rows.givingBack.fail(AWAY));

        assertThat(drained.succeeded()).isTrue();
    }

    @Test
    void is_not_drained_by_the_last_settled_one_while_a_claim_is_still_out() {
        start();
        found(1);
        Future<Void> drained = stop();
        run(loop::settled);
        assertThat(drained.isComplete()).isFalse();
        found(0);
        run(rows.givingBack::complete);

        assertThat(drained.succeeded()).isTrue();
    }

    @Test
    void a_claim_that_fails_after_the_stop_ends_the_drain() {
        start();
        Future<Void> drained = stop();
        fails();

        assertThat(drained.succeeded()).isTrue();
        assertThat(state()).isEqualTo(State.STOPPED);
        assertThat(rows.failures).containsExactly(AWAY);
    }

    @Test
    void drains_only_when_what_holds_it_has_ended_well_or_not() {
        start();
        found(0);
        Promise<Void> one = Promise.promise();
        Promise<Void> two = Promise.promise();
        run(() -> loop.holdDrain(one.future()));
        run(() -> loop.holdDrain(two.future()));
        Future<Void> drained = stop();
        run(one::complete);
        assertThat(drained.isComplete()).isFalse();
        run(() -> two.fail(AWAY));

        assertThat(drained.succeeded()).isTrue();
    }

    @Test
    void nothing_moves_a_stopped_loop() {
        start(SOON, SOON);
        found(0);
        stop();
        run(loop::nudge);
        run(() -> loop.rest(() -> SOON));
        run(loop::resume);

        assertThat(state()).isEqualTo(State.STOPPED);
    }
}

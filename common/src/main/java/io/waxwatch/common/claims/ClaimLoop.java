package io.waxwatch.common.claims;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Claims what is due and has it worked on, for as long as it runs: again at once while something is due and there is room,
 * else when nudged, when enough has been settled, or at the next look, which also finds what lost its nudge. One claim at a
 * time, and never more in flight than the limits say, so that no lease runs out in a queue of ours. Any number of loops in
 * any number of processes share one table, when its claim skips what another one holds.
 *
 * <p>Lives on one event-loop context: call every method there, except {@link #inFlight()}.
 *
 * @param <T> a claimed row, ours until its lease ends
 */
public final class ClaimLoop<T> {

    /** What is claimed, and what becomes of it. */
    public interface Work<T> {

        /** Claims what is due. */
        Future<List<T>> claim(int most);

        /**
         * Begins with what was claimed, perhaps nothing, without waiting for its end. Each of them ends with one call of
         * {@link #settled()}.
         *
         * @return how long to rest before the next claim; empty to go on
         */
        Optional<Duration> begin(List<T> claimed);

        /** Tells of a failed claim; answers how long to rest. */
        Duration claimFailed(Throwable cause);

        /** Makes what came too late, after the stop, due again for others. Best effort: else its lease ends by itself. */
        Future<?> giveBack(List<T> claimed);
    }

    /**
     * The bounds of a loop.
     *
     * @param batch that one claim takes at most
     * @param places that may be in flight at once
     * @param refill how many places must be free again, after all were taken, before they are worth another claim
     * @param look longest wait between two claims while nothing is due or no place is free
     * @param nudgeDelay nudges that come within this time make one claim together
     */
    public record Limits(int batch, int places, int refill, Duration look, Duration nudgeDelay) {}

    /** What starts the next claim. */
    enum State {
        /** Nothing: not started, or stopped. */
        STOPPED,
        /** The end of the one that is on its way. */
        CLAIMING,
        /** The next look or a nudge: nothing was due. */
        WAITING,
        /** The timer, very soon: nudged while waiting. */
        NUDGED,
        /** The next look, or enough settled ones: all places were taken. */
        FULL,
        /** Only the timer, or whoever knows that the rest is over: something is away. */
        RESTING
    }

    private final Vertx vertx;
    private final Limits limits;
    private final Work<T> work;

    private State state = State.STOPPED;
    private long timer = -1;
    private boolean nudgedWhileClaiming;
    /** Written on the loop's context only; gauges read it from anywhere. */
    private volatile int inFlight;
    /** Claims on their way, and what else must end before the loop is drained. */
    private int holding;

    private Promise<Void> drained;

    public ClaimLoop(Vertx vertx, Limits limits, Work<T> work) {
        this.vertx = vertx;
        this.limits = limits;
        this.work = work;
    }

    /** Begins; a loop runs once. */
    public void start() {
        claim();
    }

    /** Something may have become due: looks soon, unless it is busy, full or resting. */
    public void nudge() {
        if (state == State.CLAIMING) {
            nudgedWhileClaiming = true;
        } else if (state == State.WAITING) {
            await(State.NUDGED, limits.nudgeDelay());
        }
    }

    /** One of those that were begun has ended. */
    public void settled() {
        fly(-1);
        if (state == State.FULL && room() >= limits.refill()) {
            claim();
        }
        completeIfDrained();
    }

    /**
     * What the work needs is away: claims no more until the pause is over. While a claim is on its way, what
     * {@link Work#begin} answers decides instead, and the pause is not asked for.
     */
    public void rest(Supplier<Duration> pause) {
        if (state != State.CLAIMING && state != State.STOPPED) {
            await(State.RESTING, pause.get());
        }
    }

    /** What was away is back: a rest ends early. */
    public void resume() {
        if (state == State.RESTING) {
            claim();
        }
    }

    /** The loop is not drained before this has ended, well or not. */
    public void holdDrain(Future<?> last) {
        holding++;
        last.onComplete(ended -> {
            holding--;
            completeIfDrained();
        });
    }

    /**
     * Claims no more; what comes too late is given back.
     *
     * @return ends when all that is in flight is settled, and nothing is on its way any more
     */
    public Future<Void> stop() {
        cancelTimer();
        state = State.STOPPED;
        drained = Promise.promise();
        completeIfDrained();
        return drained.future();
    }

    /** Claimed and not yet settled; to be read from anywhere. */
    public int inFlight() {
        return inFlight;
    }

    State state() {
        return state;
    }

    private void claim() {
        if (room() <= 0) {
            await(State.FULL, limits.look());
            return;
        }
        cancelTimer();
        state = State.CLAIMING;
        nudgedWhileClaiming = false;
        holdDrain(Future.succeededFuture(Math.min(limits.batch(), room()))
                .compose(work::claim)
                .onComplete(this::claimed, this::claimFailed));
    }

    private void claimed(List<T> claimed) {
        if (state == State.STOPPED) {
            holdDrain(work.giveBack(claimed));
            return;
        }
        fly(claimed.size());
        Optional<Duration> rest = work.begin(claimed);
        if (rest.isPresent()) {
            await(State.RESTING, rest.get());
        } else if (!claimed.isEmpty()) {
            claim();
        } else if (nudgedWhileClaiming) {
            await(State.NUDGED, limits.nudgeDelay());
        } else {
            await(State.WAITING, limits.look());
        }
    }

    private void claimFailed(Throwable cause) {
        Duration rest = work.claimFailed(cause);
        if (state != State.STOPPED) {
            await(State.RESTING, rest);
        }
    }

    private int room() {
        return limits.places() - inFlight;
    }

    @SuppressWarnings("NonAtomicOperationOnVolatileField") // one writer
    private void fly(int more) {
        inFlight += more;
    }

    private void completeIfDrained() {
        if (drained != null && inFlight == 0 && holding == 0) {
            drained.tryComplete();
        }
    }

    private void await(State next, Duration longest) {
        cancelTimer();
        state = next;
        timer = vertx.setTimer(Math.max(1, longest.toMillis()), id -> {
            timer = -1;
            claim();
        });
    }

    private void cancelTimer() {
        if (timer != -1) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
    }
}

package io.waxwatch.scheduler.claim;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.bus.Topic;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.bus.Wire.PollAnswered;
import io.waxwatch.common.bus.Wire.PollDue;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.polls.ClaimedPoll;
import io.waxwatch.common.polls.PollSchedule;
import io.waxwatch.common.telemetry.Metrics;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims the due polls of one provider and hands them out, for as long as it runs: again at once while something is due
 * and there is room, else at the next tick, at a wake-up or when enough answers have come. One round at a time, and never
 * more polls out than the limits say. Any number of loops in any number of processes share one schedule: the claim skips
 * what another one holds.
 *
 * <p>A claim ends in one of four ways. It is <em>answered</em>: the outcome is committed. It is <em>unserved</em>: nobody
 * can take it now, so it is given back and the loop rests, instead of leafing through the whole schedule. It is
 * <em>refused</em>: the provider failed unexpectedly, so the lease stands and is the pause before the next try. It is
 * <em>unanswered</em>: the lease is over, and whoever claims next does it again.
 *
 * <p>Lives on one event-loop context: call every method there.
 */
public final class ClaimLoop {

    /** How long a poll that nobody could take, and the loop with it, waits before the next try. */
    static final Duration UNSERVED_PAUSE = Duration.ofSeconds(3);

    /** First and longest rest after a claim that failed; doubled with each failure in a row. */
    private static final Duration FIRST_REST = Duration.ofMillis(250);

    private static final Duration LONGEST_REST = Duration.ofSeconds(5);
    /** Wake-ups that come within this time make one round together. */
    private static final Duration WAKE_DELAY = Duration.ofMillis(20);

    private static final Set<String> ANSWERS = Set.of("success", "failed", "stale");
    private static final Logger log = LoggerFactory.getLogger(ClaimLoop.class);

    private enum State {
        /** Not started, or stopped. */
        STOPPED,
        /** A round is on its way. */
        CLAIMING,
        /** Nothing was due; the timer or a wake-up starts the next round. */
        WAITING,
        /** Woken while waiting; the timer starts the next round very soon. */
        WOKEN,
        /** No room; the timer or enough answers start the next round. */
        FULL,
        /** The database or the providers are away; only the timer starts the next round. */
        RESTING
    }

    private final Vertx vertx;
    private final Bus bus;
    private final PollSchedule schedule;
    private final Provider provider;
    private final ClaimLimits limits;
    private final Topic<PollDue, PollAnswered> topic;
    private final ClaimMetrics metrics;
    private final RandomGenerator random;

    private State state = State.STOPPED;
    private long timer = -1;
    private boolean wokenWhileClaiming;
    private boolean unserved;
    private int turn;
    private int failuresInARow;
    /** Written on the loop's context only; the gauge reads it from anywhere. */
    private volatile int inFlight;

    private int unsettled;
    private Promise<Void> drained;

    /** @param random decides where in the schedule the first round looks, and spreads the rests */
    public ClaimLoop(
            Vertx vertx,
            Bus bus,
            PollSchedule schedule,
            Metrics metrics,
            Provider provider,
            ClaimLimits limits,
            RandomGenerator random) {
        this.vertx = vertx;
        this.bus = bus;
        this.schedule = schedule;
        this.provider = provider;
        this.limits = limits;
        this.topic = Topics.pollDue(provider.wireName(), limits.lease());
        this.metrics = new ClaimMetrics(metrics, provider, () -> inFlight);
        this.random = random;
        this.turn = random.nextInt(Integer.MAX_VALUE);
    }

    /** Begins; a loop runs once. */
    public void start() {
        round();
    }

    /** Something may have become due: looks soon, unless it is busy, full or resting. */
    public void wake() {
        if (state == State.CLAIMING) {
            wokenWhileClaiming = true;
        } else if (state == State.WAITING) {
            await(State.WOKEN, WAKE_DELAY);
        }
    }

    /**
     * Claims no more. What is out keeps its lease, because it is being worked on; a claim that comes back too late to be handed
     * out is given back.
     *
     * @return ends when every poll that is out has been answered for, at the latest with the last lease
     */
    public Future<Void> stop() {
        cancelTimer();
        drained = Promise.promise();
        boolean claiming = state == State.CLAIMING;
        state = State.STOPPED;
        if (!claiming) {
            completeIfDrained();
        }
        return drained.future();
    }

    private void round() {
        int room = limits.unacknowledged() - inFlight;
        if (room <= 0) {
            await(State.FULL, limits.tick());
            return;
        }
        cancelTimer();
        state = State.CLAIMING;
        wokenWhileClaiming = false;
        unserved = false;
        schedule.claim(provider, Math.min(limits.batch(), room), limits.lease(), turn++)
                .onComplete(this::claimed, this::claimFailed);
    }

    private void claimed(List<ClaimedPoll> polls) {
        if (failuresInARow > 0) {
            log.info("scheduler.claim_recovered", kv("provider", provider.wireName()), kv("failures", failuresInARow));
            failuresInARow = 0;
        }
        metrics.claimed(polls);
        if (state == State.STOPPED) {
            polls.forEach(poll -> giveBack(poll, Duration.ZERO));
            completeIfDrained();
            return;
        }
        polls.forEach(this::handOut);
        if (unserved) {
            await(State.RESTING, UNSERVED_PAUSE);
        } else if (polls.isEmpty()) {
            await(wokenWhileClaiming ? State.WOKEN : State.WAITING, wokenWhileClaiming ? WAKE_DELAY : limits.tick());
        } else {
            round();
        }
    }

    private void claimFailed(Throwable cause) {
        metrics.claimFailed();
        failuresInARow++;
        // The first failure tells the story; the rest of an outage is one line for every eighth.
        if (failuresInARow % 8 == 1) {
            logClaimFailed(cause);
        }
        if (state == State.STOPPED) {
            completeIfDrained();
            return;
        }
        long longest = Math.min(LONGEST_REST.toMillis(), FIRST_REST.toMillis() << Math.min(failuresInARow - 1, 10));
        await(State.RESTING, Duration.ofMillis(longest / 2 + random.nextLong(longest / 2 + 1)));
    }

    /** An outage needs no stack trace; a fault of ours does. */
    private void logClaimFailed(Throwable cause) {
        Object[] fields = {
            kv("provider", provider.wireName()),
            kv("failures", failuresInARow),
            kv("reason", cause.toString()),
            Failure.of(cause).kind() == FailureKind.INTERNAL ? cause : null
        };
        log.warn("scheduler.claim_failed", fields);
    }

    private void handOut(ClaimedPoll poll) {
        String runId = UUID.randomUUID().toString().substring(0, 13);
        log.info(
                "poll.claimed",
                kv("run_id", runId),
                kv("poll_id", poll.pollId()),
                kv("provider", provider.wireName()),
                kv("kind", poll.kind().wireName()),
                kv("fence", poll.fence()),
                kv("lag_ms", poll.lagMillis()),
                kv("reclaimed", poll.reclaimed()));
        setInFlight(inFlight + 1);
        var due = new PollDue(
                poll.pollId(),
                provider.wireName(),
                poll.kind().wireName(),
                poll.key(),
                poll.intervalSeconds(),
                poll.fence(),
                runId);
        bus.ask(topic, due).onComplete(answer -> answered(poll, runId, answer), cause -> notDone(poll, runId, cause));
    }

    private void answered(ClaimedPoll poll, String runId, PollAnswered answer) {
        String outcome = ANSWERS.contains(answer.outcome()) ? answer.outcome() : "unknown";
        log.debug("poll.answered", kv("run_id", runId), kv("poll_id", poll.pollId()), kv("outcome", outcome));
        ended(outcome);
    }

    private void notDone(ClaimedPoll poll, String runId, Throwable cause) {
        Failure failure = Failure.of(cause);
        switch (failure.kind()) {
            case UNAVAILABLE -> {
                // Without any provider every poll ends here: one line tells it.
                if (!unserved) {
                    logNotDone("poll.unserved", poll, runId, failure);
                }
                unserved = true;
                giveBack(poll, UNSERVED_PAUSE);
                ended("unserved");
                if (state != State.STOPPED && state != State.CLAIMING) {
                    await(State.RESTING, UNSERVED_PAUSE);
                }
            }
            case TIMEOUT -> {
                logNotDone("poll.unanswered", poll, runId, failure);
                ended("unanswered");
            }
            default -> {
                logNotDone("poll.refused", poll, runId, failure);
                ended("refused");
            }
        }
    }

    private void logNotDone(String event, ClaimedPoll poll, String runId, Failure failure) {
        log.warn(
                event,
                kv("run_id", runId),
                kv("poll_id", poll.pollId()),
                kv("provider", provider.wireName()),
                kv("reason", failure.getMessage()));
    }

    private void ended(String outcome) {
        setInFlight(inFlight - 1);
        metrics.ended(outcome);
        if (state == State.STOPPED) {
            completeIfDrained();
        } else if (state == State.FULL && limits.unacknowledged() - inFlight >= limits.refill()) {
            round();
        }
    }

    /** Best effort: if it fails, the lease ends by itself. */
    private void giveBack(ClaimedPoll poll, Duration pause) {
        unsettled++;
        schedule.release(poll.pollId(), poll.fence(), pause).onComplete(done -> settled(), cause -> {
            log.warn("poll.release_failed", kv("poll_id", poll.pollId()), kv("reason", cause.getMessage()));
            settled();
        });
    }

    private void settled() {
        unsettled--;
        completeIfDrained();
    }

    private void completeIfDrained() {
        if (drained != null && inFlight == 0 && unsettled == 0) {
            drained.tryComplete();
        }
    }

    @SuppressWarnings("NonAtomicOperationOnVolatileField") // one writer
    private void setInFlight(int polls) {
        inFlight = polls;
    }

    private void await(State next, Duration longest) {
        cancelTimer();
        state = next;
        timer = vertx.setTimer(Math.max(1, longest.toMillis()), id -> {
            timer = -1;
            round();
        });
    }

    private void cancelTimer() {
        if (timer != -1) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
    }
}

package io.waxwatch.scheduler.claim;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.bus.BusMessage.PollAnswered;
import io.waxwatch.common.bus.BusMessage.PollDue;
import io.waxwatch.common.bus.RequestTopic;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.claims.ClaimLoop;
import io.waxwatch.common.claims.OutageBackoff;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.polls.ClaimedPoll;
import io.waxwatch.common.polls.PollLane;
import io.waxwatch.common.polls.PollSchedule;
import io.waxwatch.common.telemetry.Metrics;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims the due polls of one lane of a provider and hands them out, for as long as it runs. How it claims, waits and drains is
 * {@link ClaimLoop}'s; what becomes of a poll is told here.
 *
 * <p>A claim ends in one of five ways. It is <em>answered</em>: the outcome is committed. It is <em>unserved</em>: nobody
 * can take it now, so it is given back and the loop rests, instead of leafing through the whole schedule. It is
 * <em>deferred</em>: the marketplace's quota has nothing for it now, which is treated the same. It is
 * <em>refused</em>: the provider failed unexpectedly, so the lease stands and is the pause before the next try. It is
 * <em>unanswered</em>: the lease is over, and whoever claims next does it again.
 *
 * <p>Lives on one event-loop context: call every method there.
 */
public final class PollLoop {

    /** How long a poll that nobody could take, and the loop with it, waits before the next try. */
    static final Duration UNSERVED_PAUSE = Duration.ofSeconds(3);

    /** However long a quota is spent for, it is looked at again: an operator may have raised it. */
    static final Duration LONGEST_DEFERRAL_REST = Duration.ofMinutes(1);

    private static final String DEFERRED = "deferred";
    private static final Set<String> ANSWERS = Set.of("success", "failed", "stale", DEFERRED);
    private static final Logger log = LoggerFactory.getLogger(PollLoop.class);

    private final Bus bus;
    private final PollSchedule schedule;
    private final Provider provider;
    private final PollLane lane;
    private final ClaimLimits limits;
    private final RequestTopic<PollDue, PollAnswered> topic;
    private final ClaimMetrics metrics;
    private final OutageBackoff troubles;
    private final ClaimLoop<ClaimedPoll> loop;

    /** Somebody said so since the last claim began. */
    private boolean unserved;

    /** How long the quota has nothing for this lane, as somebody said since the last claim began. */
    private Duration deferral = Duration.ZERO;

    private int turn;

    /**
     * @param limits of this lane
     * @param random decides where in the schedule the first claim looks, and spreads the rests
     */
    public PollLoop(
            Vertx vertx,
            Bus bus,
            PollSchedule schedule,
            Metrics metrics,
            Provider provider,
            PollLane lane,
            ClaimLimits limits,
            RandomGenerator random) {
        this.bus = bus;
        this.schedule = schedule;
        this.provider = provider;
        this.lane = lane;
        this.limits = limits;
        this.topic = Topics.pollDue(provider.wireName(), limits.lease());
        this.troubles = new OutageBackoff(random);
        this.turn = random.nextInt(Integer.MAX_VALUE);
        this.loop = new ClaimLoop<>(vertx, limits.ofLoop(), new DuePolls());
        this.metrics = new ClaimMetrics(metrics, provider, lane, loop::inFlight);
    }

    /** Begins; a loop runs once. */
    public void start() {
        loop.start();
    }

    /** Something may have become due: looks soon, unless it is busy, full or resting. */
    public void wake() {
        loop.nudge();
    }

    /**
     * Claims no more. What is out keeps its lease, because it is being worked on; a claim that comes back too late to be handed
     * out is given back.
     *
     * @return ends when every poll that is out has been answered for, at the latest with the last lease
     */
    public Future<Void> stop() {
        return loop.stop();
    }

    private final class DuePolls implements ClaimLoop.Work<ClaimedPoll> {

        @Override
        public Future<List<ClaimedPoll>> claim(int most) {
            unserved = false;
            deferral = Duration.ZERO;
            return schedule.claim(provider, lane, most, limits.lease(), turn++).onSuccess(PollLoop.this::claimed);
        }

        @Override
        public Optional<Duration> begin(List<ClaimedPoll> polls) {
            polls.forEach(PollLoop.this::handOut);
            if (unserved) {
                return Optional.of(UNSERVED_PAUSE);
            }
            return deferral.isZero() ? Optional.empty() : Optional.of(deferral);
        }

        @Override
        public Duration claimFailed(Throwable cause) {
            metrics.claimFailed();
            Duration rest = troubles.another();
            if (troubles.worthTelling()) {
                logClaimFailed(cause);
            }
            return rest;
        }

        @Override
        public Future<?> giveBack(List<ClaimedPoll> polls) {
            return Future.join(
                    polls.stream().map(poll -> release(poll, Duration.ZERO)).toList());
        }
    }

    private void claimed(List<ClaimedPoll> polls) {
        if (troubles.inARow() > 0) {
            log.info(
                    "scheduler.claim_recovered",
                    kv("provider", provider.wireName()),
                    kv("failures", troubles.inARow()));
            troubles.over();
        }
        metrics.claimed(polls);
    }

    /** An outage needs no stack trace; a fault of ours does. */
    private void logClaimFailed(Throwable cause) {
        Object[] fields = {
            kv("provider", provider.wireName()),
            kv("failures", troubles.inARow()),
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
                kv("lane", lane.name().toLowerCase(Locale.ROOT)),
                kv("fence", poll.fence()),
                kv("lag_ms", poll.lagMillis()),
                kv("reclaimed", poll.reclaimed()));
        var due = new PollDue(
                poll.pollId(),
                provider.wireName(),
                poll.kind().wireName(),
                poll.key(),
                poll.intervalSeconds(),
                poll.fence(),
                runId,
                lane == PollLane.FIRST_LOOK,
                poll.users());
        bus.ask(topic, due).onComplete(answer -> answered(poll, runId, answer), cause -> notDone(poll, runId, cause));
    }

    private void answered(ClaimedPoll poll, String runId, PollAnswered answer) {
        String outcome = ANSWERS.contains(answer.outcome()) ? answer.outcome() : "unknown";
        log.debug("poll.answered", kv("run_id", runId), kv("poll_id", poll.pollId()), kv("outcome", outcome));
        if (outcome.equals(DEFERRED)) {
            putOff(poll, Duration.ofMillis(Math.max(1, answer.retryAfterMillis())));
        }
        ended(outcome);
    }

    /** It stays due, in its place; who asks for more of what is spent would only leaf through the schedule. */
    private void putOff(ClaimedPoll poll, Duration pause) {
        Duration rest = pause.compareTo(LONGEST_DEFERRAL_REST) < 0 ? pause : LONGEST_DEFERRAL_REST;
        if (rest.compareTo(deferral) > 0) {
            deferral = rest;
        }
        loop.holdDrain(release(poll, rest));
        loop.rest(() -> rest);
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
                loop.holdDrain(release(poll, UNSERVED_PAUSE));
                ended(ClaimMetrics.UNSERVED);
                loop.rest(() -> UNSERVED_PAUSE);
            }
            case TIMEOUT -> {
                logNotDone("poll.unanswered", poll, runId, failure);
                ended(ClaimMetrics.UNANSWERED);
            }
            default -> {
                logNotDone("poll.refused", poll, runId, failure);
                ended(ClaimMetrics.REFUSED);
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
        metrics.ended(outcome);
        loop.settled();
    }

    /** Best effort: if it fails, the lease ends by itself. */
    private Future<?> release(ClaimedPoll poll, Duration pause) {
        return schedule.release(poll.pollId(), poll.fence(), pause)
                .onFailure(cause -> log.warn(
                        "poll.release_failed", kv("poll_id", poll.pollId()), kv("reason", cause.getMessage())));
    }
}

package io.waxwatch.provider.polls;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.waxwatch.common.bus.BusMessage.PollAnswered;
import io.waxwatch.common.bus.BusMessage.PollDue;
import io.waxwatch.common.polls.PollSchedule;
import io.waxwatch.provider.http.ErrorType;
import io.waxwatch.provider.http.ProviderFailure;
import io.waxwatch.provider.ingest.Ingest;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Runs a due poll and always answers. A success has committed itself; a failure reschedules the poll with a growing
 * back-off; a stale claim changes nothing. What fails is never taken for "no results".
 */
public final class PollRunner {

    private static final Logger log = LoggerFactory.getLogger(PollRunner.class);

    private final PollSchedule schedule;
    private final Duration deadline;
    private final Duration quotaPause;
    private final Supplier<Duration> jitter;
    private final IntConsumer onEvents;
    private final Outage outage;
    private final OwnFaults ownFaults = new OwnFaults();

    /**
     * @param deadline of one poll, inside its lease
     * @param quotaPause how long to leave a provider alone that answered 429 without saying for how long
     * @param onEvents told how many events a poll brought, after the commit
     * @param outage of the provider, so that its log has a line for each outage and not for each poll
     */
    public PollRunner(
            PollSchedule schedule,
            Duration deadline,
            Duration quotaPause,
            Supplier<Duration> jitter,
            IntConsumer onEvents,
            Outage outage) {
        this.schedule = schedule;
        this.deadline = deadline;
        this.quotaPause = quotaPause;
        this.jitter = jitter;
        this.onEvents = onEvents;
        this.outage = outage;
    }

    /** Runs {@code work} for the poll; the answer tells success, failed, stale or deferred. */
    public Future<PollAnswered> run(PollDue poll, Function<PollDue, Future<Integer>> work) {
        return Future.succeededFuture(poll)
                .compose(work)
                .timeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
                .map(events -> {
                    outage.success()
                            .ifPresent(failures -> log.info(
                                    "polls.recovered", kv("provider", poll.provider()), kv("failures", failures)));
                    if (ownFaults.passed(poll.pollId())) {
                        log.info("poll.recovered", kv("provider", poll.provider()), kv("poll_id", poll.pollId()));
                    }
                    if (events > 0) {
                        onEvents.accept(events);
                    }
                    return new PollAnswered(poll.pollId(), "success");
                })
                .recover(cause -> {
                    if (cause instanceof Ingest.Stale) {
                        return stale(poll);
                    }
                    return isQuota(cause) ? deferred(poll, (ProviderFailure) cause) : failed(poll, cause);
                });
    }

    /** Our own quota had no room for it: nothing was asked, so nothing failed, and it keeps its place. */
    private static boolean isQuota(Throwable cause) {
        return cause instanceof ProviderFailure failure && failure.errorType() == ErrorType.QUOTA;
    }

    private static Future<PollAnswered> deferred(PollDue poll, ProviderFailure failure) {
        Duration pause = failure.retryAfter().orElse(Duration.ofSeconds(1));
        log.debug(
                "poll.deferred",
                kv("provider", poll.provider()),
                kv("poll_id", poll.pollId()),
                kv("run_id", poll.runId()),
                kv("retry_after_ms", pause.toMillis()));
        return Future.succeededFuture(new PollAnswered(poll.pollId(), "deferred", pause.toMillis()));
    }

    private static Future<PollAnswered> stale(PollDue poll) {
        log.info("poll.stale", kv("poll_id", poll.pollId()), kv("run_id", poll.runId()), kv("fence", poll.fence()));
        return Future.succeededFuture(new PollAnswered(poll.pollId(), "stale"));
    }

    private Future<PollAnswered> failed(PollDue poll, Throwable cause) {
        String error = errorCode(cause);
        if (cause instanceof ProviderFailure failure) {
            boolean isNews = isOwn(failure) ? ownFaults.failed(poll.pollId(), error) : outage.failure(error);
            Level level = isNews ? Level.WARN : Level.DEBUG;
            log.atLevel(level)
                    .log(
                            "poll.failed",
                            kv("provider", poll.provider()),
                            kv("poll_id", poll.pollId()),
                            kv("run_id", poll.runId()),
                            kv("error", error));
        } else {
            log.error(
                    "poll.failed", kv("poll_id", poll.pollId()), kv("run_id", poll.runId()), kv("error", error), cause);
        }
        return schedule.failed(poll.pollId(), poll.fence(), error, notBefore(cause), jitter.get())
                // With the database away the lease does it: the poll is due again when it ends.
                .otherwise(false)
                .map(ours -> new PollAnswered(poll.pollId(), "failed"));
    }

    /** The question is at fault, not the way to the provider. */
    private static boolean isOwn(ProviderFailure failure) {
        return failure.kind() == ProviderFailure.Kind.REJECTED;
    }

    private Duration notBefore(Throwable cause) {
        if (cause instanceof ProviderFailure failure && failure.kind() == ProviderFailure.Kind.RATE_LIMITED) {
            return failure.retryAfter().orElse(quotaPause);
        }
        return Duration.ZERO;
    }

    private static String errorCode(Throwable cause) {
        if (cause instanceof ProviderFailure failure) {
            return failure.errorType().code();
        }
        return cause instanceof TimeoutException ? "timeout" : "internal";
    }
}

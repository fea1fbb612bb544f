package io.waxwatch.scheduler.claim;

import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.polls.ClaimedPoll;
import io.waxwatch.common.polls.PollLane;
import io.waxwatch.common.telemetry.Metrics;
import io.waxwatch.common.telemetry.Metrics.Name;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** What the claim loop of one provider counts; all of it is there at zero from the start, for alerts to be built on. */
final class ClaimMetrics {

    /** Nobody serves the provider's polls. */
    static final String UNSERVED = "unserved";
    /** No answer within the lease. */
    static final String UNANSWERED = "unanswered";
    /** The provider would not have it. */
    static final String REFUSED = "refused";

    private static final String OUTCOME = "outcome";
    private static final String SUCCESS = "success";
    private static final String FAILED = "failed";
    private static final List<String> OUTCOMES =
            List.of(SUCCESS, FAILED, "stale", "deferred", UNSERVED, UNANSWERED, REFUSED);

    private final Metrics metrics;

    ClaimMetrics(Metrics metrics, Provider provider, PollLane lane, Supplier<Number> inFlight) {
        this.metrics = metrics;
        for (String outcome : List.of(SUCCESS, FAILED)) {
            metrics.counter(Name.SCHEDULER_RUNS, OUTCOME, outcome);
        }
        OUTCOMES.forEach(outcome -> metrics.counter(Name.SCHEDULER_RULE_OUTCOMES, OUTCOME, outcome));
        metrics.counter(Name.SCHEDULER_RECLAIMED);
        metrics.gauge(
                Name.SCHEDULER_UNACKNOWLEDGED,
                inFlight,
                "provider",
                provider.wireName(),
                "lane",
                lane.name().toLowerCase(Locale.ROOT));
    }

    void claimed(List<ClaimedPoll> polls) {
        metrics.counter(Name.SCHEDULER_RUNS, OUTCOME, SUCCESS).increment();
        for (ClaimedPoll poll : polls) {
            metrics.timer(Name.SCHEDULER_LAG).record(Duration.ofMillis(Math.max(0, poll.lagMillis())));
            if (poll.reclaimed()) {
                metrics.counter(Name.SCHEDULER_RECLAIMED).increment();
            }
        }
    }

    void claimFailed() {
        metrics.counter(Name.SCHEDULER_RUNS, OUTCOME, FAILED).increment();
    }

    /** @param outcome one of the provider's three, or one of the loop's own: never a text from outside */
    void ended(String outcome) {
        metrics.counter(Name.SCHEDULER_RULE_OUTCOMES, OUTCOME, outcome).increment();
    }
}

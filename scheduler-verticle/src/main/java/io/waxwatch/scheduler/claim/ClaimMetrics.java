package io.waxwatch.scheduler.claim;

import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.polls.ClaimedPoll;
import io.waxwatch.common.telemetry.Metrics;
import io.waxwatch.common.telemetry.Metrics.Name;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** What the claim loop of one provider counts. */
final class ClaimMetrics {

    private final Metrics metrics;

    ClaimMetrics(Metrics metrics, Provider provider, Supplier<Number> inFlight) {
        this.metrics = metrics;
        metrics.gauge(Name.SCHEDULER_UNACKNOWLEDGED, inFlight, "provider", provider.wireName());
    }

    void claimed(List<ClaimedPoll> polls) {
        metrics.counter(Name.SCHEDULER_RUNS, "outcome", "success").increment();
        for (ClaimedPoll poll : polls) {
            metrics.timer(Name.SCHEDULER_LAG).record(Duration.ofMillis(Math.max(0, poll.lagMillis())));
            if (poll.reclaimed()) {
                metrics.counter(Name.SCHEDULER_RECLAIMED).increment();
            }
        }
    }

    void claimFailed() {
        metrics.counter(Name.SCHEDULER_RUNS, "outcome", "failed").increment();
    }

    /** @param outcome one of the provider's three, or one of the loop's own: never a text from outside */
    void ended(String outcome) {
        metrics.counter(Name.SCHEDULER_RULE_OUTCOMES, "outcome", outcome).increment();
    }
}

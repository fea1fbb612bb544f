package io.waxwatch.provider.marketplace;

import io.vertx.core.Vertx;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.http.Readiness;
import io.waxwatch.common.node.Node;
import io.waxwatch.common.outbox.EventStore;
import io.waxwatch.common.polls.PollSchedule;
import io.waxwatch.common.quarantine.Quarantine;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.provider.calls.ProviderRequestStore;
import io.waxwatch.provider.ingest.Ingest;
import io.waxwatch.provider.listings.ListingStore;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What the marketplaces of one process share.
 *
 * @param readiness degraded by what they need and cannot have
 * @param calls the log of calls
 * @param ingest stores what was fetched, and matches it
 * @param quarantine where rows go that cannot be stored
 * @param serving answers their topics
 * @param nextRunJitter spreads the polls
 */
public record MarketplaceParts(
        Vertx vertx,
        Node node,
        Readiness readiness,
        Database database,
        PollSchedule schedule,
        EventStore events,
        ListingStore listings,
        ProviderRequestStore calls,
        Ingest ingest,
        Quarantine quarantine,
        Serving serving,
        Supplier<Duration> nextRunJitter,
        RandomGenerator random) {

    public Settings settings() {
        return node.settings();
    }
}

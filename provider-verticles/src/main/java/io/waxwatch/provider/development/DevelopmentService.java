package io.waxwatch.provider.development;

import io.vertx.core.Future;
import io.waxwatch.common.bus.BusMessage.DevListing;
import io.waxwatch.common.bus.BusMessage.DevListingTaken;
import io.waxwatch.common.bus.BusMessage.DevRuleRan;
import io.waxwatch.common.bus.BusMessage.DevRuleRun;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.json.KeptJson;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.polls.PollKey;
import io.waxwatch.common.polls.PollPlanner;
import io.waxwatch.provider.http.MarketListing;
import io.waxwatch.provider.http.ProviderFailure;
import io.waxwatch.provider.ingest.Ingest;
import io.waxwatch.provider.ingest.Ingest.Taken;
import io.waxwatch.provider.marketplace.Marketplace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * What a developer may ask for out of turn: the very ingest and matching of the polls, without a poll. Served on
 * developers' machines only.
 */
public final class DevelopmentService {

    private final RuleQueryStore rules;
    private final Ingest ingest;
    private final Marketplace ebay;
    private final PollPlanner planner;
    private final IntConsumer onEvents;

    /**
     * @param ebay which is asked for a rule's offers
     * @param onEvents told how many events were committed
     */
    public DevelopmentService(
            Database database, Ingest ingest, Marketplace ebay, PollPlanner planner, IntConsumer onEvents) {
        this.rules = new RuleQueryStore(database);
        this.ingest = ingest;
        this.ebay = ebay;
        this.planner = planner;
        this.onEvents = onEvents;
    }

    public Future<DevListingTaken> take(DevListing listing) {
        Provider provider = Provider.fromWireName(listing.provider())
                .orElseThrow(() -> new Failure(FailureKind.CALLER, "unknown provider"));
        return taken(provider, List.of(market(provider, listing)))
                .map(taken -> new DevListingTaken(
                        taken.stored().listings().isEmpty()
                                ? null
                                : taken.stored().listings().get(0).id(),
                        taken.stored().created() > 0,
                        taken.stored().snapshots() > 0,
                        taken.events()));
    }

    /** A paused rule, or one that has no searchable word, or looks on Discogs only (which cannot be asked for offers) fetches nothing. */
    public Future<DevRuleRan> run(DevRuleRun asked) {
        return rules.active(asked.ruleId()).compose(query -> {
            Optional<PollKey.Query> upstream = query.flatMap(planner::query);
            return upstream.isEmpty()
                    ? Future.succeededFuture(new DevRuleRan(0, 0, 0, 0))
                    : run(upstream.get(), asked.limit());
        });
    }

    private Future<DevRuleRan> run(PollKey.Query key, int limit) {
        return ebay.newest(key, limit)
                .recover(cause -> Future.failedFuture(ProviderFailure.told(cause)))
                .compose(fetched -> taken(Provider.EBAY, fetched)
                        .map(taken -> new DevRuleRan(
                                fetched.size(),
                                taken.stored().created(),
                                taken.stored().snapshots(),
                                taken.events())));
    }

    private Future<Taken> taken(Provider provider, List<MarketListing> listings) {
        return ingest.take(provider, listings).onSuccess(taken -> {
            if (taken.events() > 0) {
                onEvents.accept(taken.events());
            }
        });
    }

    private static MarketListing market(Provider provider, DevListing listing) {
        return new MarketListing(
                provider.wireName(),
                listing.externalId(),
                listing.url(),
                listing.title(),
                listing.price(),
                listing.currency(),
                null,
                listing.condition(),
                null,
                listing.seller(),
                listing.location(),
                listing.discogsReleaseId(),
                listing.discogsMasterId(),
                null,
                List.of(),
                null,
                null,
                null,
                listing.raw() == null ? Map.of() : KeptJson.object(listing.raw()));
    }
}

package io.waxwatch.provider.marketplace;

import io.vertx.core.Future;
import io.waxwatch.common.bus.ProviderQuota;
import io.waxwatch.common.bus.ProviderState;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.polls.PollKey;
import io.waxwatch.provider.http.MarketListing;
import io.waxwatch.provider.http.OutboundMetrics.BreakerState;
import java.util.List;
import java.util.Optional;

/**
 * One marketplace, as a provider process serves it. Each has a package of its own, with its client in a package below, and is
 * named in {@code ProviderVerticle}; nothing else needs to know of it.
 */
public interface Marketplace {

    Provider provider();

    /** Why it is not in use, in words for its operator; empty when it is. */
    Optional<String> whyDisabled();

    /** The kinds of looks it can be asked for, such as {@code sweep} or {@code interactive}. */
    List<String> searches();

    /** The conditions of a watch that its offers are judged by. */
    List<String> filters();

    /** Whether its host is asked at present; empty when it is not in use, or not started. */
    Optional<BreakerState> breaker();

    /** Begins to serve its topics. One that is not in use is started too: whoever asks it for something may have to hear why. */
    Future<Void> start();

    /** Ends what goes on by itself. Its topics are unregistered by now, and what they had begun is awaited beside. */
    Future<Void> stop();

    /** Closes its client, after everything has stopped. */
    Future<Void> close();

    /**
     * The newest of a query's listings, on one page, whatever of them is known.
     *
     * @param limit 1 to 50
     */
    default Future<List<MarketListing>> newest(PollKey.Query query, int limit) {
        return Future.failedFuture(
                new Failure(FailureKind.CONFLICT, provider().title() + " cannot be asked for offers by words"));
    }

    /** How its budget of calls stands; empty when it is not in use. */
    default Future<Optional<ProviderQuota>> quota() {
        return Future.succeededFuture(Optional.empty());
    }

    default ProviderState state() {
        String reason = whyDisabled().orElse(null);
        String breaker = breaker().map(BreakerState::wireName).orElse(null);
        return new ProviderState(provider().wireName(), reason == null, reason, searches(), filters(), breaker);
    }
}

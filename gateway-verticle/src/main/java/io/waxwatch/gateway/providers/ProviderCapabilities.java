package io.waxwatch.gateway.providers;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.bus.BusMessage.ProvidersAsked;
import io.waxwatch.common.bus.BusMessage.ProvidersTold;
import io.waxwatch.common.bus.ProviderState;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.matching.Provider;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the marketplaces are good for, asked of a provider process: it alone has their credentials. Kept for a moment. Safe for
 * all threads.
 */
final class ProviderCapabilities {

    private static final Duration KEEP = Duration.ofSeconds(5);
    private static final String NOBODY = "no provider service answers";

    private final Bus bus;
    private final Cache<Boolean, List<ProviderState>> told =
            Caffeine.newBuilder().maximumSize(1).expireAfterWrite(KEEP).build();

    ProviderCapabilities(Bus bus) {
        this.bus = bus;
    }

    /** Never fails: while nobody answers, every marketplace is off, and that is why. */
    Future<List<ProviderState>> list(String requestId) {
        List<ProviderState> known = told.getIfPresent(true);
        return known != null
                ? Future.succeededFuture(known)
                : bus.ask(Topics.PROVIDERS, new ProvidersAsked(requestId))
                        .map(ProvidersTold::providers)
                        .onSuccess(states -> told.put(true, states))
                        .otherwise(silence -> unknown());
    }

    private static List<ProviderState> unknown() {
        return Stream.of(Provider.DISCOGS, Provider.EBAY)
                .map(provider -> new ProviderState(provider.wireName(), false, NOBODY, List.of(), List.of(), null))
                .toList();
    }
}

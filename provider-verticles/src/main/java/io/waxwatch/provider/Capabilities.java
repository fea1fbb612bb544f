package io.waxwatch.provider;

import io.waxwatch.common.bus.ProviderState;
import io.waxwatch.common.matching.Criteria;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.providers.EnabledProviders;
import java.util.List;

/** What this process's marketplaces are good for. */
final class Capabilities {

    private Capabilities() {}

    static List<ProviderState> of(EnabledProviders enabled) {
        return List.of(
                state(
                        enabled,
                        Provider.DISCOGS,
                        List.of("release", "interactive"),
                        List.of("target_price", "currency")),
                state(enabled, Provider.EBAY, List.of("sweep", "query", "interactive"), Criteria.filters()));
    }

    private static ProviderState state(
            EnabledProviders enabled, Provider provider, List<String> searches, List<String> filters) {
        String reason = enabled.whyDisabled(provider).orElse(null);
        return new ProviderState(provider.wireName(), reason == null, reason, searches, filters);
    }
}

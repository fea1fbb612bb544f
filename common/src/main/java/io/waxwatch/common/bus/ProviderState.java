package io.waxwatch.common.bus;

import java.util.List;

/**
 * What one marketplace is good for.
 *
 * @param provider wire name, such as {@code ebay}
 * @param enabled whether it is asked at all
 * @param reason why it is not; null when it is
 * @param searches what can be asked of it: {@code sweep}, {@code query}, {@code release}, {@code interactive}
 * @param filters what of a rule is judged on its answers
 * @param breaker whether the process that tells asks it at present: {@code closed}, {@code half_open} or
 *     {@code open}; null when it is not in use, and from a process that does not know the word
 * @param quota how its budget of calls stands; null when it is not in use, and from a process that does not know the word
 */
public record ProviderState(
        String provider,
        boolean enabled,
        String reason,
        List<String> searches,
        List<String> filters,
        String breaker,
        ProviderQuota quota) {

    /** Without a word on its quota. */
    public ProviderState(
            String provider,
            boolean enabled,
            String reason,
            List<String> searches,
            List<String> filters,
            String breaker) {
        this(provider, enabled, reason, searches, filters, breaker, null);
    }

    /** The same, with how its quota stands. */
    public ProviderState withQuota(ProviderQuota now) {
        return new ProviderState(provider, enabled, reason, searches, filters, breaker, now);
    }

    public ProviderState {
        searches = searches == null ? List.of() : List.copyOf(searches);
        filters = filters == null ? List.of() : List.copyOf(filters);
    }
}

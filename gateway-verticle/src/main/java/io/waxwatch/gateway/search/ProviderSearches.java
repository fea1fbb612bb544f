package io.waxwatch.gateway.search;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.bus.BusMessage.SearchAnswered;
import io.waxwatch.common.bus.BusMessage.SearchAsked;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.gateway.http.OnContext;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Asks the marketplaces over the bus, for all gateway instances of a process. Equal questions share one answer while it
 * is fresh, also while it is still under way, so that the pages of a search cost one call and fit together; a failure is
 * shared only with those who already wait for it.
 */
public final class ProviderSearches {

    /** An answer is at most some hundred kilobytes. */
    private static final int MAX_KEPT = 100;
    /** The provider gives up first, and says why; only its silence is ours to judge. */
    private static final Duration GRACE = Duration.ofMillis(500);

    private record Question(String provider, String words) {}

    private final Bus bus;
    private final Duration deadline;
    private final SearchSlots slots;
    private final Cache<Question, Future<SearchAnswered>> fresh;

    public ProviderSearches(Bus bus, Settings settings) {
        this.bus = bus;
        this.deadline =
                settings.get(SettingsCatalog.SEARCH_PROVIDER_TIMEOUT_SECONDS).plus(GRACE);
        this.slots = new SearchSlots(
                settings.get(SettingsCatalog.SEARCH_MAX_IN_FLIGHT),
                settings.get(SettingsCatalog.SEARCH_MAX_IN_FLIGHT_PER_USER));
        this.fresh = Caffeine.newBuilder()
                .maximumSize(MAX_KEPT)
                .expireAfterWrite(settings.get(SettingsCatalog.SEARCH_CACHE_SECONDS))
                .build();
    }

    /** Runs a whole search if there is room for one more of this collector, else fails with 503. */
    <T> Future<T> bounded(UUID userId, Supplier<Future<T>> search) {
        return slots.run(userId, search);
    }

    /** What this marketplace has for these words; fails with a {@code Failure} whose text may be shown. */
    Future<SearchAnswered> ask(String provider, String words, UUID userId, String requestId) {
        var question = new Question(provider, words.toLowerCase(Locale.ROOT));
        Future<SearchAnswered> answer = fresh.get(
                question, key -> bus.ask(Topics.search(provider, deadline), new SearchAsked(userId, words, requestId)));
        answer.onFailure(cause -> fresh.asMap().remove(question, answer));
        return OnContext.here(answer);
    }
}

package io.waxwatch.gateway.search;

import io.vertx.core.Future;
import io.waxwatch.gateway.http.ApiException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Bounds a process's searches, in all and per collector; one beyond is refused at once, never queued. */
final class SearchSlots {

    private static final int RETRY_AFTER_SECONDS = 2;

    private final int max;
    private final int maxPerUser;
    private final AtomicInteger running = new AtomicInteger();
    private final Map<UUID, Integer> byUser = new ConcurrentHashMap<>();

    SearchSlots(int max, int maxPerUser) {
        this.max = max;
        this.maxPerUser = maxPerUser;
    }

    /** Runs the search if there is room, else fails with a 503 {@link ApiException}. */
    <T> Future<T> run(UUID userId, Supplier<Future<T>> search) {
        if (running.incrementAndGet() > max) {
            running.decrementAndGet();
            return refused("too many searches are running, please retry shortly");
        }
        if (byUser.merge(userId, 1, Integer::sum) > maxPerUser) {
            leave(userId);
            return refused("too many of your searches are running, please retry when one has ended");
        }
        return Future.succeededFuture().compose(entered -> search.get()).onComplete(ended -> leave(userId));
    }

    private void leave(UUID userId) {
        running.decrementAndGet();
        byUser.computeIfPresent(userId, (id, count) -> count > 1 ? count - 1 : null);
    }

    private static <T> Future<T> refused(String message) {
        return Future.failedFuture(ApiException.unavailable(message, RETRY_AFTER_SECONDS));
    }
}

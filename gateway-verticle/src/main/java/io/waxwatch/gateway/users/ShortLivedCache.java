package io.waxwatch.gateway.users;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What was read of the database a moment ago. What somebody has forgotten since the reading began is not kept: it may have been
 * read before the change that it was forgotten for. Bounded; safe for all threads.
 *
 * @param <K> by what it is read
 * @param <V> what was read
 */
public final class ShortLivedCache<K, V> {

    private final Cache<K, V> kept;
    /** Of all keys together: now and then a reading is kept that need not have been lost, and none that should. */
    private final AtomicLong forgotten = new AtomicLong();

    /**
     * @param most how many are kept
     * @param lifetime for how long
     */
    public ShortLivedCache(int most, Duration lifetime) {
        this.kept = Caffeine.newBuilder()
                .maximumSize(most)
                .expireAfterWrite(lifetime)
                .build();
    }

    public Optional<V> find(K key) {
        return Optional.ofNullable(kept.getIfPresent(key));
    }

    /** To be taken before a reading begins, and handed to {@link #keep}. */
    public long begin() {
        return forgotten.get();
    }

    /** Keeps what was read, unless something was forgotten since it began. */
    public void keep(K key, V value, long begun) {
        // One step with the removal in forget: that one has counted before it removes.
        kept.asMap().compute(key, (same, present) -> forgotten.get() == begun ? value : present);
    }

    /** To be called when a change has been committed. */
    public void forget(K key) {
        forgotten.incrementAndGet();
        kept.invalidate(key);
    }
}

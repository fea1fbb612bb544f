package io.waxwatch.provider.ebay.accountdeletion;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.vertx.core.Future;
import io.waxwatch.provider.http.ProviderFailure;
import io.waxwatch.provider.http.ProviderFailure.Kind;
import java.security.PublicKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * eBay's public keys, each asked for once an hour. Anybody can name a key that does not exist, so that too is remembered, and only so
 * many lookups are begun in a minute. Of one event loop.
 */
final class NotificationKeys {

    /** eBay asks receivers to keep a key for about an hour. */
    private static final Duration KEEP = Duration.ofHours(1);

    /** Short, for a key may be newer than what the server that was asked knows. */
    private static final Duration KEEP_UNKNOWN = Duration.ofMinutes(5);

    /** eBay has a handful at a time. */
    private static final int MOST = 100;

    /** Far more than eBay's keys change, and 600 an hour at most out of eBay's 10,000 calls a day for keys. */
    static final int LOOKUPS_A_MINUTE = 5;

    private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

    /** The key is not to be had now: it is to be asked for again. The text is safe to show. */
    static final class Missing extends Exception {
        private static final long serialVersionUID = 1L;

        Missing(String message, Throwable cause) {
            super(message, cause, false, false);
        }
    }

    private final Function<String, Future<PublicKey>> source;
    private final Ticker nanoClock;
    private final Cache<String, PublicKey> known;
    private final Cache<String, Boolean> unknown;
    private final Map<String, Future<PublicKey>> coming = new HashMap<>();
    private long minuteBegan;
    private int begun;

    /** @param source fails with a {@link ProviderFailure} */
    NotificationKeys(Function<String, Future<PublicKey>> source, Ticker nanoClock) {
        this.source = source;
        this.nanoClock = nanoClock;
        this.minuteBegan = nanoClock.read();
        this.known = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(KEEP)
                .ticker(nanoClock)
                .build();
        this.unknown = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(KEEP_UNKNOWN)
                .ticker(nanoClock)
                .build();
    }

    /** The key of this id; fails with {@link Missing} and nothing else. */
    Future<PublicKey> get(String keyId) {
        PublicKey key = known.getIfPresent(keyId);
        if (key != null) {
            return Future.succeededFuture(key);
        }
        Future<PublicKey> pending = coming.get(keyId);
        if (pending != null) {
            return pending;
        }
        if (unknown.getIfPresent(keyId) != null) {
            return Future.failedFuture(new Missing("eBay knows no such key", null));
        }
        if (!mayLookUp()) {
            return Future.failedFuture(new Missing("too many keys were asked for within a minute", null));
        }
        Future<PublicKey> asked = source.apply(keyId)
                .onSuccess(found -> known.put(keyId, found))
                .recover(cause -> Future.failedFuture(missing(keyId, cause)));
        coming.put(keyId, asked);
        asked.onComplete(ended -> coming.remove(keyId));
        return asked;
    }

    private Missing missing(String keyId, Throwable cause) {
        if (cause instanceof ProviderFailure failure && failure.kind() == Kind.REJECTED) {
            unknown.put(keyId, true);
            return new Missing("eBay knows no such key", cause);
        }
        return new Missing("eBay's key cannot be fetched right now", cause);
    }

    private boolean mayLookUp() {
        long now = nanoClock.read();
        if (now - minuteBegan >= MINUTE_NANOS) {
            minuteBegan = now;
            begun = 0;
        }
        return ++begun <= LOOKUPS_A_MINUTE;
    }
}

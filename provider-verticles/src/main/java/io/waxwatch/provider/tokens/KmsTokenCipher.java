package io.waxwatch.provider.tokens;

import io.vertx.core.Future;
import io.waxwatch.common.secrets.TokenCipher;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Seals with data keys of a key service, one user's never used for another. Opens older envelopes with the local key where there is one.
 * Of one context.
 */
final class KmsTokenCipher implements TokenCipher {

    /** A key that came may be wiped before all who waited for it have used it; then they ask again. */
    private static final int TRIES = 3;

    private final KeyService service;
    private final String provider;
    private final Optional<TokenCipher> older;
    private final DataKeyCache cache;
    private final Map<DataKeyCache.Id, Future<Void>> coming = new HashMap<>();
    private final SecureRandom random = new SecureRandom();

    /**
     * @param provider whose tokens these are
     * @param older opens what was sealed before there was a key service
     */
    KmsTokenCipher(KeyService service, String provider, Optional<TokenCipher> older, DataKeyCache cache) {
        this.service = service;
        this.provider = provider;
        this.older = older;
        this.cache = cache;
    }

    @Override
    public Future<String> seal(String plain, UUID owner) {
        var bound = new KmsEnvelope.Bound(owner, provider);
        return with(
                DataKeyCache.Id.sealing(owner),
                () -> service.generate(owner),
                key -> KmsEnvelope.seal(key, plain, bound, random),
                TRIES);
    }

    @Override
    public Future<String> open(String envelope, UUID owner) {
        if (!envelope.startsWith(KmsEnvelope.V3)) {
            return older.map(local -> local.open(envelope, owner))
                    .orElseGet(() -> Future.failedFuture(new KeyUnavailable(KeyUnavailable.Reason.GONE)));
        }
        return Future.succeededFuture(envelope).map(KmsEnvelope::parse).compose(parsed -> {
            var bound = new KmsEnvelope.Bound(owner, provider);
            var id = new DataKeyCache.Id(owner, Base64.getEncoder().encodeToString(parsed.wrapped()));
            return with(
                    id,
                    () -> service.unwrap(parsed.wrapped(), owner)
                            .map(plain -> new KeyService.DataKey(plain, parsed.wrapped(), parsed.keyName())),
                    key -> parsed.open(key.plain(), bound),
                    TRIES);
        });
    }

    /** Asks the service: only it knows which key an alias means today. */
    @Override
    public Future<String> currentPrefix() {
        UUID nobody = new UUID(0, 0);
        return service.generate(nobody).map(key -> {
            Arrays.fill(key.plain(), (byte) 0);
            return KmsEnvelope.V3 + key.keyName() + ":";
        });
    }

    /** Wipes the keys that have become too old. */
    void purge() {
        cache.purge();
    }

    /** Wipes all keys. */
    void close() {
        cache.clear();
    }

    private Future<String> with(
            DataKeyCache.Id id,
            Supplier<Future<KeyService.DataKey>> ask,
            Function<KeyService.DataKey, String> work,
            int tries) {
        Optional<String> done;
        try {
            done = cache.use(id, work);
        } catch (Failed failed) {
            return Future.failedFuture(failed);
        }
        if (done.isPresent()) {
            return Future.succeededFuture(done.get());
        }
        if (tries == 0) {
            return Future.failedFuture(new KeyUnavailable(KeyUnavailable.Reason.AWAY));
        }
        return fetched(id, ask).compose(there -> with(id, ask, work, tries - 1));
    }

    /** One question at a time for one key. */
    private Future<Void> fetched(DataKeyCache.Id id, Supplier<Future<KeyService.DataKey>> ask) {
        Future<Void> underWay = coming.get(id);
        if (underWay != null) {
            return underWay;
        }
        Future<Void> asked = ask.get().map(key -> {
            cache.put(id, key);
            return null;
        });
        coming.put(id, asked);
        asked.onComplete(answered -> coming.remove(id));
        return asked;
    }
}

package io.waxwatch.provider.tokens;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.waxwatch.common.secrets.TokenCipher;
import io.waxwatch.common.secrets.TokenCipher.KeyUnavailable;
import io.waxwatch.common.secrets.TokenKeys;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.telemetry.Metrics;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cipher of users' tokens as the settings say, with what it needs: that of a key service where its key is named, else that of this
 * process's own key. Of the context that opened it.
 */
public final class TokenVault {

    private static final Logger log = LoggerFactory.getLogger(TokenVault.class);

    /** A disabled key should end its use within minutes; an import of two thousand records opens its token a few times. */
    private static final DataKeyCache.Limits LIMITS = new DataKeyCache.Limits(500, 100, Duration.ofMinutes(5));

    private static final Duration PURGE_EVERY = Duration.ofMinutes(1);

    private final TokenCipher cipher;
    private final Supplier<Optional<KeyUnavailable.Reason>> trouble;
    private final Supplier<Future<Void>> closing;

    private TokenVault(
            TokenCipher cipher, Supplier<Optional<KeyUnavailable.Reason>> trouble, Supplier<Future<Void>> closing) {
        this.cipher = cipher;
        this.trouble = trouble;
        this.closing = closing;
    }

    /** What there is. */
    public sealed interface Found {}

    /** To be closed by whoever opened it. */
    public record Usable(TokenVault vault) implements Found {}

    /** @param reason for operators and for users who ask; names settings and no values */
    public record Missing(String reason) implements Found {}

    /** Lets the counts of the key service begin, at zero. */
    public static void countFromZero(Metrics metrics) {
        AwsKeyService.countFromZero(metrics);
    }

    /**
     * Finds the key. One of a key service that cannot be used at present is there all the same.
     *
     * @param provider whose tokens these are, such as {@code discogs}
     */
    public static Future<Found> open(Vertx vertx, Settings settings, Metrics metrics, String provider) {
        return open(vertx, settings, KmsOptions.from(settings), metrics, provider);
    }

    static Future<Found> open(
            Vertx vertx, Settings settings, Optional<KmsOptions> kms, Metrics metrics, String provider) {
        return TokenKeys.find(vertx.fileSystem(), settings).compose(local -> {
            if (kms.isEmpty()) {
                return Future.succeededFuture(
                        local instanceof TokenKeys.Usable usable
                                ? new Usable(new TokenVault(usable.cipher(), Optional::empty, Future::succeededFuture))
                                : new Missing(((TokenKeys.Missing) local).reason()));
            }
            if (kms.get().region() == null) {
                return Future.succeededFuture(new Missing("missing required config: token_crypto_kms_region"));
            }
            return AwsKeyService.open(vertx, kms.get(), provider, metrics)
                    .map(service -> (Found) new Usable(sealing(vertx, service, local, provider)))
                    .otherwise(unusable -> {
                        log.error("tokens.key.unusable", kv("error", unusable.toString()));
                        return new Missing("no client of the key service can be made with token_crypto_kms_*");
                    });
        });
    }

    private static TokenVault sealing(Vertx vertx, AwsKeyService service, TokenKeys.Found local, String provider) {
        Optional<TokenCipher> older =
                local instanceof TokenKeys.Usable usable ? Optional.of(usable.cipher()) : Optional.empty();
        var cipher = new KmsTokenCipher(service, provider, older, new DataKeyCache(LIMITS, System::nanoTime));
        long purge = vertx.setPeriodic(PURGE_EVERY.toMillis(), due -> cipher.purge());
        return new TokenVault(cipher, service::trouble, () -> {
            vertx.cancelTimer(purge);
            cipher.close();
            return service.close();
        });
    }

    public TokenCipher cipher() {
        return cipher;
    }

    /** Why the key cannot be used at present; empty when it can. */
    public Optional<KeyUnavailable.Reason> trouble() {
        return trouble.get();
    }

    /** Wipes the keys that are in memory. */
    public Future<Void> close() {
        return closing.get();
    }
}

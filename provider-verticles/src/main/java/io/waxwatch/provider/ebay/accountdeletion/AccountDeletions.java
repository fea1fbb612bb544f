package io.waxwatch.provider.ebay.accountdeletion;

import static net.logstash.logback.argument.StructuredArguments.kv;

import com.github.benmanes.caffeine.cache.Ticker;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.waxwatch.common.bus.BusMessage.EbayNotification;
import io.waxwatch.common.bus.BusMessage.EbayNotificationTaken;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.outbox.EventStore;
import io.waxwatch.provider.ebay.accountdeletion.AccountErasureStore.Erased;
import io.waxwatch.provider.ebay.client.EbayBodies;
import io.waxwatch.provider.ebay.client.EbayBodies.AccountDeletion;
import io.waxwatch.provider.http.JsonView;
import io.waxwatch.provider.http.ProviderFailure;
import io.waxwatch.provider.listings.ListingStore;
import java.security.PublicKey;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers eBay's notifications of closed accounts: whose they are first, what they say afterwards. Of one event loop. */
public final class AccountDeletions {

    private static final Logger log = LoggerFactory.getLogger(AccountDeletions.class);

    /** Longer ids than eBay's are no ids of eBay's; names have 64 characters at most. */
    private static final int MAX_ID = 200;

    private final NotificationKeys keys;
    private final AccountErasureStore erasure;

    /** @param keySource eBay's public key of an id; fails with a {@link ProviderFailure} */
    public AccountDeletions(
            Function<String, Future<PublicKey>> keySource,
            Database database,
            ListingStore listings,
            EventStore events) {
        this.keys = new NotificationKeys(keySource, Ticker.systemTicker());
        this.erasure = new AccountErasureStore(database, listings, events);
    }

    /**
     * Judges a notification and does what it asks.
     *
     * @return fails with {@link FailureKind#UNAVAILABLE} when eBay had better come again
     */
    public Future<EbayNotificationTaken> take(EbayNotification notification) {
        Optional<NotificationSignature> signature = NotificationSignature.parse(notification.signature());
        if (signature.isEmpty()) {
            return refused("no signature");
        }
        Buffer body = Buffer.buffer(Base64.getDecoder().decode(notification.body()));
        return keys.get(signature.get().keyId())
                .recover(missing ->
                        Future.failedFuture(new Failure(FailureKind.UNAVAILABLE, missing.getMessage(), missing)))
                .compose(key -> signature.get().isOf(body, key) ? act(body) : refused("not eBay's"));
    }

    private static Future<EbayNotificationTaken> refused(String why) {
        log.warn("ebay.notification.refused", kv("reason", why));
        return Future.succeededFuture(new EbayNotificationTaken(EbayNotificationTaken.BAD_SIGNATURE));
    }

    private Future<EbayNotificationTaken> act(Buffer body) {
        Optional<AccountDeletion> account = read(body);
        if (account.isEmpty()) {
            // eBay's own word, and we do not understand it: somebody has to look.
            log.error("ebay.notification.not_understood", kv("bytes", body.length()));
            return Future.succeededFuture(new EbayNotificationTaken(EbayNotificationTaken.NOT_UNDERSTOOD));
        }
        return erasure.erase(account.get()).map(erased -> {
            tell(account.get(), erased);
            return new EbayNotificationTaken(EbayNotificationTaken.DONE);
        });
    }

    private static Optional<AccountDeletion> read(Buffer body) {
        try {
            AccountDeletion account = EbayBodies.accountDeletion(JsonView.parse(body, "eBay"));
            boolean named = account.username() != null || account.userId() != null;
            return named && isStorable(account) ? Optional.of(account) : Optional.empty();
        } catch (ProviderFailure otherShape) {
            return Optional.empty();
        }
    }

    private static boolean isStorable(AccountDeletion account) {
        return isStorable(account.notificationId()) && isStorable(account.username()) && isStorable(account.userId());
    }

    private static boolean isStorable(String text) {
        return text == null || (text.length() <= MAX_ID && text.indexOf('\0') < 0);
    }

    /** Without the account's name: the log is not to keep what was to be forgotten. */
    private static void tell(AccountDeletion account, Erased erased) {
        log.info(
                "ebay.account.deleted",
                kv("notification_id", account.notificationId()),
                kv("repeated", erased.repeated()),
                kv("listings", erased.listings()),
                kv("events", erased.events()),
                kv("quarantined", erased.quarantined()));
    }
}

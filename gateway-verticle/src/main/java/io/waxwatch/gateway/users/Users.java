package io.waxwatch.gateway.users;

import io.vertx.core.Future;
import io.waxwatch.gateway.auth.Caller;
import io.waxwatch.gateway.http.ApiException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Whether callers have an account, and an active one. What is known is kept for a moment: a read stays one round trip. */
public final class Users {

    /** How long a deactivated or signed-out user may still be let in by another gateway. */
    public static final Duration KEEP = Duration.ofSeconds(5);

    private static final int MAX_KEPT = 100_000;

    /** How a caller stands with us. */
    public enum AccountStatus {
        ACTIVE,
        INACTIVE,
        /** A good token without a user row: may read, and finds nothing. */
        STRANGER,
        /** The token is older than the user's last sign-out. */
        SIGNED_OUT
    }

    /**
     * What is stored of an account.
     *
     * @param active empty for one without a row
     * @param signedOutAt tokens issued before it are refused; null for never
     * @param deletedAt tokens issued before it make no new row; null for never
     * @param email null without a row, and where no token is to change it for the moment
     */
    record Account(Optional<Boolean> active, Instant signedOutAt, Instant deletedAt, KnownEmail email) {

        /** Whether this token changes what is stored of the address. A comparison, no query: every request asks it. */
        boolean learnsFrom(Caller caller) {
            return email != null && of(caller) == AccountStatus.ACTIVE && email.after(caller) != email;
        }

        /** The same, with the address left alone: what could not be changed is not tried again at every request. */
        Account settled() {
            return new Account(active, signedOutAt, deletedAt, null);
        }

        AccountStatus of(Caller caller) {
            if (caller.issuedBefore(signedOutAt)) {
                return AccountStatus.SIGNED_OUT;
            }
            return active.map(on -> on ? AccountStatus.ACTIVE : AccountStatus.INACTIVE)
                    .orElse(AccountStatus.STRANGER);
        }
    }

    private final UserStore store;
    private final boolean createOnFirstSight;
    private final ShortLivedCache<UUID, Account> known = new ShortLivedCache<>(MAX_KEPT, KEEP);

    /** @param createOnFirstSight whether a good token without a row makes one */
    public Users(UserStore store, boolean createOnFirstSight) {
        this.store = store;
        this.createOnFirstSight = createOnFirstSight;
    }

    /**
     * The caller's standing, after making the row if that is allowed; the row has the address that the caller's token names, if that is
     * news.
     */
    public Future<AccountStatus> admit(Caller caller) {
        return known.find(caller.userId())
                .filter(account -> !account.learnsFrom(caller))
                .map(account -> Future.succeededFuture(account.of(caller)))
                .orElseGet(() -> read(caller));
    }

    private Future<AccountStatus> read(Caller caller) {
        long begun = known.begin();
        return store.account(caller.userId())
                .compose(found -> mayCreate(found, caller) ? store.create(caller) : Future.succeededFuture(found))
                .compose(found -> found.learnsFrom(caller)
                        ? store.change(caller, found.email().after(caller))
                        : Future.succeededFuture(found))
                .map(found -> {
                    if (found.active().isPresent()) {
                        known.keep(caller.userId(), found.learnsFrom(caller) ? found.settled() : found, begun);
                    }
                    return found.of(caller);
                });
    }

    /**
     * How many seconds younger, by its issuer's clock, a token of this user would have to be to count; 0 if this one does. What is
     * kept is read anew. Tokens tell their age in whole seconds, so one of the second of a sign-out does not count, though it
     * may have been issued after it.
     */
    public Future<Long> secondsTooOld(Caller caller) {
        forget(caller.userId());
        return store.account(caller.userId())
                .map(account -> caller.issuedBefore(account.signedOutAt())
                        ? Duration.between(caller.issuedAt(), account.signedOutAt())
                                .plusNanos(999_999_999)
                                .toSeconds()
                        : 0L);
    }

    /** A token from before the account's deletion must not bring it back. */
    private boolean mayCreate(Account found, Caller caller) {
        return createOnFirstSight
                && found.of(caller) == AccountStatus.STRANGER
                && !caller.issuedBefore(found.deletedAt());
    }

    /** Has what is known of this user read again, because it was changed here. */
    public void forget(UUID userId) {
        known.forget(userId);
    }

    /** Refuses with 401 who has no row: nothing could be stored for them. */
    public Future<Void> requireRow(Caller caller) {
        return admit(caller)
                .compose(standing -> standing == AccountStatus.STRANGER
                        ? Future.failedFuture(ApiException.http(401, "Unknown user"))
                        : Future.succeededFuture());
    }
}

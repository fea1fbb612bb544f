package io.waxwatch.gateway.sessions;

import static net.logstash.logback.argument.StructuredArguments.kv;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.gateway.auth.Caller;
import io.waxwatch.gateway.auth.TokenVerifier;
import io.waxwatch.gateway.http.ApiException;
import io.waxwatch.gateway.users.ShortLivedCache;
import io.waxwatch.gateway.users.Users;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Browser sessions: an access token in the database under a secret that only the browser has, renewed before it ends. The session
 * itself proves nothing; every request is judged by its access token. One renewal at a time, over all gateways, because many
 * issuers take a refresh token only once. Shared by all event loops; safe for all threads.
 */
public final class Sessions {

    static final String ENDED = "the session has ended; sign in again";

    /** How long another gateway's sign-out or renewal may go unnoticed here. */
    private static final Duration KEEP = Duration.ofSeconds(5);

    private static final int MAX_KEPT = 50_000;
    /** How long after its last request a session is known to be one. */
    private static final Duration REMEMBERED = Duration.ofHours(1);
    /** Longer than the issuer may take. */
    private static final Duration LEASE = Duration.ofSeconds(15);

    /** How long a sign-in may wait until the issuer's clock has left the second of a sign-out: a second, and what it is late. */
    private static final long MAX_WAIT_SECONDS = 5;

    /** How long a renewal that failed, or that another gateway is at, is left alone; as long as a 503 tells clients to wait. */
    private static final Duration PAUSE = Duration.ofSeconds(PasswordGrant.RETRY_AFTER_SECONDS);

    /** How long a token that cannot be verified may wait for the issuer's keys before the issuer is asked for another. */
    private static final Duration ANOTHER_AFTER = Duration.ofSeconds(60);

    /** Together shorter than the lease. */
    private static final int REPLACEMENTS = 3;

    private static final Duration REPLACE_AGAIN = Duration.ofMillis(500);

    private static final long LOOK_AGAIN_MILLIS = 100;
    private static final int MAX_LOOKS = 100;

    private static final Logger log = LoggerFactory.getLogger("app.auth");

    /**
     * A session at hand.
     *
     * @param refreshAt when a renewal is due
     * @param version grows with each attempt at one
     */
    private record Held(SessionTokens tokens, Instant refreshAt, long version) {}

    /** What the issuer gave, and whom it speaks for. */
    private record Proven(Caller caller, SessionTokens tokens) {}

    private final Vertx vertx;
    private final SessionStore store;
    private final PasswordGrant grant;
    private final TokenVerifier tokens;
    private final Users users;
    private final Duration lifetime;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final ShortLivedCache<ByteBuffer, Held> known = new ShortLivedCache<>(MAX_KEPT, KEEP);
    private final Cache<ByteBuffer, Boolean> opened = Caffeine.newBuilder()
            .maximumSize(MAX_KEPT)
            .expireAfterAccess(REMEMBERED)
            .build();
    private final Map<ByteBuffer, Future<Held>> renewals = new ConcurrentHashMap<>();

    public Sessions(Vertx vertx, Settings settings, Database database, TokenVerifier tokens, Users users, Clock clock) {
        this.vertx = vertx;
        this.store = new SessionStore(database);
        this.grant = new PasswordGrant(vertx, settings);
        this.tokens = tokens;
        this.users = users;
        this.lifetime = settings.get(SettingsCatalog.SESSION_LIFETIME_DAYS);
        this.clock = clock;
    }

    public Future<Void> close() {
        return grant.close();
    }

    /** How long a session may live; renewals do not prolong it. */
    Duration lifetime() {
        return lifetime;
    }

    /**
     * Exchanges a password for a session.
     *
     * @return the new session's secret; fails with 401, 403 or 503 as the issuer, the verification or the account has it
     */
    Future<SessionSecret> begin(String email, String password) {
        return exchanged(email, password)
                .compose(proven -> users.secondsTooOld(proven.caller())
                        .compose(seconds -> seconds == 0
                                ? Future.succeededFuture(proven)
                                : exchangedLater(seconds, email, password)))
                .compose(proven -> users.admit(proven.caller()).compose(standing -> {
                    if (standing == Users.AccountStatus.INACTIVE) {
                        throw ApiException.http(403, "User account is inactive");
                    }
                    if (standing == Users.AccountStatus.SIGNED_OUT) {
                        throw signedOutAMomentAgo(1);
                    }
                    return create(proven.tokens());
                }));
    }

    private Future<Proven> exchanged(String email, String password) {
        return grant.byPassword(email, password)
                .compose(given -> verified(given).recover(cause -> Future.failedFuture(ours(cause))));
    }

    /** A token that cannot be told from those of before a sign-out is no use; the next one, so much later, can. */
    private Future<Proven> exchangedLater(long seconds, String email, String password) {
        return seconds > MAX_WAIT_SECONDS
                ? Future.failedFuture(signedOutAMomentAgo((int) Math.min(seconds, Integer.MAX_VALUE)))
                : vertx.timer(seconds, TimeUnit.SECONDS).compose(later -> exchanged(email, password));
    }

    private static ApiException signedOutAMomentAgo(int seconds) {
        return ApiException.unavailable("signed out a moment ago; sign in again", seconds);
    }

    /**
     * Whom the session's access token speaks for; fails with 401 when the session is over, with 503 when its token is, or can no longer be
     * verified, and cannot be renewed.
     */
    Future<Caller> caller(SessionSecret secret) {
        return known.find(secret.key())
                .map(Future::succeededFuture)
                .orElseGet(() -> load(secret))
                .compose(found -> renewedInTime(secret, found))
                .compose(found -> isAlive(found)
                        ? verified(found).recover(cause -> renewedForGood(secret, found, cause))
                        : Future.failedFuture(away(found)));
    }

    private Future<Caller> verified(Held held) {
        return tokens.verify("Bearer " + held.tokens().accessToken());
    }

    /** The issuer's key may have gone before its time, and taken our token along: that is no reason to be signed out. */
    private Future<Caller> renewedForGood(SessionSecret secret, Held found, Throwable cause) {
        boolean soon = !clock.instant().plus(PAUSE).isBefore(found.refreshAt());
        if (!isRefused(cause) || soon || found.tokens().refreshToken() == null) {
            return Future.failedFuture(ours(cause));
        }
        return renewals.computeIfAbsent(secret.key(), key -> renew(secret, found, true))
                .compose(fresh -> verified(fresh).recover(still -> Future.failedFuture(ours(still))));
    }

    private static ApiException away(Held found) {
        return found.tokens().waiting() == null ? PasswordGrant.unavailable() : PasswordGrant.unverifiable();
    }

    private static boolean isRefused(Throwable cause) {
        return cause instanceof ApiException refusal && refusal.status() == 401;
    }

    /** That we refuse the issuer's own token is not the user's fault. */
    private static Throwable ours(Throwable cause) {
        return isRefused(cause) ? PasswordGrant.unverifiable() : cause;
    }

    /** Whether it has been opened here lately: its cookie is not made up. */
    boolean isAtHand(SessionSecret secret) {
        return opened.getIfPresent(secret.key()) != null;
    }

    /** Only who has no token that is still good waits for the renewal. */
    private Future<Held> renewedInTime(SessionSecret secret, Held found) {
        if (clock.instant().isBefore(found.refreshAt())) {
            return Future.succeededFuture(found);
        }
        Future<Held> renewed = renewals.computeIfAbsent(secret.key(), key -> renew(secret, found, false));
        return isAlive(found) ? Future.succeededFuture(found) : renewed;
    }

    /** Ends it. */
    Future<Void> end(SessionSecret secret) {
        return store.delete(secret.id()).onComplete(ended -> known.forget(secret.key()));
    }

    private Future<SessionSecret> create(SessionTokens granted) {
        SessionSecret secret = SessionSecret.fresh(random);
        Instant now = clock.instant();
        Instant end = granted.refreshToken() == null ? granted.expiresAt() : now.plus(lifetime);
        return store.create(secret.id(), granted, secret.seal(granted, random), granted.refreshAt(now), end)
                .map(stored -> {
                    if (!stored) {
                        throw signedOutAMomentAgo(1);
                    }
                    return secret;
                });
    }

    private Future<Held> load(SessionSecret secret) {
        long begun = known.begin();
        return store.find(secret.id()).map(found -> {
            if (found.isEmpty()) {
                opened.invalidate(secret.key());
                throw ApiException.http(401, ENDED);
            }
            opened.put(secret.key(), true);
            SessionStore.Stored stored = found.get();
            return keep(secret, new Held(secret.open(stored.tokens()), stored.refreshAt(), stored.version()), begun);
        });
    }

    private Held keep(SessionSecret secret, Held held, long begun) {
        known.keep(secret.key(), held, begun);
        return held;
    }

    /**
     * Called once for all requests of the session that come meanwhile.
     *
     * @param useless whether its token is no use any more, however long it would last
     */
    private Future<Held> renew(SessionSecret secret, Held old, boolean useless) {
        Promise<Held> renewed = Promise.promise();
        // Not before the map knows of it.
        vertx.runOnContext(go -> startRenewal(secret, old, useless)
                .onFailure(cause -> log.warn("auth.session.refresh_failed", kv("error", cause.getMessage())))
                .onComplete(done -> renewals.remove(secret.key()))
                .onComplete(renewed));
        return renewed.future();
    }

    private Future<Held> startRenewal(SessionSecret secret, Held old, boolean useless) {
        if (old.tokens().refreshToken() == null) {
            return Future.failedFuture(ApiException.http(401, ENDED));
        }
        long begun = known.begin();
        return store.claim(secret.id(), old.version(), LEASE).compose(mine -> {
            if (mine) {
                return ask(secret, old);
            }
            return useless ? awaitOther(secret, old, MAX_LOOKS) : leaveToOther(secret, old, begun);
        });
    }

    private Future<Held> ask(SessionSecret secret, Held old) {
        return (old.tokens().waiting() == null ? exchanged(old) : verifiedLater(old))
                .recover(cause -> refused(secret, old, cause))
                .compose(next -> replace(secret, next, REPLACEMENTS));
    }

    /** Whatever the issuer gives is kept, for the refresh token of before is spent. */
    private Future<Held> exchanged(Held old) {
        return grant.byRefreshToken(old.tokens().refreshToken())
                .map(given -> given.refreshToken() == null
                        ? new PasswordGrant.Granted(
                                given.accessToken(), old.tokens().refreshToken())
                        : given)
                .compose(given -> verified(given)
                        .map(proven -> renewed(proven, old))
                        .otherwise(cause -> postponed(old, old.tokens().waitingFor(given, clock.instant()), cause)));
    }

    /** What could not be verified may be by now, with the issuer's next keys; only after a while it is asked for another. */
    private Future<Held> verifiedLater(Held old) {
        SessionTokens.Waiting waiting = old.tokens().waiting();
        return verified(new PasswordGrant.Granted(
                        waiting.accessToken(), old.tokens().refreshToken()))
                .map(proven -> renewed(proven, old))
                .recover(cause ->
                        isRefused(cause) && waiting.since().plus(ANOTHER_AFTER).isBefore(clock.instant())
                                ? exchanged(old)
                                : Future.succeededFuture(postponed(old, old.tokens(), cause)));
    }

    private Held renewed(Proven proven, Held old) {
        return new Held(proven.tokens(), proven.tokens().refreshAt(clock.instant()), old.version() + 1);
    }

    /** A database that has a bad moment must not cost the new refresh token. */
    private Future<Held> replace(SessionSecret secret, Held next, int tries) {
        long begun = known.begin();
        return store.replace(secret.id(), next.version() - 1, secret.seal(next.tokens(), random), next.refreshAt())
                .compose(
                        stored -> stored ? Future.succeededFuture(keep(secret, next, begun)) : load(secret),
                        cause -> tries == 1
                                ? Future.failedFuture(cause)
                                : vertx.timer(REPLACE_AGAIN.toMillis(), TimeUnit.MILLISECONDS)
                                        .compose(later -> replace(secret, next, tries - 1)));
    }

    /** Over when the issuer says so; else it keeps its tokens, and no gateway asks again for a while. */
    private Future<Held> refused(SessionSecret secret, Held old, Throwable cause) {
        return isRefused(cause)
                ? end(secret).compose(ended -> Future.failedFuture(cause))
                : Future.succeededFuture(postponed(old, old.tokens(), cause));
    }

    private Held postponed(Held old, SessionTokens kept, Throwable cause) {
        log.warn("auth.session.refresh_postponed", kv("error", cause.getMessage()));
        return new Held(kept, clock.instant().plus(PAUSE), old.version() + 1);
    }

    /** Another gateway renews it, or has, or it is over. Its token serves as long as it is good. */
    private Future<Held> leaveToOther(SessionSecret secret, Held old, long begun) {
        if (!isAlive(old)) {
            return awaitOther(secret, old, MAX_LOOKS);
        }
        Instant later = clock.instant().plus(PAUSE);
        Instant end = old.tokens().expiresAt();
        var meanwhile = new Held(old.tokens(), later.isBefore(end) ? later : end, old.version());
        return Future.succeededFuture(keep(secret, meanwhile, begun));
    }

    private Future<Held> awaitOther(SessionSecret secret, Held old, int looks) {
        if (looks == 0) {
            return Future.failedFuture(ApiException.unavailable("the session is being renewed", 1));
        }
        return vertx.timer(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)
                .compose(later -> load(secret))
                .compose(found -> found.version() > old.version()
                        ? Future.succeededFuture(found)
                        : awaitOther(secret, old, looks - 1));
    }

    private boolean isAlive(Held held) {
        return clock.instant().isBefore(held.tokens().expiresAt());
    }

    /** What the issuer gave is believed as much as what anybody sends. */
    private Future<Proven> verified(PasswordGrant.Granted granted) {
        return tokens.verify("Bearer " + granted.accessToken())
                .map(caller -> new Proven(caller, SessionTokens.of(caller, granted)));
    }
}

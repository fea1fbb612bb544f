package io.waxwatch.gateway.users;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import io.waxwatch.gateway.auth.Caller;
import io.waxwatch.gateway.http.Refusal;
import java.time.Duration;
import java.util.UUID;

/** Whether callers have an account, and an active one. What is known is kept for a moment: a read stays one round trip. */
public final class Users {

    /** How long a deactivated user may still be let in by another gateway. */
    public static final Duration KEEP = Duration.ofSeconds(5);

    private static final int MAX_KEPT = 100_000;

    /** How a caller stands with us. */
    public enum Standing {
        ACTIVE,
        INACTIVE,
        /** A good token without a user row: may read, and finds nothing. */
        STRANGER
    }

    private final UserStore store;
    private final boolean createOnFirstSight;
    private final Cache<UUID, Standing> known =
            Caffeine.newBuilder().maximumSize(MAX_KEPT).expireAfterWrite(KEEP).build();

    /** @param createOnFirstSight whether a good token without a row makes one */
    public Users(UserStore store, boolean createOnFirstSight) {
        this.store = store;
        this.createOnFirstSight = createOnFirstSight;
    }

    /** The caller's standing, after making the row if that is allowed. */
    public Future<Standing> admit(Caller caller) {
        Standing standing = known.getIfPresent(caller.userId());
        if (standing != null) {
            return Future.succeededFuture(standing);
        }
        return store.standing(caller.userId())
                .compose(found -> found == Standing.STRANGER && createOnFirstSight
                        ? store.create(caller)
                        : Future.succeededFuture(found))
                .onSuccess(found -> {
                    if (found != Standing.STRANGER) {
                        known.put(caller.userId(), found);
                    }
                });
    }

    /** Refuses with 401 who has no row: nothing could be stored for them. */
    public Future<Void> requireRow(Caller caller) {
        return admit(caller)
                .compose(standing -> standing == Standing.STRANGER
                        ? Future.failedFuture(Refusal.http(401, "Unknown user"))
                        : Future.succeededFuture());
    }
}

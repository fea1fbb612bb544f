package io.waxwatch.gateway.profile;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.outbox.EventStore;
import io.waxwatch.common.outbox.NotificationStore;
import io.waxwatch.common.polls.PollStore;
import io.waxwatch.common.watches.WatchKind;
import io.waxwatch.gateway.http.ApiException;
import io.waxwatch.gateway.profile.Profile.Settled;
import io.waxwatch.gateway.users.UserStore;
import io.waxwatch.gateway.users.Users;
import io.waxwatch.gateway.watches.WatchWrites;
import io.waxwatch.gateway.watches.WatchWrites.Outcome;
import io.waxwatch.gateway.watchreleases.WatchReleaseStore;
import io.waxwatch.gateway.watchrules.WatchRuleStore;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Changes of an account as a whole. What concerns its watches takes the same way as a change of each of them: polls that
 * serve nobody else go away, and the matching indexes hear of it.
 */
final class Accounts {

    /** Some hundred milliseconds of work, with the notifications that go along. */
    private static final int DELETED_AT_ONCE = 2000;

    private static final String INACTIVE = "User account is inactive";

    private final ProfileStore profiles;
    private final UserStore rows;
    private final Users users;
    private final WatchWrites writes;
    private final WatchRuleStore rules;
    private final WatchReleaseStore releases;
    private final Database database;
    private final EventStore events;
    private final PollStore polls = new PollStore();
    private final NotificationStore notifications = new NotificationStore();

    Accounts(
            Database database,
            EventStore events,
            ProfileStore profiles,
            Users users,
            WatchWrites writes,
            WatchRuleStore rules) {
        this.database = database;
        this.events = events;
        this.profiles = profiles;
        this.rows = new UserStore(database);
        this.users = users;
        this.writes = writes;
        this.rules = rules;
        this.releases = new WatchReleaseStore(database);
    }

    /** Changes the profile, and no watch: their money has a currency of its own. A change that changes nothing leaves no trace. */
    Future<Profile> change(UUID userId, ProfilePatch patch) {
        return writes.run(connection -> profiles.lock(connection, userId)
                .map(Accounts::found)
                .compose(before -> {
                    Settled after = patch.applyTo(before);
                    Future<Void> written = after.equals(before)
                            ? Future.succeededFuture()
                            : profiles.update(connection, userId, after);
                    return written.compose(
                                    done -> profiles.find(connection, userId).map(Accounts::found))
                            .map(Outcome::unchanged);
                }));
    }

    /** Ends the account but keeps what it owns; a second time fails with 403. */
    Future<OffsetDateTime> deactivate(UUID userId) {
        return ended(
                userId,
                writes.run(connection -> rows.deactivate(connection, userId)
                        .compose(at -> at.isPresent()
                                ? retire(connection, userId).map(retired -> Outcome.changed(at.get(), 0))
                                : refused(connection, userId))));
    }

    /**
     * Deletes the account and everything it owns. The watches are retired first, in a transaction of its own, so that no
     * ingest has to wait while the rows go; a process killed in between leaves an inactive account, to be deleted again.
     */
    Future<OffsetDateTime> delete(UUID userId) {
        return ended(
                userId,
                writes.run(connection -> rows.deactivate(connection, userId)
                                .compose(at -> retire(connection, userId))
                                .map(retired -> Outcome.<Void>changed(null, 0)))
                        .compose(retired -> deleteEvents(userId))
                        .compose(emptied -> rows.delete(userId))
                        .map(Accounts::found));
    }

    /** Ahead of the account, because there may be too many for the one statement that deletes it. */
    private Future<Void> deleteEvents(UUID userId) {
        return events.deleteOldest(database, userId, DELETED_AT_ONCE)
                .compose(deleted -> deleted < DELETED_AT_ONCE ? Future.succeededFuture() : deleteEvents(userId));
    }

    Future<UserStore.SignOut> signOut(UUID userId, OffsetDateTime atLeast) {
        return ended(userId, rows.signOut(userId, atLeast));
    }

    private <T> Future<T> ended(UUID userId, Future<T> change) {
        return change.onSuccess(done -> users.forget(userId));
    }

    /** After the revision no ingest in flight can bring news for this user, so that all of it is cancelled. */
    private Future<Void> retire(SqlConnection connection, UUID userId) {
        return rules.restAll(connection, userId)
                .compose(ruleIds -> releases.restAll(connection, userId)
                        .compose(releaseIds -> polls.retire(connection, ruleIds, releaseIds)
                                .compose(retired -> record(connection, ruleIds, releaseIds))))
                .compose(recorded -> notifications.cancel(connection, userId));
    }

    private Future<Void> record(SqlConnection connection, List<UUID> ruleIds, List<UUID> releaseIds) {
        return writes.record(connection, WatchKind.RULE, ruleIds)
                .compose(recorded -> writes.record(connection, WatchKind.RELEASE, releaseIds));
    }

    private <T> Future<T> refused(SqlConnection connection, UUID userId) {
        return rows.exists(connection, userId).map(exists -> {
            throw exists ? ApiException.http(403, INACTIVE) : notFound();
        });
    }

    static <T> T found(Optional<T> something) {
        return something.orElseThrow(Accounts::notFound);
    }

    private static ApiException notFound() {
        return ApiException.http(404, "User profile not found");
    }
}

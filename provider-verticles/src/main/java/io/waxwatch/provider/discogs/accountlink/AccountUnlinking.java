package io.waxwatch.provider.discogs.accountlink;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.waxwatch.common.bus.BusMessage.DiscogsDisconnect;
import io.waxwatch.common.bus.BusMessage.DiscogsDisconnected;
import io.waxwatch.common.database.Database;
import java.util.UUID;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes links. It needs neither Discogs (which has no call to revoke a token: its owner does that on its site) nor a key, so it
 * works also where linking is disabled.
 */
public final class AccountUnlinking {

    private static final Logger log = LoggerFactory.getLogger(AccountUnlinking.class);

    private final Database database;
    private final AccountLinkStore store;
    private final BiFunction<SqlConnection, UUID, Future<Integer>> onDisconnect;

    /** @param onDisconnect ends what uses a user's link, in the transaction that removes it; answers how many */
    public AccountUnlinking(
            Database database, AccountLinkStore store, BiFunction<SqlConnection, UUID, Future<Integer>> onDisconnect) {
        this.database = database;
        this.store = store;
        this.onDisconnect = onDisconnect;
    }

    /** Removes the link with its token and all authorizations under way, and ends what uses it. */
    public Future<DiscogsDisconnected> disconnect(DiscogsDisconnect wish) {
        return database.transaction(connection -> store.lock(connection, wish.userId())
                        .compose(link -> link.isEmpty()
                                ? Future.succeededFuture(false)
                                : store.unlink(
                                                connection,
                                                wish.userId(),
                                                link.get().id())
                                        .compose(gone -> onDisconnect.apply(connection, wish.userId()))
                                        .map(true)))
                .onSuccess(gone ->
                        log.info("discogs.link.disconnected", kv("user_id", wish.userId()), kv("was_linked", gone)))
                .map(DiscogsDisconnected::new);
    }
}

package io.waxwatch.provider.discogs.accountlink;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.waxwatch.common.secrets.TokenCipher;
import io.waxwatch.common.secrets.TokenCipher.KeyUnavailable;
import io.waxwatch.common.secrets.TokenCipher.Unreadable;
import io.waxwatch.provider.discogs.accountlink.AccountLinkStore.Stale;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals stored tokens anew, link by link. May be killed at any point and run again, for what is done is not found any more; may run
 * beside providers that link, use and end links, for what has changed meanwhile stays as it is.
 */
public final class TokenSealing {

    private static final Logger log = LoggerFactory.getLogger(TokenSealing.class);

    /** Every version that this build makes. */
    private static final String OURS = TokenCipher.PREFIX + "v[23]:";

    /** Rounds over links that others changed under our hands. */
    private static final int MOST_ROUNDS = 5;

    private final AccountLinkStore store;
    private final TokenCipher cipher;

    public TokenSealing(AccountLinkStore store, TokenCipher cipher) {
        this.store = store;
        this.cipher = cipher;
    }

    /**
     * What was done.
     *
     * @param resealed links of which nothing had to stay
     * @param changed links that somebody else changed at that moment, and which may need it still
     * @param unreadable texts that nobody here can read: their owners have to link their accounts anew
     * @param waiting texts whose own key cannot be used at present
     */
    public record Done(int resealed, int changed, int unreadable, int waiting) {

        static final Done NOTHING = new Done(0, 0, 0, 0);

        Done and(Done more) {
            return new Done(
                    resealed + more.resealed,
                    changed + more.changed,
                    unreadable + more.unreadable,
                    waiting + more.waiting);
        }
    }

    /**
     * Seals what an adopted database holds in plain text or in the former system's envelope, in its own columns or in the metadata.
     * Fails with {@link KeyUnavailable} when nothing can be sealed at present.
     */
    public Future<Done> adopt() {
        return walk(
                OURS,
                text -> text.startsWith(TokenCipher.PREFIX + "v2:") || text.startsWith(TokenCipher.PREFIX + "v3:"));
    }

    /** Seals with the present key whatever is sealed otherwise; fails as {@link #adopt}. */
    public Future<Done> rotate() {
        return rotate(MOST_ROUNDS, 0);
    }

    private Future<Done> rotate(int rounds, int resealedBefore) {
        return cipher.currentPrefix()
                .compose(prefix -> walk(prefix, text -> text.startsWith(prefix)))
                .compose(done -> done.changed() > 0 && rounds > 1
                        ? rotate(rounds - 1, resealedBefore + done.resealed())
                        : Future.succeededFuture(new Done(resealedBefore, 0, 0, 0).and(done)));
    }

    /** The former system takes our envelopes for plain text and puts its own around them: opened until there is none left. */
    static Future<String> plain(TokenCipher cipher, String stored, UUID userId) {
        return TokenCipher.isEnvelope(stored)
                ? cipher.open(stored, userId).compose(inner -> plain(cipher, inner, userId))
                : Future.succeededFuture(stored);
    }

    private Future<Done> walk(String fresh, Predicate<String> isFresh) {
        return walk(new UUID(0, 0), fresh, isFresh, Done.NOTHING);
    }

    private Future<Done> walk(UUID after, String fresh, Predicate<String> isFresh, Done before) {
        return store.stale(after, fresh).compose(links -> {
            if (links.isEmpty()) {
                return Future.succeededFuture(before);
            }
            Future<Done> all = Future.succeededFuture(before);
            for (Stale link : links) {
                all = all.compose(done -> new Renewal(link, isFresh).run().map(done::and));
            }
            return all.compose(done -> walk(last(links), fresh, isFresh, done));
        });
    }

    private static UUID last(List<Stale> links) {
        return links.get(links.size() - 1).id();
    }

    /** One link, and what of it had to stay. */
    private final class Renewal {

        private final Stale link;
        private final Predicate<String> isFresh;
        private int unreadable;
        private int waiting;

        Renewal(Stale link, Predicate<String> isFresh) {
            this.link = link;
            this.isFresh = isFresh;
        }

        Future<Done> run() {
            Future<String> renewedToken = link.token() == null ? Future.succeededFuture() : renewed(link.token());
            return renewedToken.compose(token -> LinkMetadata.renewed(link.metadata(), this::renewed)
                    .compose(metadata -> store.seal(link, token, metadata))
                    .map(this::done));
        }

        private Done done(boolean ours) {
            boolean whole = unreadable + waiting == 0;
            return new Done(ours && whole ? 1 : 0, ours ? 0 : 1, unreadable, waiting);
        }

        /** As it is when nobody here can read it. */
        private Future<String> renewed(String text) {
            if (isFresh.test(text)) {
                return Future.succeededFuture(text);
            }
            return plain(cipher, text, link.userId())
                    .transform(opened -> opened.succeeded()
                            ? cipher.seal(opened.result(), link.userId())
                            : left(text, opened.cause()));
        }

        private Future<String> left(String text, Throwable cause) {
            if (cause instanceof Unreadable) {
                unreadable++;
            } else if (cause instanceof KeyUnavailable key && key.reason() != KeyUnavailable.Reason.AWAY) {
                waiting++;
            } else {
                return Future.failedFuture(cause);
            }
            log.warn("discogs.link.unreadable", kv("user_id", link.userId()), kv("error", cause.getMessage()));
            return Future.succeededFuture(text);
        }
    }
}

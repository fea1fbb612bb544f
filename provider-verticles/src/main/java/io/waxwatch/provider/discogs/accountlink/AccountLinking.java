package io.waxwatch.provider.discogs.accountlink;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.bus.BusMessage.DiscogsConnect;
import io.waxwatch.common.bus.BusMessage.DiscogsLinkFinish;
import io.waxwatch.common.bus.BusMessage.DiscogsLinkStart;
import io.waxwatch.common.bus.BusMessage.DiscogsLinkStarted;
import io.waxwatch.common.bus.BusMessage.DiscogsLinked;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.digests.Digests;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.json.KeptJson;
import io.waxwatch.common.secrets.TokenCipher;
import io.waxwatch.provider.discogs.accountlink.AccountLinkStore.Linked;
import io.waxwatch.provider.discogs.accountlink.AccountLinkStore.Pending;
import io.waxwatch.provider.discogs.client.DiscogsClient;
import io.waxwatch.provider.discogs.client.OAuthSigner;
import io.waxwatch.provider.http.CallOrigin;
import io.waxwatch.provider.http.OutboundCall;
import io.waxwatch.provider.http.ProviderFailure;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Links users to their Discogs accounts: OAuth 1.0a behind two routes whose callers think of OAuth 2 (the {@code code} they
 * bring back is the verifier). A link is replaced only when a new one is complete. Tokens are sealed before they are stored, and
 * are in no log and no failure.
 */
public final class AccountLinking {

    /** The way out of a link that cannot be finished. */
    private static final String BEGIN = "; begin anew by POST /api/integrations/discogs/oauth/start";

    private static final Logger log = LoggerFactory.getLogger(AccountLinking.class);

    private static final int STATE_BYTES = 24;
    private static final int MAX_USERNAME = 120;
    private static final String TOKEN = "oauth_token";
    private static final String TOKEN_SECRET = "oauth_token_secret";

    private final Database database;
    private final AccountLinkStore store;
    private final DiscogsClient discogs;
    private final Optional<OAuthSigner> signer;
    private final TokenCipher cipher;
    private final LinkSettings settings;
    private final Function<UUID, CallOrigin> askers;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param signer empty without a consumer of ours at Discogs: then only personal tokens can be stored
     * @param askers make calls a user's
     */
    public AccountLinking(
            Database database,
            AccountLinkStore store,
            DiscogsClient discogs,
            Optional<OAuthSigner> signer,
            TokenCipher cipher,
            LinkSettings settings,
            Function<UUID, CallOrigin> askers,
            Clock clock) {
        this.database = database;
        this.store = store;
        this.discogs = discogs;
        this.signer = signer;
        this.cipher = cipher;
        this.settings = settings;
        this.askers = askers;
        this.clock = clock;
    }

    /** Asks for a request token and remembers it, for the user to authorize. */
    public Future<DiscogsLinkStarted> start(DiscogsLinkStart wish) {
        OAuthSigner oauth = requireSigner();
        String state = newState();
        List<String> scopes = wish.scopes() == null || wish.scopes().isEmpty() ? settings.scopes() : wish.scopes();
        OffsetDateTime expiresAt =
                OffsetDateTime.ofInstant(clock.instant().plus(settings.stateLifetime()), ZoneOffset.UTC);
        String callback = settings.callback() + "?state=" + state;
        return discogs.requestToken(oauth.requestToken(callback), askers.apply(wish.userId()))
                .recover(cause -> upstream("Discogs request token failed", wish.userId(), cause))
                .map(fields -> pair(fields, "Discogs request token failed"))
                .compose(pair -> cipher.seal(pair.secret(), wish.userId())
                        .compose(envelope -> store.begin(
                                Digests.sha256(state), wish.userId(), pair.token(), envelope, scopes, expiresAt))
                        .map(begun -> new DiscogsLinkStarted(
                                settings.authorizePage() + "?oauth_token=" + OutboundCall.encode(pair.token()),
                                state,
                                scopes,
                                expiresAt.toString())));
    }

    /** Completes an authorization: exchanges the verifier, asks whose account it is, and replaces the link. */
    public Future<DiscogsLinked> finish(DiscogsLinkFinish back) {
        OAuthSigner oauth = requireSigner();
        UUID userId = back.userId();
        return store.pending(userId, Digests.sha256(back.state()))
                .map(AccountLinking::usable)
                .compose(pending -> cipher.open(pending.requestSecret(), userId)
                        .compose(secret -> discogs.accessToken(
                                        oauth.accessToken(pending.requestToken(), secret, back.code()),
                                        askers.apply(userId))
                                .recover(cause -> upstream("Discogs token exchange failed", userId, cause)))
                        .map(fields -> pair(fields, "Discogs token exchange missing access_token"))
                        .compose(access -> username(oauth.call(access.token(), access.secret()), userId)
                                .compose(username -> complete(back, pending, username, access))));
    }

    /** Stores what a user brings; a token must be that account's own. */
    public Future<DiscogsLinked> connect(DiscogsConnect given) {
        Optional<Credential> credential =
                Optional.ofNullable(given.accessToken()).map(Credential.Personal::new);
        return verified(given)
                .compose(username -> sealed(credential, given.userId())
                        .compose(envelope -> database.transaction(connection -> store.link(
                                connection,
                                given.userId(),
                                username,
                                envelope,
                                credential.map(Credential::type).orElse(null),
                                null,
                                metadata(given.metadata())))))
                .map(linked -> answer(given.userId(), linked));
    }

    /** The account to ask in the user's name; empty without a link or without a token. */
    public Future<Optional<Account>> account(UUID userId) {
        return store.find(userId).compose(stored -> {
            if (stored.isEmpty() || stored.get().sealed() == null) {
                return Future.succeededFuture(Optional.empty());
            }
            return TokenSealing.plain(cipher, stored.get().sealed(), userId)
                    .map(plain -> Credential.of(stored.get().tokenType(), plain))
                    .map(credential -> Optional.of(new Account(stored.get().username(), () -> header(credential))));
        });
    }

    private Future<String> sealed(Optional<Credential> credential, UUID userId) {
        return credential.map(given -> cipher.seal(given.plain(), userId)).orElse(Future.succeededFuture(null));
    }

    private String header(Credential credential) {
        if (credential instanceof Credential.OAuth1 oauth) {
            return requireSigner().call(oauth.token(), oauth.secret());
        }
        return personal(credential.plain());
    }

    private static String personal(String token) {
        return "Discogs token=" + token;
    }

    private OAuthSigner requireSigner() {
        return signer.orElseThrow(() -> new Failure(
                FailureKind.UNAVAILABLE,
                "Discogs account linking is disabled: missing required config: discogs_oauth_client_id,"
                        + " discogs_oauth_client_secret"));
    }

    private static Pending usable(Optional<Pending> found) {
        Pending pending = found.orElseThrow(() -> unmet("OAuth session not started" + BEGIN));
        if (!pending.ours()) {
            throw unmet("Invalid OAuth state" + BEGIN);
        }
        if (pending.expired()) {
            throw unmet("OAuth state expired" + BEGIN);
        }
        return pending;
    }

    private Future<DiscogsLinked> complete(
            DiscogsLinkFinish back, Pending pending, String username, Credential.OAuth1 access) {
        return cipher.seal(access.plain(), back.userId())
                .compose(envelope -> database.transaction(connection -> store.useUp(
                                connection, back.userId(), Digests.sha256(back.state()))
                        .compose(ours -> ours
                                ? store.link(
                                        connection,
                                        back.userId(),
                                        username,
                                        envelope,
                                        access.type(),
                                        pending.scopes(),
                                        null)
                                : Future.failedFuture(unmet("OAuth session not started" + BEGIN)))))
                .map(linked -> answer(back.userId(), linked));
    }

    private static DiscogsLinked answer(UUID userId, Linked linked) {
        log.info("discogs.link.connected", kv("user_id", userId));
        return new DiscogsLinked(linked.username(), linked.at().toString());
    }

    private Future<String> username(String authorization, UUID userId) {
        return discogs.identity(authorization, askers.apply(userId))
                .recover(cause -> upstream("Discogs identity lookup failed", userId, cause))
                .map(name -> name.filter(text -> text.length() <= MAX_USERNAME)
                        .orElseThrow(() -> new Failure(FailureKind.UPSTREAM, "Discogs identity missing username")));
    }

    /** The account's name as Discogs writes it, where there is a token to ask with. */
    private Future<String> verified(DiscogsConnect given) {
        if (given.accessToken() == null) {
            // Typed by hand: with a blank around it, it would be another account, and that one's token would go.
            String typed = given.externalUserId().strip();
            return Future.succeededFuture(typed.isEmpty() ? given.externalUserId() : typed);
        }
        if (!given.accessToken().chars().allMatch(c -> c > ' ' && c < 127)) {
            // It could not even be sent.
            return Future.failedFuture(notTheirs());
        }
        return discogs.identity(personal(given.accessToken()), askers.apply(given.userId()))
                .recover(cause ->
                        cause instanceof ProviderFailure failure && failure.kind() == ProviderFailure.Kind.UNAUTHORIZED
                                ? Future.failedFuture(notTheirs())
                                : upstream("Discogs identity lookup failed", given.userId(), cause))
                .map(name -> name.filter(text ->
                                lower(text).equals(lower(given.externalUserId().strip())))
                        .orElseThrow(AccountLinking::notTheirs));
    }

    private static Failure notTheirs() {
        return new Failure(
                FailureKind.CALLER,
                "access_token is not a token of this Discogs account;"
                        + " make one at Discogs under Settings, Developers, and name its account in external_user_id");
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** What a caller wants remembered, without anything that looks like a secret. */
    private static JsonObject metadata(String json) {
        if (json == null) {
            return null;
        }
        try {
            return LinkMetadata.withoutSecrets(new JsonObject(KeptJson.object(json)));
        } catch (DecodeException malformed) {
            throw new Failure(FailureKind.CALLER, "token_metadata is not an object; give one, or leave it out");
        }
    }

    private static Credential.OAuth1 pair(Map<String, String> fields, String complaint) {
        String token = fields.getOrDefault(TOKEN, "");
        String secret = fields.getOrDefault(TOKEN_SECRET, "");
        if (token.isEmpty() || secret.isEmpty()) {
            throw new Failure(FailureKind.UPSTREAM, complaint);
        }
        return new Credential.OAuth1(token, secret);
    }

    private static <T> Future<T> upstream(String text, UUID userId, Throwable cause) {
        String error =
                cause instanceof ProviderFailure failure ? failure.errorType().code() : "internal";
        log.warn("discogs.link.failed", kv("user_id", userId), kv("step", text), kv("error", error));
        return Future.failedFuture(new Failure(FailureKind.UPSTREAM, text));
    }

    private static Failure unmet(String text) {
        return new Failure(FailureKind.UNMET, text);
    }

    private String newState() {
        byte[] bytes = new byte[STATE_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}

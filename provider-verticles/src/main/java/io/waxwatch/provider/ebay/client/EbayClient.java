package io.waxwatch.provider.ebay.client;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.waxwatch.common.outbound.OutboundAnswer;
import io.waxwatch.provider.http.CallLane;
import io.waxwatch.provider.http.CallOrigin;
import io.waxwatch.provider.http.CallPurpose;
import io.waxwatch.provider.http.CallQuota;
import io.waxwatch.provider.http.CallRecorder;
import io.waxwatch.provider.http.ErrorType;
import io.waxwatch.provider.http.HeldUntil;
import io.waxwatch.provider.http.OutboundCall;
import io.waxwatch.provider.http.OutboundChain;
import io.waxwatch.provider.http.OutboundHost;
import io.waxwatch.provider.http.OutboundMetrics;
import io.waxwatch.provider.http.OutboundMetrics.BreakerState;
import io.waxwatch.provider.http.ProviderFailure;
import io.waxwatch.provider.http.ProviderFailure.Kind;
import java.security.PublicKey;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * eBay's Browse API. Every failure is a {@link ProviderFailure}; a failed search is never an empty page.
 *
 * <p>One per process; it owns its connections, see {@link #close()}. Any event loop may call it.
 */
public final class EbayClient {

    /** Wire name. */
    public static final String PROVIDER = "ebay";

    /** What eBay counts together. */
    public static final String BROWSE_PATH = "/buy/browse/v1/";

    /** The endpoint of a search, as it is recorded. */
    public static final String SEARCH_PATH = BROWSE_PATH + "item_summary/search";

    private static final String NOTIFICATION_KEY_PATH = "/commerce/notification/v1/public_key/";

    private static final String LABEL = "eBay";

    private final EbayOptions options;
    private final CallRecorder recorder;
    private final OutboundHost host;
    private final OutboundChain searches;
    private final OutboundChain notificationKeys;
    private final EbayTokens tokens;

    /** @param quota of searches; that of tokens is another, and the client's own */
    public EbayClient(
            Vertx vertx,
            EbayOptions options,
            CallQuota quota,
            OutboundMetrics metrics,
            CallRecorder recorder,
            Clock clock,
            RandomGenerator random) {
        this.options = options;
        this.recorder = recorder;
        this.host = new OutboundHost(vertx, options.http(), metrics, clock, random);
        this.searches = host.under(quota);
        // Counted apart at eBay: a search that is told to wait is no reason to leave a notification unread.
        this.notificationKeys = host.under(HeldUntil.of("eBay notifications", options.http(), clock));
        var tokenQuota = HeldUntil.of(EbayTokens.LABEL, options.http(), clock);
        this.tokens = new EbayTokens(vertx, host.under(tokenQuota), options, clock);
    }

    /** One page of a poll that serves everybody, recorded by the client's own recorder. */
    public Future<EbayPage> search(EbaySearch search) {
        return search(search, CallPurpose.everybody(CallLane.DUE));
    }

    /** One page, recorded by the client's own recorder. */
    public Future<EbayPage> search(EbaySearch search, CallPurpose purpose) {
        return search(search, new CallOrigin(purpose, recorder));
    }

    /** One page, recorded for whoever asked. Without credentials nothing is sent. */
    public Future<EbayPage> search(EbaySearch search, CallOrigin onBehalf) {
        return authorised(onBehalf, token -> page(search, token, onBehalf));
    }

    /**
     * The public key that eBay signs notifications with, by the id in their header.
     *
     * @param keyId letters, digits, hyphens and underscores
     * @return a P-256 key, or a {@link ProviderFailure}: REJECTED when eBay knows no such key
     */
    public Future<PublicKey> notificationKey(String keyId) {
        var onBehalf = new CallOrigin(CallPurpose.everybody(CallLane.INTERACTIVE), recorder);
        return authorised(onBehalf, token -> {
            OutboundCall call = OutboundCall.get(
                    LABEL,
                    NOTIFICATION_KEY_PATH + OutboundCall.encode(keyId),
                    Map.of(),
                    Map.of("Authorization", "Bearer " + token, "Accept", "application/json"),
                    EbayClient::meta,
                    onBehalf.purpose());
            return notificationKeys.call(
                    call, answer -> EbayBodies.notificationKey(answer.body()), onBehalf.recorder());
        });
    }

    /** Whether eBay is asked at present. */
    public BreakerState breaker() {
        return host.breaker();
    }

    /** Ends the connections; searches in flight fail. */
    public Future<Void> close() {
        return host.close();
    }

    private <T> Future<T> authorised(CallOrigin onBehalf, Function<String, Future<T>> call) {
        if (!options.hasCredentials()) {
            return Future.failedFuture(
                    ProviderFailure.of(Kind.UNAUTHORIZED, ErrorType.UNAUTHORIZED, "eBay credentials missing")
                            .withStatus(401));
        }
        return tokens.get(onBehalf)
                .compose(token -> call.apply(token)
                        .recover(cause ->
                                isUnauthorized(cause) ? replay(call, token, onBehalf) : Future.failedFuture(cause)));
    }

    /** Once, with a new token: a second refusal is about the keyset, not about the token's age. */
    private <T> Future<T> replay(Function<String, Future<T>> call, String refused, CallOrigin onBehalf) {
        tokens.forget(refused);
        return tokens.get(onBehalf)
                .compose(fresh -> call.apply(fresh).onFailure(cause -> {
                    if (isUnauthorized(cause)) {
                        tokens.hold((ProviderFailure) cause);
                    }
                }));
    }

    private Future<EbayPage> page(EbaySearch search, String token, CallOrigin onBehalf) {
        OutboundCall call = OutboundCall.get(
                LABEL, SEARCH_PATH, search.query(), headers(search, token), EbayClient::meta, onBehalf.purpose());
        return searches.call(
                call, answer -> EbayBodies.page(answer.body(), options.http().baseUri()), onBehalf.recorder());
    }

    private Map<String, String> headers(EbaySearch search, String token) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Authorization", "Bearer " + token);
        headers.put("Accept", "application/json");
        headers.put(
                "X-EBAY-C-MARKETPLACE-ID",
                search.marketplaceId() == null ? options.marketplaceId() : search.marketplaceId());
        if (options.campaignId() != null) {
            // The value is encoded within the header, or eBay encodes it twice into the links.
            headers.put("X-EBAY-C-ENDUSERCTX", "affiliateCampaignId=" + OutboundCall.encode(options.campaignId()));
        }
        return headers;
    }

    private static boolean isUnauthorized(Throwable cause) {
        return cause instanceof ProviderFailure failure && failure.kind() == Kind.UNAUTHORIZED;
    }

    /** What an answer says is left of the day; negative when it does not say, as real answers do not. */
    public static int remaining(OutboundAnswer answer) {
        Integer left = answer.intHeader("x-ebay-c-remaining-request-limit");
        return left == null ? -1 : left;
    }

    static Map<String, Object> meta(OutboundAnswer answer) {
        Map<String, Object> meta = new LinkedHashMap<>();
        String requestId = answer.header("x-ebay-c-request-id");
        putIfPresent(meta, "request_id", requestId == null ? answer.header("x-ebay-request-id") : requestId);
        putIfPresent(meta, "rate_limit_remaining", answer.intHeader("x-ebay-c-remaining-request-limit"));
        if (answer.status() >= 400) {
            EbayBodies.errors(answer.body()).stream()
                    .mapToLong(EbayBodies.EbayError::errorId)
                    .filter(id -> id > 0)
                    .findFirst()
                    .ifPresent(id -> meta.put("provider_error_id", id));
        }
        return meta;
    }

    private static void putIfPresent(Map<String, Object> meta, String key, Object value) {
        if (value != null) {
            meta.put(key, value);
        }
    }
}

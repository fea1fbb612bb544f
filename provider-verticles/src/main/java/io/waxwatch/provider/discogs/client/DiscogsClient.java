package io.waxwatch.provider.discogs.client;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.waxwatch.common.outbound.OutboundAnswer;
import io.waxwatch.provider.discogs.client.DiscogsBodies.ShelfPage;
import io.waxwatch.provider.http.AnswerReader;
import io.waxwatch.provider.http.CallLane;
import io.waxwatch.provider.http.CallOrigin;
import io.waxwatch.provider.http.CallPurpose;
import io.waxwatch.provider.http.CallQuota;
import io.waxwatch.provider.http.CallRecorder;
import io.waxwatch.provider.http.Money;
import io.waxwatch.provider.http.OutboundCall;
import io.waxwatch.provider.http.OutboundChain;
import io.waxwatch.provider.http.OutboundHost;
import io.waxwatch.provider.http.OutboundMetrics;
import io.waxwatch.provider.http.OutboundMetrics.BreakerState;
import io.waxwatch.provider.http.ProviderFailure;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * The Discogs API v2. It has no call that lists the offers of a release: what there is are a release's cheapest price and one
 * seller's inventory. Every failure is a {@link ProviderFailure}.
 *
 * <p>One per process; it owns its connections, see {@link #close()}. Any event loop may call it.
 */
public final class DiscogsClient {

    /** Wire name. */
    public static final String PROVIDER = "discogs";

    /** Foreign inventories end there, whatever {@code pagination.pages} says. */
    public static final int MAX_INVENTORY_PAGE = 100;

    /** Far more than anybody types; the address of a call must not grow without end. */
    private static final int MAX_SEARCH = 200;

    private static final String LABEL = "Discogs";

    private final DiscogsOptions options;
    /** Polls serve everybody. */
    private final CallOrigin polls;

    private final OutboundHost host;
    private final OutboundChain calls;

    public DiscogsClient(
            Vertx vertx,
            DiscogsOptions options,
            CallQuota quota,
            OutboundMetrics metrics,
            CallRecorder recorder,
            Clock clock,
            RandomGenerator random) {
        this.options = options;
        this.polls = new CallOrigin(CallPurpose.everybody(CallLane.DUE), recorder);
        this.host = new OutboundHost(vertx, options.http(), metrics, clock, random);
        this.calls = host.under(quota);
    }

    /** The cheapest offer of a release, for everybody, recorded by the client's own recorder. */
    public Future<ReleaseFloor> floor(long releaseId, String currency) {
        return floor(releaseId, currency, polls);
    }

    /** The cheapest offer of a release, recorded by the client's own recorder. */
    public Future<ReleaseFloor> floor(long releaseId, String currency, CallPurpose purpose) {
        return floor(releaseId, currency, new CallOrigin(purpose, polls.recorder()));
    }

    /**
     * The cheapest offer of a release, recorded for whoever asked.
     *
     * @return {@code REJECTED} with "unknown release" when Discogs does not know it
     */
    public Future<ReleaseFloor> floor(long releaseId, String currency, CallOrigin onBehalf) {
        String asked = Money.currency(currency)
                .orElseThrow(() -> new IllegalArgumentException("a currency has three letters"));
        OutboundCall call = get("/marketplace/stats/" + releaseId, Map.of("curr_abbr", asked), onBehalf);
        return ask(call, answer -> DiscogsBodies.floor(answer.body(), releaseId, asked), onBehalf)
                .recover(cause -> Future.failedFuture(nameUnknownRelease(cause)));
    }

    /** The newest offers of one seller, 100 to a page, recorded by the client's own recorder. */
    public Future<DiscogsBodies.InventoryPage> inventory(String username, int page) {
        return inventory(username, page, polls);
    }

    /** The newest offers of one seller, recorded for whoever asked. */
    public Future<DiscogsBodies.InventoryPage> inventory(String username, int page, CallOrigin onBehalf) {
        if (username.isBlank() || page < 1 || page > MAX_INVENTORY_PAGE) {
            throw new IllegalArgumentException("an inventory has a user name and pages 1..100");
        }
        Map<String, String> query = new LinkedHashMap<>();
        query.put("status", "For Sale");
        query.put("sort", "listed");
        query.put("sort_order", "desc");
        query.put("per_page", "100");
        query.put("page", Integer.toString(page));
        OutboundCall call = get("/users/" + OutboundCall.encode(username) + "/inventory", query, onBehalf);
        return ask(call, answer -> DiscogsBodies.inventory(answer.body()), onBehalf);
    }

    /**
     * The first 100 releases of the catalogue with these words: records, none of them an offer.
     *
     * @param words not blank; what is longer than 200 characters is cut at a blank
     */
    public Future<DiscogsBodies.CataloguePage> searchReleases(String words, CallOrigin onBehalf) {
        if (words.isBlank()) {
            throw new IllegalArgumentException("a search needs words");
        }
        Map<String, String> query = new LinkedHashMap<>();
        query.put("q", cut(words.strip()));
        query.put("type", "release");
        query.put("per_page", "100");
        OutboundCall call = get("/database/search", query, onBehalf).asDoubtful();
        return ask(call, answer -> DiscogsBodies.search(answer.body()), onBehalf);
    }

    /**
     * A release of the catalogue.
     *
     * @return fails with the status 404 when Discogs does not know it
     */
    public Future<DiscogsBodies.Release> release(long releaseId, CallOrigin onBehalf) {
        return ask(
                get("/releases/" + releaseId, Map.of(), onBehalf),
                answer -> DiscogsBodies.release(answer.body()),
                onBehalf);
    }

    /** OAuth, first step: a request token and its secret, under {@code oauth_token} and {@code oauth_token_secret}. */
    public Future<Map<String, String>> requestToken(String authorization, CallOrigin onBehalf) {
        return token(HttpMethod.GET, "/oauth/request_token", authorization, null, onBehalf);
    }

    /** OAuth, third step: an access token and its secret, under the same names. */
    public Future<Map<String, String>> accessToken(String authorization, CallOrigin onBehalf) {
        return token(HttpMethod.POST, "/oauth/access_token", authorization, Buffer.buffer(), onBehalf);
    }

    private Future<Map<String, String>> token(
            HttpMethod method, String path, String authorization, Buffer body, CallOrigin onBehalf) {
        var call = new OutboundCall(
                LABEL,
                method,
                path,
                Map.of(),
                headers(authorization),
                body,
                DiscogsClient::meta,
                onBehalf.purpose(),
                false);
        return ask(call, answer -> DiscogsBodies.form(answer.body()), onBehalf);
    }

    /** Whose credential it is; empty when Discogs answers without a name. */
    public Future<Optional<String>> identity(String authorization, CallOrigin onBehalf) {
        OutboundCall call = OutboundCall.get(
                LABEL, "/oauth/identity", Map.of(), headers(authorization), DiscogsClient::meta, onBehalf.purpose());
        return ask(call, answer -> DiscogsBodies.username(answer.body()), onBehalf);
    }

    /** A page of 100 of a user's wantlist, in the user's name. */
    public Future<Shelf> wantlist(String username, int page, String authorization, CallOrigin onBehalf) {
        return shelf("/wants", username, page, authorization, DiscogsBodies::wants, onBehalf);
    }

    /** A page of 100 of all folders of a user's collection, in the user's name. */
    public Future<Shelf> collection(String username, int page, String authorization, CallOrigin onBehalf) {
        return shelf(
                "/collection/folders/0/releases", username, page, authorization, DiscogsBodies::collection, onBehalf);
    }

    private Future<Shelf> shelf(
            String path,
            String username,
            int page,
            String authorization,
            Function<Buffer, ShelfPage> reader,
            CallOrigin onBehalf) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("page", Integer.toString(page));
        query.put("per_page", "100");
        OutboundCall call = OutboundCall.get(
                LABEL,
                "/users/" + OutboundCall.encode(username) + path,
                query,
                headers(authorization),
                DiscogsClient::meta,
                onBehalf.purpose());
        return ask(
                call,
                answer -> new Shelf(reader.apply(answer.body()), answer.intHeader("X-Discogs-Ratelimit-Remaining")),
                onBehalf);
    }

    /**
     * A page of a wantlist or of a collection.
     *
     * @param callsLeft what Discogs says is left of this minute for our address, one call late; null when it does not say
     */
    public record Shelf(ShelfPage page, Integer callsLeft) {}

    /** Whether Discogs is asked at present. */
    public BreakerState breaker() {
        return host.breaker();
    }

    /** How long any of these calls can take. */
    public Duration longestCall() {
        return options.http().longestCall();
    }

    /** Ends the connections; calls in flight fail. */
    public Future<Void> close() {
        return host.close();
    }

    private static String cut(String words) {
        if (words.length() <= MAX_SEARCH) {
            return words;
        }
        int blank = words.lastIndexOf(' ', MAX_SEARCH);
        return words.substring(0, blank > 0 ? blank : MAX_SEARCH);
    }

    private <T> Future<T> ask(OutboundCall call, AnswerReader<T> reader, CallOrigin onBehalf) {
        return calls.call(call, reader, onBehalf.recorder());
    }

    private OutboundCall get(String path, Map<String, String> query, CallOrigin onBehalf) {
        String authorization = options.token() == null ? null : "Discogs token=" + options.token();
        return OutboundCall.get(LABEL, path, query, headers(authorization), DiscogsClient::meta, onBehalf.purpose());
    }

    private Map<String, String> headers(String authorization) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("User-Agent", options.userAgent());
        headers.put("Accept", "application/vnd.discogs.v2.discogs+json");
        if (authorization != null) {
            headers.put("Authorization", authorization);
        }
        return headers;
    }

    private static Throwable nameUnknownRelease(Throwable cause) {
        return cause instanceof ProviderFailure failure && failure.statusCode().orElse(0) == 404
                ? failure.withText("unknown release")
                : cause;
    }

    /** What an answer says is left of the minute, a little late; negative when it does not say. */
    public static int remaining(OutboundAnswer answer) {
        Integer left = answer.intHeader("X-Discogs-Ratelimit-Remaining");
        return left == null ? -1 : left;
    }

    private static Map<String, Object> meta(OutboundAnswer answer) {
        Map<String, Object> meta = new LinkedHashMap<>();
        Map<String, Object> headers = new LinkedHashMap<>();
        for (String name : new String[] {
            "Retry-After", "X-Discogs-Ratelimit", "X-Discogs-Ratelimit-Remaining", "X-Discogs-Ratelimit-Used"
        }) {
            putIfPresent(headers, name, answer.header(name));
        }
        if (!headers.isEmpty()) {
            meta.put("headers", headers);
        }
        putIfPresent(meta, "rate_limit", answer.intHeader("X-Discogs-Ratelimit"));
        putIfPresent(meta, "rate_limit_remaining", answer.intHeader("X-Discogs-Ratelimit-Remaining"));
        putIfPresent(meta, "rate_limit_used", answer.intHeader("X-Discogs-Ratelimit-Used"));
        return meta;
    }

    private static void putIfPresent(Map<String, Object> map, String key, Object value) {
        if (value != null) {
            map.put(key, value);
        }
    }
}

package io.waxwatch.provider.discogs.client;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.waxwatch.common.outbound.OutboundAnswer;
import io.waxwatch.provider.discogs.client.DiscogsBodies.ShelfPage;
import io.waxwatch.provider.http.CallRecorder;
import io.waxwatch.provider.http.Money;
import io.waxwatch.provider.http.OutboundCall;
import io.waxwatch.provider.http.OutboundHttp;
import io.waxwatch.provider.http.OutboundMetrics;
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
 * <p>One per process; it owns its connections, see {@link #close()}. Any event loop may call it. The quota (60 a minute and
 * address) is the caller's to keep.
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
    private final CallRecorder recorder;
    private final OutboundHttp http;

    public DiscogsClient(
            Vertx vertx,
            DiscogsOptions options,
            OutboundMetrics metrics,
            CallRecorder recorder,
            Clock clock,
            RandomGenerator random) {
        this.options = options;
        this.recorder = recorder;
        this.http = new OutboundHttp(vertx, options.http(), metrics, clock, random);
    }

    /** The cheapest offer of a release, recorded by the client's own recorder. */
    public Future<ReleaseFloor> floor(long releaseId, String currency) {
        return floor(releaseId, currency, recorder);
    }

    /**
     * The cheapest offer of a release, recorded for whoever asked.
     *
     * @return {@code REJECTED} with "unknown release" when Discogs does not know it
     */
    public Future<ReleaseFloor> floor(long releaseId, String currency, CallRecorder onBehalf) {
        String asked = Money.currency(currency)
                .orElseThrow(() -> new IllegalArgumentException("a currency has three letters"));
        OutboundCall call = get("/marketplace/stats/" + releaseId, Map.of("curr_abbr", asked));
        return http.call(call, answer -> DiscogsBodies.floor(answer.body(), releaseId, asked), onBehalf)
                .recover(cause -> Future.failedFuture(nameUnknownRelease(cause)));
    }

    /** The newest offers of one seller, 100 to a page, recorded by the client's own recorder. */
    public Future<DiscogsBodies.InventoryPage> inventory(String username, int page) {
        return inventory(username, page, recorder);
    }

    /** The newest offers of one seller, recorded for whoever asked. */
    public Future<DiscogsBodies.InventoryPage> inventory(String username, int page, CallRecorder onBehalf) {
        if (username.isBlank() || page < 1 || page > MAX_INVENTORY_PAGE) {
            throw new IllegalArgumentException("an inventory has a user name and pages 1..100");
        }
        Map<String, String> query = new LinkedHashMap<>();
        query.put("status", "For Sale");
        query.put("sort", "listed");
        query.put("sort_order", "desc");
        query.put("per_page", "100");
        query.put("page", Integer.toString(page));
        OutboundCall call = get("/users/" + OutboundCall.encode(username) + "/inventory", query);
        return http.call(call, answer -> DiscogsBodies.inventory(answer.body()), onBehalf);
    }

    /**
     * The first 100 releases of the catalogue with these words: records, none of them an offer.
     *
     * @param words not blank; what is longer than 200 characters is cut at a blank
     */
    public Future<DiscogsBodies.CataloguePage> searchReleases(String words, CallRecorder onBehalf) {
        if (words.isBlank()) {
            throw new IllegalArgumentException("a search needs words");
        }
        Map<String, String> query = new LinkedHashMap<>();
        query.put("q", cut(words.strip()));
        query.put("type", "release");
        query.put("per_page", "100");
        OutboundCall call = get("/database/search", query).asDoubtful();
        return http.call(call, answer -> DiscogsBodies.search(answer.body()), onBehalf);
    }

    /**
     * A release of the catalogue.
     *
     * @return fails with the status 404 when Discogs does not know it
     */
    public Future<DiscogsBodies.Release> release(long releaseId, CallRecorder onBehalf) {
        return http.call(
                get("/releases/" + releaseId, Map.of()), answer -> DiscogsBodies.release(answer.body()), onBehalf);
    }

    /** OAuth, first step: a request token and its secret, under {@code oauth_token} and {@code oauth_token_secret}. */
    public Future<Map<String, String>> requestToken(String authorization, CallRecorder onBehalf) {
        return token(HttpMethod.GET, "/oauth/request_token", authorization, null, onBehalf);
    }

    /** OAuth, third step: an access token and its secret, under the same names. */
    public Future<Map<String, String>> accessToken(String authorization, CallRecorder onBehalf) {
        return token(HttpMethod.POST, "/oauth/access_token", authorization, Buffer.buffer(), onBehalf);
    }

    private Future<Map<String, String>> token(
            HttpMethod method, String path, String authorization, Buffer body, CallRecorder onBehalf) {
        var call = new OutboundCall(LABEL, method, path, Map.of(), headers(authorization), body, DiscogsClient::meta);
        return http.call(call, answer -> DiscogsBodies.form(answer.body()), onBehalf);
    }

    /** Whose credential it is; empty when Discogs answers without a name. */
    public Future<Optional<String>> identity(String authorization, CallRecorder onBehalf) {
        OutboundCall call =
                OutboundCall.get(LABEL, "/oauth/identity", Map.of(), headers(authorization), DiscogsClient::meta);
        return http.call(call, answer -> DiscogsBodies.username(answer.body()), onBehalf);
    }

    /** A page of 100 of a user's wantlist, in the user's name. */
    public Future<Shelf> wantlist(String username, int page, String authorization, CallRecorder onBehalf) {
        return shelf("/wants", username, page, authorization, DiscogsBodies::wants, onBehalf);
    }

    /** A page of 100 of all folders of a user's collection, in the user's name. */
    public Future<Shelf> collection(String username, int page, String authorization, CallRecorder onBehalf) {
        return shelf(
                "/collection/folders/0/releases", username, page, authorization, DiscogsBodies::collection, onBehalf);
    }

    private Future<Shelf> shelf(
            String path,
            String username,
            int page,
            String authorization,
            Function<Buffer, ShelfPage> reader,
            CallRecorder onBehalf) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("page", Integer.toString(page));
        query.put("per_page", "100");
        OutboundCall call = OutboundCall.get(
                LABEL,
                "/users/" + OutboundCall.encode(username) + path,
                query,
                headers(authorization),
                DiscogsClient::meta);
        return http.call(
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

    /** How long any of these calls can take. */
    public Duration longestCall() {
        return options.http().longestCall();
    }

    /** Ends the connections; calls in flight fail. */
    public Future<Void> close() {
        return http.close();
    }

    private static String cut(String words) {
        if (words.length() <= MAX_SEARCH) {
            return words;
        }
        int blank = words.lastIndexOf(' ', MAX_SEARCH);
        return words.substring(0, blank > 0 ? blank : MAX_SEARCH);
    }

    private OutboundCall get(String path, Map<String, String> query) {
        String authorization = options.token() == null ? null : "Discogs token=" + options.token();
        return OutboundCall.get(LABEL, path, query, headers(authorization), DiscogsClient::meta);
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

package io.waxwatch.sandbox.ebay;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.waxwatch.sandbox.control.Origins;
import io.waxwatch.sandbox.control.SandboxState;
import io.waxwatch.sandbox.market.EbayListing;
import io.waxwatch.sandbox.market.Marketplaces;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** eBay's identity, Browse and Analytics calls. */
public final class EbayRoutes {

    private static final String SCOPE = "https://api.ebay.com/oauth/api_scope";
    /** eBay documents 1,000 client credential grants a day. */
    private static final int TOKENS_PER_DAY = 1_000;

    private final SandboxState state;
    private final EbayTokens tokens;
    private final DayQuota browse;
    private final DayQuota grants;
    private long served;

    public EbayRoutes(SandboxState state) {
        this.state = state;
        this.tokens = new EbayTokens(state.options());
        this.browse = new DayQuota(state.options().clock());
        this.grants = new DayQuota(state.options().clock());
        state.onReset(browse::clear);
        state.onReset(grants::clear);
        state.onRevoke(tokens::revokeAll);
    }

    public void mount(Router router) {
        router.post("/identity/v1/oauth2/token")
                .handler(BodyHandler.create(false).setBodyLimit(16 * 1024))
                .handler(this::token);
        router.get("/buy/browse/v1/item_summary/search").handler(ctx -> browse(ctx, () -> search(ctx)));
        router.get("/buy/browse/v1/item/get_item_by_legacy_id")
                .handler(ctx -> browse(ctx, () -> item(ctx, ctx.request().getParam("legacy_item_id", ""))));
        // Both are for partners only, whatever the token.
        router.get("/buy/browse/v1/item/").handler(this::limitedRelease);
        router.post("/buy/browse/v1/item_summary/search_by_image").handler(this::limitedRelease);
        // By pattern, as the pipes of an item id may come encoded or plain.
        router.getWithRegex("/buy/browse/v1/item/(?<item>[^/]+)")
                .handler(ctx -> browse(ctx, () -> item(ctx, itemId(ctx.request()))));
        router.get("/developer/analytics/v1_beta/rate_limit/").handler(this::rateLimit);
        router.get("/developer/analytics/v1_beta/rate_limit").handler(this::rateLimit);
        router.get("/commerce/notification/v1/public_key/:key").handler(this::publicKey);
        for (String prefix : List.of("/buy/*", "/commerce/*", "/developer/*", "/identity/*")) {
            router.route(prefix).handler(ctx -> send(ctx, 404, EbayErrors.body(EbayErrors.NO_RESOURCE)));
        }
    }

    private void token(RoutingContext ctx) {
        MultiMap form = ctx.request().formAttributes();
        if (!grants.take(TOKENS_PER_DAY)) {
            send(ctx, 429, EbayErrors.body(EbayErrors.QUOTA));
        } else if (!tokens.isClient(ctx.request().getHeader(HttpHeaders.AUTHORIZATION))) {
            send(ctx, 401, oauth("invalid_client", "client authentication failed"));
        } else if (!"client_credentials".equals(form.get("grant_type"))) {
            send(
                    ctx,
                    400,
                    oauth(
                            "unsupported_grant_type",
                            "grant type in request is not supported by the authorization server"));
        } else if (form.get("scope") != null
                && !Arrays.stream(form.get("scope").split(" ")).allMatch(SCOPE::equals)) {
            send(
                    ctx,
                    400,
                    oauth(
                            "invalid_scope",
                            "The requested scope is invalid, unknown, malformed, or exceeds the scope granted to the client"));
        } else {
            send(
                    ctx,
                    200,
                    new JsonObject()
                            .put("access_token", tokens.issue())
                            .put("expires_in", state.options().tokenLifetime().toSeconds())
                            .put("token_type", "Application Access Token"));
        }
    }

    /** Token first, then the day's quota, then the call itself. */
    private void browse(RoutingContext ctx, Runnable call) {
        if (!authorised(ctx)) {
            return;
        }
        if (!browse.take(state.settings().ebayPerDay())) {
            send(ctx, 429, EbayErrors.body(EbayErrors.QUOTA));
            return;
        }
        call.run();
    }

    private void search(RoutingContext ctx) {
        String header = ctx.request().getHeader("X-EBAY-C-MARKETPLACE-ID");
        if (header != null && Marketplaces.isRefused(header)) {
            send(ctx, 409, EbayErrors.body(EbayErrors.unsupportedMarketplace(header)));
            return;
        }
        String marketplace = header != null && Marketplaces.isServed(header) ? header : Marketplaces.DEFAULT;
        var answer = new EbaySearch(ctx.queryParams(), marketplace, json(ctx.request())).run(state.market());
        send(ctx, answer.status(), answer.body());
    }

    private void item(RoutingContext ctx, String id) {
        Optional<EbayListing> listing = state.market().ebay().find(id);
        EbayFieldGroups groups = EbayFieldGroups.ofItem(ctx.request().getParam("fieldgroups"));
        if (listing.isEmpty()) {
            send(ctx, 404, EbayErrors.body(EbayErrors.NOT_FOUND));
        } else if (!groups.unknown().isEmpty()) {
            send(ctx, 400, EbayErrors.body(EbayErrors.badItemFieldGroups(String.join(",", groups.unknown()))));
        } else if (groups.has("COMPACT") && groups.known().size() > 1) {
            send(ctx, 400, EbayErrors.body(EbayErrors.COMPACT_ALONE));
        } else {
            send(ctx, 200, json(ctx.request()).item(listing.get(), groups));
        }
    }

    private void limitedRelease(RoutingContext ctx) {
        if (authorised(ctx)) {
            send(ctx, 403, EbayErrors.body(EbayErrors.ACCESS_DENIED));
        }
    }

    private void publicKey(RoutingContext ctx) {
        if (authorised(ctx)) {
            state.notifications()
                    .publicKey(ctx.pathParam("key"))
                    .ifPresentOrElse(
                            key -> send(ctx, 200, key), () -> send(ctx, 404, EbayErrors.body(EbayErrors.NO_KEY)));
        }
    }

    private void rateLimit(RoutingContext ctx) {
        if (!authorised(ctx)) {
            return;
        }
        String name = ctx.request().getParam("api_name", "browse");
        String context = ctx.request().getParam("api_context", "buy");
        if (!name.equalsIgnoreCase("browse") || !context.equalsIgnoreCase("buy")) {
            common(ctx).response().setStatusCode(204).end();
            return;
        }
        int limit = state.settings().ebayPerDay();
        send(
                ctx,
                200,
                new JsonObject()
                        .put(
                                "rateLimits",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("apiContext", "buy")
                                                .put("apiName", "Browse")
                                                .put("apiVersion", "v1")
                                                .put(
                                                        "resources",
                                                        new JsonArray()
                                                                .add(resource("buy.browse", browse.used(), limit))
                                                                .add(resource("buy.browse.item.bulk", 0, limit))))));
    }

    private JsonObject resource(String name, int used, int limit) {
        var rate = new JsonObject()
                .put("count", used)
                .put("limit", limit)
                .put("remaining", Math.max(0, limit - used))
                .put("reset", EbayJson.time(browse.reset()))
                .put("timeWindow", 86_400);
        return new JsonObject().put("name", name).put("rates", new JsonArray().add(rate));
    }

    /** Without any token Browse answers 403 without a body; with a dead one 401/1001. */
    private boolean authorised(RoutingContext ctx) {
        String authorization = ctx.request().getHeader(HttpHeaders.AUTHORIZATION);
        if (authorization == null) {
            common(ctx).response().setStatusCode(403).end();
            return false;
        }
        if (!tokens.isLive(authorization)) {
            send(ctx, 401, EbayErrors.body(EbayErrors.INVALID_TOKEN));
            return false;
        }
        return true;
    }

    private EbayJson json(HttpServerRequest request) {
        return new EbayJson(
                state.catalog(),
                Origins.of(request, state.settings().ebayBase()),
                Origins.of(request, state.settings().webBase()),
                campaign(request.getHeader("X-EBAY-C-ENDUSERCTX")));
    }

    private static String campaign(String endUserContext) {
        if (endUserContext == null) {
            return "";
        }
        return Arrays.stream(endUserContext.split(","))
                .map(String::strip)
                .filter(part -> part.startsWith("affiliateCampaignId="))
                .findFirst()
                .map(part -> part.substring("affiliateCampaignId=".length()))
                .orElse("");
    }

    private static String itemId(HttpServerRequest request) {
        String path = request.path();
        String raw = path.substring(path.lastIndexOf('/') + 1);
        try {
            return URLDecoder.decode(raw, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static JsonObject oauth(String error, String description) {
        return new JsonObject().put("error", error).put("error_description", description);
    }

    private void send(RoutingContext ctx, int status, JsonObject body) {
        common(ctx)
                .response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(body.encode());
    }

    /** The headers of a captured answer; there is none about rates. */
    private RoutingContext common(RoutingContext ctx) {
        served++;
        ctx.response()
                .putHeader("rlogid", "t6sandbox-" + served)
                .putHeader("x-ebay-request-id", "sandbox-" + served)
                .putHeader("x-ebay-pop-id", "SANDBOX")
                .putHeader("x-envoy-upstream-service-time", "1");
        return ctx;
    }
}

package io.waxwatch.sandbox.discogs;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.waxwatch.sandbox.SandboxOptions;
import io.waxwatch.sandbox.control.SandboxState;
import io.waxwatch.sandbox.wire.SpacedJson;
import java.util.HashMap;
import java.util.Map;

/**
 * What every Discogs call passes first: the User-Agent, the rate window, the credentials. Those are a personal token, an
 * application's key and secret (each in the header or in the query), or a signature of OAuth.
 */
final class DiscogsGate implements Handler<RoutingContext> {

    /** Who calls. */
    enum Caller {
        ANONYMOUS,
        /** An application: full rate and images, but nobody's lists. */
        APPLICATION,
        /** The collector, by a personal token or through OAuth. */
        USER,
        REFUSED
    }

    private static final String CALLER = "discogs.caller";

    private final SandboxState state;
    private final RateWindow window;
    private final DiscogsOAuth oauth;

    DiscogsGate(SandboxState state, DiscogsOAuth oauth) {
        this.state = state;
        this.oauth = oauth;
        this.window = new RateWindow(state.options().clock());
        state.onReset(window::clear);
    }

    static boolean isAuthenticated(RoutingContext ctx) {
        return ctx.get(CALLER) == Caller.USER || ctx.get(CALLER) == Caller.APPLICATION;
    }

    /** Whether the call speaks for the collector. */
    static boolean isUser(RoutingContext ctx) {
        return ctx.get(CALLER) == Caller.USER;
    }

    /** Answers an error in the provider's shape. */
    static void fail(RoutingContext ctx, int status, String message) {
        if (status == 401) {
            ctx.response().putHeader("WWW-Authenticate", "OAuth realm=\"https://api.discogs.com\"");
        }
        send(ctx, status, new JsonObject().put("message", message));
    }

    static void send(RoutingContext ctx, int status, JsonObject body) {
        ctx.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(SpacedJson.encode(body));
    }

    @Override
    public void handle(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        String agent = request.getHeader(HttpHeaders.USER_AGENT);
        if (agent == null || agent.isBlank()) {
            ctx.response()
                    .setStatusCode(403)
                    .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=UTF-8")
                    .end("<!DOCTYPE html><html><head><title>403 Forbidden</title></head>"
                            + "<body><h1>Access denied</h1></body></html>");
            return;
        }
        Caller caller = caller(ctx);
        // Wrong credentials are told the limit of right ones.
        int limit = caller == Caller.ANONYMOUS
                ? state.settings().discogsAnonymousPerMinute()
                : state.settings().discogsPerMinute();
        String address = request.remoteAddress().hostAddress();
        // The headers lag by one call on the real service too: they do not count the call that carries them.
        int used = window.used(address);
        ctx.response()
                .putHeader("X-Discogs-Ratelimit", String.valueOf(limit))
                .putHeader("X-Discogs-Ratelimit-Used", String.valueOf(used))
                .putHeader("X-Discogs-Ratelimit-Remaining", String.valueOf(Math.max(0, limit - used)));
        if (!window.take(address, limit)) {
            fail(ctx, 429, "You are making requests too quickly.");
        } else if (caller == Caller.REFUSED) {
            refuse(ctx);
        } else {
            ctx.put(CALLER, caller);
            ctx.next();
        }
    }

    /** Refused in plain text while the dance of OAuth goes on, and in JSON afterwards. */
    private static void refuse(RoutingContext ctx) {
        if (ctx.request().path().matches("/oauth/(request|access)_token")) {
            ctx.response()
                    .setStatusCode(401)
                    .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
                    .end("Invalid consumer.");
        } else {
            fail(ctx, 401, "Invalid consumer token. Please register an app before making requests.");
        }
    }

    private Caller caller(RoutingContext ctx) {
        String authorization = ctx.request().getHeader(HttpHeaders.AUTHORIZATION);
        if (DiscogsOAuth.isOAuth(ctx)) {
            return oauth.caller(ctx);
        }
        if (authorization != null) {
            return authorization.regionMatches(true, 0, "Discogs ", 0, "Discogs ".length())
                    ? caller(pairs(authorization.substring("Discogs ".length())))
                    : Caller.REFUSED;
        }
        Map<String, String> query = new HashMap<>();
        for (String name : new String[] {"token", "key", "secret"}) {
            if (ctx.queryParams().contains(name)) {
                query.put(name, ctx.queryParams().get(name));
            }
        }
        return query.isEmpty() ? Caller.ANONYMOUS : caller(query);
    }

    private Caller caller(Map<String, String> credentials) {
        SandboxOptions options = state.options();
        if (credentials.containsKey("token")) {
            return options.discogsToken().equals(credentials.get("token")) ? Caller.USER : Caller.REFUSED;
        }
        return options.discogsConsumerKey().equals(credentials.get("key"))
                        && options.discogsConsumerSecret().equals(credentials.get("secret"))
                ? Caller.APPLICATION
                : Caller.REFUSED;
    }

    /** {@code key=K, secret=S}. */
    private static Map<String, String> pairs(String text) {
        Map<String, String> pairs = new HashMap<>();
        for (String part : text.split(",")) {
            String[] pair = part.strip().split("=", 2);
            if (pair.length == 2) {
                pairs.put(pair[0], pair[1].replaceAll("^\"|\"$", ""));
            }
        }
        return pairs;
    }
}

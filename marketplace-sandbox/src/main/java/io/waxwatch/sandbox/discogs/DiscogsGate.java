package io.waxwatch.sandbox.discogs;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.waxwatch.sandbox.control.SandboxState;

/** What every Discogs call passes first: the User-Agent, the rate window, the credentials. */
final class DiscogsGate implements Handler<RoutingContext> {

    private static final String AUTHENTICATED = "discogs.authenticated";
    private static final String USER = "discogs.user";

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
        return Boolean.TRUE.equals(ctx.get(AUTHENTICATED));
    }

    /** Whether the call speaks for the collector: by a personal token, or by OAuth. */
    static boolean isUser(RoutingContext ctx) {
        return Boolean.TRUE.equals(ctx.get(USER));
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
                .end(body.encode());
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
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        int limit = authorization == null
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
        } else if (authorization != null && authorization.startsWith("OAuth ") && !oauth.isSigned(authorization)) {
            refuseConsumer(ctx);
        } else if (authorization != null && !isKnown(authorization)) {
            fail(ctx, 401, "Invalid consumer token. Please register an app before making requests.");
        } else {
            ctx.put(AUTHENTICATED, authorization != null);
            ctx.put(USER, isPersonalToken(authorization) || oauth.isUser(authorization));
            ctx.next();
        }
    }

    /** A bad signature is refused in plain text while the dance goes on, and in JSON afterwards. */
    private static void refuseConsumer(RoutingContext ctx) {
        if (ctx.request().path().matches("/oauth/(request|access)_token")) {
            ctx.response()
                    .setStatusCode(401)
                    .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
                    .end("Invalid consumer.");
        } else {
            fail(ctx, 401, "Invalid consumer token. Please register an app before making requests.");
        }
    }

    private boolean isKnown(String authorization) {
        return authorization.startsWith("OAuth ") || isPersonalToken(authorization);
    }

    private boolean isPersonalToken(String authorization) {
        return ("Discogs token=" + state.options().discogsToken()).equals(authorization);
    }
}

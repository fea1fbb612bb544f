package io.waxwatch.sandbox.discogs;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.waxwatch.sandbox.SandboxOptions;
import io.waxwatch.sandbox.control.SandboxState;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * OAuth 1.0a as Discogs has it: three steps, signature method PLAINTEXT, answers in form encoding, request tokens that die after
 * 15 minutes, access tokens that never do. The page where a user agrees belongs to the site, not to the API, so it needs no
 * User-Agent and costs no call.
 */
final class DiscogsOAuth {

    private static final Duration REQUEST_TOKEN_LIFETIME = Duration.ofMinutes(15);
    private static final int MOST_TOKENS = 1_000;

    private final SandboxOptions options;
    private final Clock clock;
    private final Map<String, RequestToken> requests = new LinkedHashMap<>();
    private final Map<String, String> accessSecrets = new LinkedHashMap<>();
    private long issued;

    private record RequestToken(String secret, String callback, String verifier, Instant expires) {}

    DiscogsOAuth(SandboxState state) {
        this.options = state.options();
        this.clock = state.options().clock();
        state.onRevoke(() -> {
            requests.clear();
            accessSecrets.clear();
        });
    }

    /** The page on the site; the rest lies behind the gate. */
    void mountSite(Router router) {
        router.get("/oauth/authorize").handler(this::page);
        router.post("/oauth/authorize").handler(BodyHandler.create(false)).handler(this::agree);
    }

    void mountApi(Router router) {
        router.get("/oauth/request_token").handler(this::requestToken);
        router.route(HttpMethod.POST, "/oauth/access_token").handler(this::accessToken);
        router.get("/oauth/identity").handler(this::identity);
    }

    /** Whether the header is one that our consumer, or one of its users, signed. */
    boolean isSigned(String authorization) {
        Map<String, String> fields = fields(authorization);
        String token = fields.get("oauth_token");
        if (!options.discogsConsumerKey().equals(fields.get("oauth_consumer_key")) || !isComplete(fields)) {
            return false;
        }
        String secret = token == null
                ? ""
                : requests.containsKey(token) ? requests.get(token).secret() : accessSecrets.get(token);
        return secret != null && (options.discogsConsumerSecret() + "&" + secret).equals(fields.get("oauth_signature"));
    }

    /** Whether the header speaks for the user, and not only for the application. */
    boolean isUser(String authorization) {
        return authorization != null
                && accessSecrets.containsKey(fields(authorization).get("oauth_token"));
    }

    private static boolean isComplete(Map<String, String> fields) {
        return "PLAINTEXT".equals(fields.get("oauth_signature_method"))
                && fields.containsKey("oauth_nonce")
                && fields.getOrDefault("oauth_timestamp", "").matches("\\d{9,12}");
    }

    private void requestToken(RoutingContext ctx) {
        Map<String, String> fields = fields(ctx.request().getHeader(HttpHeaders.AUTHORIZATION));
        String callback = fields.get("oauth_callback");
        if (callback == null) {
            text(ctx, 400, "Missing oauth_callback.");
            return;
        }
        purge();
        String token = next("sandbox-request");
        String secret = next("sandbox-request-secret");
        requests.put(
                token, new RequestToken(secret, callback, null, clock.instant().plus(REQUEST_TOKEN_LIFETIME)));
        text(ctx, 200, "oauth_token=" + token + "&oauth_token_secret=" + secret + "&oauth_callback_confirmed=true");
    }

    private void page(RoutingContext ctx) {
        String token = ctx.request().getParam("oauth_token", "");
        if (live(token).isEmpty()) {
            html(ctx, 404, "<p>This request is unknown or too old.");
            return;
        }
        html(
                ctx,
                200,
                "<p>WaxWatch Sandbox wants to read the lists of <b>" + DiscogsShelves.COLLECTOR + "</b>."
                        + "<form method=post><input type=hidden name=oauth_token value=\"" + token + "\">"
                        + "<button name=answer value=yes>Authorize</button> <button name=answer value=no>Deny</button></form>");
    }

    private void agree(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        String token = request.getFormAttribute("oauth_token");
        Optional<RequestToken> asked = live(token == null ? request.getParam("oauth_token", "") : token);
        if (asked.isEmpty()) {
            html(ctx, 404, "<p>This request is unknown or too old.");
            return;
        }
        String callback = asked.get().callback();
        String joint = callback.contains("?") ? "&" : "?";
        if ("no".equals(request.getFormAttribute("answer"))) {
            redirect(ctx, callback + joint + "denied=" + token);
            return;
        }
        String verifier = next("verifier");
        requests.put(
                token,
                new RequestToken(
                        asked.get().secret(), callback, verifier, asked.get().expires()));
        redirect(ctx, callback + joint + "oauth_token=" + token + "&oauth_verifier=" + verifier);
    }

    private void accessToken(RoutingContext ctx) {
        Map<String, String> fields = fields(ctx.request().getHeader(HttpHeaders.AUTHORIZATION));
        Optional<RequestToken> asked = live(fields.getOrDefault("oauth_token", ""));
        String verifier = fields.get("oauth_verifier");
        if (asked.isEmpty() || verifier == null || !verifier.equals(asked.get().verifier())) {
            text(ctx, 401, "Invalid verifier.");
            return;
        }
        requests.remove(fields.get("oauth_token"));
        if (accessSecrets.size() >= MOST_TOKENS) {
            accessSecrets.remove(accessSecrets.keySet().iterator().next());
        }
        String token = next("sandbox-access");
        String secret = next("sandbox-access-secret");
        accessSecrets.put(token, secret);
        text(ctx, 200, "oauth_token=" + token + "&oauth_token_secret=" + secret);
    }

    private void identity(RoutingContext ctx) {
        if (!DiscogsGate.isUser(ctx)) {
            DiscogsGate.fail(ctx, 401, "You must authenticate to access this resource.");
            return;
        }
        DiscogsGate.send(
                ctx,
                200,
                new JsonObject()
                        .put("id", 90_000_000)
                        .put("username", DiscogsShelves.COLLECTOR)
                        .put(
                                "resource_url",
                                ctx.request().scheme() + "://" + ctx.request().authority() + "/users/"
                                        + DiscogsShelves.COLLECTOR)
                        .put("consumer_name", "WaxWatch Sandbox"));
    }

    private Optional<RequestToken> live(String token) {
        return Optional.ofNullable(requests.get(token))
                .filter(request -> request.expires().isAfter(clock.instant()));
    }

    private void purge() {
        Iterator<RequestToken> all = requests.values().iterator();
        while (all.hasNext()) {
            if (!all.next().expires().isAfter(clock.instant()) || requests.size() >= MOST_TOKENS) {
                all.remove();
            }
        }
    }

    /** Nobody has to guess these: the sandbox listens on the loopback address, and its users are invented. */
    private String next(String kind) {
        return kind + "-" + options.seed() + "-" + ++issued;
    }

    /** The fields of an OAuth header, decoded; empty for any other header. */
    private static Map<String, String> fields(String authorization) {
        Map<String, String> fields = new HashMap<>();
        if (authorization == null || !authorization.startsWith("OAuth ")) {
            return fields;
        }
        for (String part : authorization.substring("OAuth ".length()).split(",")) {
            String[] pair = part.strip().split("=", 2);
            if (pair.length == 2 && pair[1].matches("\".*\"")) {
                String value = pair[1].substring(1, pair[1].length() - 1);
                fields.put(pair[0], decoded(value));
            }
        }
        return fields;
    }

    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return URLEncoder.encode(value, StandardCharsets.UTF_8);
        }
    }

    private static void redirect(RoutingContext ctx, String where) {
        ctx.response().setStatusCode(302).putHeader(HttpHeaders.LOCATION, where).end();
    }

    /** Form encoding, under a type that says nothing of it: so does the real service. */
    private static void text(RoutingContext ctx, int status, String body) {
        ctx.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
                .end(body);
    }

    private static void html(RoutingContext ctx, int status, String body) {
        ctx.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
                .end("<!doctype html><html lang=en><title>WaxWatch sandbox</title>" + body);
    }
}

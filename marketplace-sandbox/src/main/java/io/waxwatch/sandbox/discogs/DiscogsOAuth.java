package io.waxwatch.sandbox.discogs;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.waxwatch.sandbox.SandboxOptions;
import io.waxwatch.sandbox.control.SandboxState;
import io.waxwatch.sandbox.discogs.OAuthSignature.Parameter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * OAuth 1.0a as Discogs has it: three steps, signature methods PLAINTEXT and HMAC-SHA1, answers in form encoding, request tokens
 * that die after 15 minutes, access tokens that never do. Its fields come in the header, the query or a form, as clients differ.
 * The page where a user agrees belongs to the site, not to the API, so it needs no User-Agent and costs no call.
 */
final class DiscogsOAuth {

    private static final Duration REQUEST_TOKEN_LIFETIME = Duration.ofMinutes(15);
    private static final int MOST_TOKENS = 1_000;
    /** The callback of who has no page: the verifier is then shown to be typed. */
    private static final String OUT_OF_BAND = "oob";

    private static final int MOST_FORM_BYTES = 16 * 1024;

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

    /** Must lie before the gate: a signature covers a form's fields too. */
    void mountForms(Router router) {
        router.postWithRegex("/oauth/(request|access)_token")
                .handler(BodyHandler.create(false).setBodyLimit(MOST_FORM_BYTES));
    }

    void mountApi(Router router) {
        for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.POST)) {
            router.route(method, "/oauth/request_token").handler(this::requestToken);
            router.route(method, "/oauth/access_token").handler(this::accessToken);
        }
        router.get("/oauth/identity").handler(this::identity);
    }

    static boolean isOAuth(RoutingContext ctx) {
        String authorization = ctx.request().getHeader(HttpHeaders.AUTHORIZATION);
        return authorization == null
                ? ctx.queryParams().contains("oauth_signature") || form(ctx).contains("oauth_signature")
                : authorization.regionMatches(true, 0, "OAuth ", 0, 6);
    }

    /** Whom the signature speaks for. */
    DiscogsGate.Caller caller(RoutingContext ctx) {
        List<Parameter> parameters = parameters(ctx);
        Map<String, String> fields = fields(parameters);
        String token = fields.getOrDefault("oauth_token", "");
        String secret = token.isEmpty()
                ? ""
                : requests.containsKey(token) ? requests.get(token).secret() : accessSecrets.get(token);
        if (secret == null
                || !options.discogsConsumerKey().equals(fields.get("oauth_consumer_key"))
                || !fields.containsKey("oauth_nonce")
                || !fields.getOrDefault("oauth_timestamp", "").matches("\\d{9,12}")) {
            return DiscogsGate.Caller.REFUSED;
        }
        HttpServerRequest request = ctx.request();
        var signed = new OAuthSignature.Request(
                request.method().name(), request.scheme(), request.authority().toString(), request.path(), parameters);
        boolean fits = OAuthSignature.fits(
                fields.get("oauth_signature_method"),
                fields.get("oauth_signature"),
                signed,
                options.discogsConsumerSecret(),
                secret);
        if (!fits) {
            return DiscogsGate.Caller.REFUSED;
        }
        return accessSecrets.containsKey(token) ? DiscogsGate.Caller.USER : DiscogsGate.Caller.APPLICATION;
    }

    private void requestToken(RoutingContext ctx) {
        String callback = fields(parameters(ctx)).get("oauth_callback");
        if (!isOAuth(ctx) || callback == null) {
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
            if (callback.equals(OUT_OF_BAND)) {
                html(ctx, 200, "<p>Denied.");
            } else {
                redirect(ctx, callback + joint + "denied=" + token);
            }
            return;
        }
        String verifier = next("verifier");
        requests.put(
                token,
                new RequestToken(
                        asked.get().secret(), callback, verifier, asked.get().expires()));
        if (callback.equals(OUT_OF_BAND)) {
            html(ctx, 200, "<p>Type this code into the application: <b>" + verifier + "</b>");
        } else {
            redirect(ctx, callback + joint + "oauth_token=" + token + "&oauth_verifier=" + verifier);
        }
    }

    private void accessToken(RoutingContext ctx) {
        Map<String, String> fields = fields(parameters(ctx));
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

    private static List<Parameter> parameters(RoutingContext ctx) {
        List<Parameter> all = OAuthSignature.ofHeader(ctx.request().getHeader(HttpHeaders.AUTHORIZATION));
        all.addAll(OAuthSignature.ofEntries(ctx.queryParams()));
        all.addAll(OAuthSignature.ofEntries(form(ctx)));
        return all;
    }

    private static MultiMap form(RoutingContext ctx) {
        return ctx.request().method() == HttpMethod.POST
                ? ctx.request().formAttributes()
                : MultiMap.caseInsensitiveMultiMap();
    }

    private static Map<String, String> fields(List<Parameter> parameters) {
        Map<String, String> fields = new HashMap<>();
        parameters.stream()
                .filter(parameter -> parameter.name().startsWith("oauth_"))
                .forEach(parameter -> fields.putIfAbsent(parameter.name(), parameter.value()));
        return fields;
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

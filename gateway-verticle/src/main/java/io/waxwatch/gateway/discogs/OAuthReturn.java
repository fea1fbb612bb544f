package io.waxwatch.gateway.discogs;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.gateway.auth.RequestAuthorizer;
import io.waxwatch.gateway.http.ApiException;
import io.waxwatch.gateway.http.ErrorResponses;
import io.waxwatch.gateway.http.Routes;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where Discogs sends a collector's browser back to. It brings what OAuth 1.0a has ({@code oauth_verifier}, or {@code denied}) and
 * is sent on to the client's own page with what clients of the contract read there: {@code code} and {@code state}, or {@code error}.
 * Open to everybody, for a browser brings no token; it reads nothing and stores nothing, and leads to one configured place.
 */
public final class OAuthReturn implements Handler<RoutingContext> {

    private static final String PATH = "/api/integrations/discogs/oauth/return";
    private static final String NOWHERE = "no page to return to: discogs_oauth_redirect_uri is not configured";
    private static final Pattern OPAQUE = Pattern.compile("[A-Za-z0-9._~-]{1,512}");

    private final Optional<URI> clientPage;
    private final ErrorResponses errors;
    private final RequestAuthorizer authorizer;

    public OAuthReturn(Settings settings, ErrorResponses errors, RequestAuthorizer authorizer) {
        this.errors = errors;
        this.authorizer = authorizer;
        this.clientPage = settings.find(SettingsCatalog.DISCOGS_OAUTH_REDIRECT_URI);
    }

    public void mount(Router router, Routes routes) {
        router.get(PATH).handler(this);
        routes.allow(PATH, HttpMethod.GET);
    }

    @Override
    public void handle(RoutingContext rc) {
        authorizer
                .count(rc.request())
                .compose(counted -> clientPage.isPresent()
                        ? Future.succeededFuture(clientPage.get())
                        : Future.failedFuture(ApiException.http(404, NOWHERE)))
                .compose(page -> sendOn(rc, page))
                .onFailure(cause -> errors.answer(rc, cause));
    }

    private static Future<Void> sendOn(RoutingContext rc, URI page) {
        Optional<String> verifier = opaque(rc, "oauth_verifier");
        String outcome = verifier.map(code -> "code=" + encoded(code)).orElse("error=access_denied");
        String state =
                opaque(rc, "state").map(text -> "&state=" + encoded(text)).orElse("");
        return rc.response()
                .setStatusCode(302)
                .putHeader("location", page + "?" + outcome + state)
                .putHeader("cache-control", "no-store")
                .putHeader("referrer-policy", "no-referrer")
                .end();
    }

    /** Anything that is not what Discogs or we would send is left out. */
    private static Optional<String> opaque(RoutingContext rc, String name) {
        List<String> values = rc.queryParam(name);
        return values.stream().filter(text -> OPAQUE.matcher(text).matches()).findFirst();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}

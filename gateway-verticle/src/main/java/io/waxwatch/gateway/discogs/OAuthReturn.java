package io.waxwatch.gateway.discogs;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.gateway.http.ApiException;
import io.waxwatch.gateway.http.ApiResponse;
import io.waxwatch.gateway.routing.RequestAuthorizer;
import io.waxwatch.gateway.routing.Routes;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where Discogs sends a collector's browser back to. The browser brings what OAuth 1.0a has ({@code oauth_verifier}, or
 * {@code denied}) and is sent on to the client's own page with what clients of the contract read there: {@code code} and
 * {@code state}, or {@code error}. Open to everybody, for a browser brings no token; it reads nothing and stores nothing,
 * and leads to one configured page.
 */
public final class OAuthReturn {

    private static final String NOWHERE = "no page to return to: discogs_oauth_redirect_uri is not configured";
    private static final Pattern OPAQUE = Pattern.compile("[A-Za-z0-9._~-]{1,512}");

    private final Optional<URI> clientPage;
    private final RequestAuthorizer authorizer;

    public OAuthReturn(Settings settings, RequestAuthorizer authorizer) {
        this.authorizer = authorizer;
        this.clientPage = settings.find(SettingsCatalog.DISCOGS_OAUTH_REDIRECT_URI);
    }

    public void mount(Routes routes) {
        routes.operation("return_from_discogs_api_integrations_discogs_oauth_return_get")
                .toAnybody((rc, body) -> sendOn(rc));
    }

    private Future<ApiResponse> sendOn(RoutingContext rc) {
        return authorizer
                .count(rc.request())
                .map(counted ->
                        clientPage.map(page -> leadTo(page, rc)).orElseThrow(() -> ApiException.http(404, NOWHERE)));
    }

    private static ApiResponse leadTo(URI page, RoutingContext rc) {
        Optional<String> verifier = opaque(rc, "oauth_verifier");
        String outcome = verifier.map(code -> "code=" + encoded(code)).orElse("error=access_denied");
        String state =
                opaque(rc, "state").map(text -> "&state=" + encoded(text)).orElse("");
        return ApiResponse.found(page + "?" + outcome + state);
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

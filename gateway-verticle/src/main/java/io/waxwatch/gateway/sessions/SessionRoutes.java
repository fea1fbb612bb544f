package io.waxwatch.gateway.sessions;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.waxwatch.common.digests.Digests;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.gateway.auth.Credentials;
import io.waxwatch.gateway.auth.TokenVerifier;
import io.waxwatch.gateway.http.ApiException;
import io.waxwatch.gateway.http.ApiResponse;
import io.waxwatch.gateway.http.OnContext;
import io.waxwatch.gateway.routing.Routes;
import io.waxwatch.gateway.throttle.ClientAddress;
import io.waxwatch.gateway.throttle.RateLimitScope;
import io.waxwatch.gateway.throttle.Throttle;
import io.waxwatch.gateway.validation.JsonBody;
import java.time.Clock;
import java.util.List;

/** {@code POST /api/auth/login}, and the end of a session with the account's sign-out. Of one event loop. */
public final class SessionRoutes {

    private final Sessions sessions;
    private final Throttle throttle;
    private final ClientAddress clients;
    private final Clock clock;
    private final SessionCookie cookie;
    private final SameOrigin sameOrigin;
    private final Credentials credentials;

    public SessionRoutes(
            Settings settings,
            TokenVerifier tokens,
            Sessions sessions,
            Throttle throttle,
            ClientAddress clients,
            Clock clock) {
        this.sessions = sessions;
        this.throttle = throttle;
        this.clients = clients;
        this.clock = clock;
        this.cookie = new SessionCookie(!settings.isDevelopment());
        this.sameOrigin = new SameOrigin(settings.get(SettingsCatalog.PUBLIC_BASE_URL));
        this.credentials = new BrowserCredentials(tokens, sessions, cookie, sameOrigin);
    }

    /** How requests prove who sends them. */
    public Credentials credentials() {
        return credentials;
    }

    /** Adds signing in, and lets the cookie end with the account's sign-out, deactivation or deletion; call it before those. */
    public void mount(Routes routes) {
        routes.operation("login_api_auth_login_post").toAnybody(this::login);
        routes.before("logout_me_api_me_logout_post", this::forgetCookie);
        routes.before("deactivate_me_api_me_delete", this::forgetCookie);
        routes.before("hard_delete_me_api_me_hard_delete_delete", this::forgetCookie);
    }

    private void forgetCookie(RoutingContext rc) {
        if (cookie.isIn(rc.request())) {
            rc.addHeadersEndHandler(going -> {
                if (rc.response().getStatusCode() == 200) {
                    rc.response().putHeader("set-cookie", cookie.clear());
                    cookie.read(rc.request()).ifPresent(sessions::end);
                }
            });
        }
        rc.next();
    }

    private Future<ApiResponse> login(RoutingContext rc, JsonBody body) {
        HttpServerRequest request = rc.request();
        return throttle.take(
                        request.response(),
                        "addr:" + clients.of(request),
                        List.of(RateLimitScope.GLOBAL_ANONYMOUS, RateLimitScope.AUTH_ENDPOINTS))
                .compose(counted -> {
                    body.checkSyntax();
                    if (sameOrigin.isForeign(request)) {
                        throw ApiException.http(400, "a page of another origin cannot sign in here");
                    }
                    LoginInput input = LoginInput.of(body, clock.instant());
                    // By account too, so that many addresses cannot guess together.
                    return throttle.take(
                                    request.response(),
                                    "email:" + Digests.sha256Hex(input.foldedEmail()),
                                    List.of(RateLimitScope.AUTH_ENDPOINTS))
                            .compose(allowed -> OnContext.here(sessions.begin(input.email(), input.password())))
                            .map(secret -> welcome(input, secret));
                });
    }

    private ApiResponse welcome(LoginInput input, SessionSecret secret) {
        return ApiResponse.ok(json -> {
                    json.startObject();
                    json.bool("success", true);
                    json.text("redirect_to", input.redirectTo().orElse(null));
                    json.endObject();
                })
                .with("set-cookie", cookie.set(secret, sessions.lifetime()));
    }
}

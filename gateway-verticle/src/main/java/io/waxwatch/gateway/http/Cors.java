package io.waxwatch.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which pages of other origins may call. Our own, because the stock handler leaves out {@code Vary: Origin} and cannot
 * answer as the contract does; does nothing while no origin is configured.
 */
public final class Cors implements Handler<RoutingContext> {

    private static final List<String> SAFELISTED =
            List.of("Accept", "Accept-Language", "Content-Language", "Content-Type");
    /** Every header of ours that the API document names and a page can be shown; Set-Cookie never is. */
    private static final String EXPOSED = "x-request-id, Retry-After, RateLimit, RateLimit-Policy, Link, ETag,"
            + " Idempotency-Replayed, Location, Allow, WWW-Authenticate";

    private static final String MAX_AGE_SECONDS = "600";

    private final Set<String> origins;
    private final List<String> methods;
    private final Set<String> headers;
    private final boolean credentials;

    public Cors(Settings settings) {
        this.origins = Set.copyOf(settings.get(SettingsCatalog.CORS_ALLOWED_ORIGINS));
        this.methods = List.copyOf(settings.get(SettingsCatalog.CORS_ALLOWED_METHODS));
        this.headers = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        this.headers.addAll(SAFELISTED);
        this.headers.addAll(settings.get(SettingsCatalog.CORS_ALLOWED_HEADERS));
        this.credentials = settings.get(SettingsCatalog.CORS_ALLOW_CREDENTIALS);
    }

    @Override
    public void handle(RoutingContext rc) {
        if (origins.isEmpty()) {
            rc.next();
            return;
        }
        HttpServerResponse response = rc.response();
        response.putHeader("vary", "Origin, Accept-Encoding");
        String origin = rc.request().getHeader("origin");
        boolean allowed = origin != null && (origins.contains("*") || origins.contains(origin));
        if (allowed) {
            response.putHeader("access-control-allow-origin", origins.contains("*") && !credentials ? "*" : origin)
                    .putHeader("access-control-expose-headers", EXPOSED);
            if (credentials) {
                response.putHeader("access-control-allow-credentials", "true");
            }
        }
        String wanted = rc.request().getHeader("access-control-request-method");
        if (origin != null && wanted != null && rc.request().method() == HttpMethod.OPTIONS) {
            preflight(rc, allowed, wanted);
        } else {
            rc.next();
        }
    }

    private void preflight(RoutingContext rc, boolean originAllowed, String method) {
        RequestScope.route(rc, "preflight");
        var refused = new ArrayList<String>();
        if (!originAllowed) {
            refused.add("origin");
        }
        if (!methods.contains("*") && !methods.contains(method.toUpperCase(Locale.ROOT))) {
            refused.add("method");
        }
        String asked = rc.request().getHeader("access-control-request-headers");
        if (asked != null && !headers.contains("*")) {
            for (String header : asked.split(",")) {
                if (!header.isBlank() && !headers.contains(header.strip())) {
                    refused.add("headers");
                    break;
                }
            }
        }
        if (!refused.isEmpty()) {
            rc.fail(ApiException.http(400, "Disallowed CORS " + String.join(", ", refused)));
            return;
        }
        rc.response()
                .putHeader("access-control-allow-methods", String.join(", ", methods))
                .putHeader("access-control-allow-headers", String.join(", ", headers))
                .putHeader("access-control-max-age", MAX_AGE_SECONDS)
                .putHeader("content-type", "text/plain; charset=utf-8")
                .end("OK");
    }
}

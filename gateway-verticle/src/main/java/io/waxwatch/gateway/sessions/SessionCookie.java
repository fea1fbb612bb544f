package io.waxwatch.gateway.sessions;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;

/** The cookie that holds a session's secret: out of reach of scripts, not sent along by other sites' forms. */
final class SessionCookie {

    private final boolean secure;
    private final String name;

    /** @param secure over TLS only; not in development, where there is none */
    SessionCookie(boolean secure) {
        this.secure = secure;
        // The prefix makes browsers refuse one that a subdomain or a plain connection has set.
        this.name = secure ? "__Host-waxwatch_session" : "waxwatch_session";
    }

    /** Whether the request brings one, whatever it is worth. */
    boolean isIn(HttpServerRequest request) {
        return request.getCookie(name) != null;
    }

    Optional<SessionSecret> read(HttpServerRequest request) {
        return SessionSecret.of(
                request.getCookie(name) == null ? null : request.getCookie(name).getValue());
    }

    /** As a {@code Set-Cookie} header. */
    String set(SessionSecret secret, Duration lifetime) {
        return cookie(secret.cookie(), lifetime.toSeconds());
    }

    /** As a {@code Set-Cookie} header that takes it away. */
    String clear() {
        return cookie("", 0);
    }

    private String cookie(String value, long maxAge) {
        return Cookie.cookie(name, value)
                .setPath("/")
                .setHttpOnly(true)
                .setSecure(secure)
                .setSameSite(CookieSameSite.LAX)
                .setMaxAge(maxAge)
                .encode();
    }
}

package io.waxwatch.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import io.waxwatch.common.digests.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/**
 * A page in one file, with its style and its script in it; it needs no other host.
 *
 * @param policy lets the browser run exactly these two, and ask only this host
 */
public record InlinePage(Buffer html, String policy) implements Handler<RoutingContext> {

    /**
     * Reads {@code page.html}, {@code page.css} and {@code page.js} from the package of {@code owner}.
     *
     * @param values texts for the page's <code>{{name}}</code> places; they are escaped
     */
    public static InlinePage load(Class<?> owner, Map<String, String> values) {
        String style = text(owner, "page.css");
        String script = text(owner, "page.js");
        String html = text(owner, "page.html");
        for (var value : values.entrySet()) {
            html = html.replace("{{" + value.getKey() + "}}", escape(value.getValue()));
        }
        html = html.replace("/*style*/", style).replace("/*script*/", script);
        String policy = "default-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'none';"
                + " frame-ancestors 'none'; style-src '" + hash(style) + "'; script-src '" + hash(script) + "'";
        return new InlinePage(Buffer.buffer(html), policy);
    }

    @Override
    public void handle(RoutingContext rc) {
        rc.response()
                .putHeader("content-type", "text/html; charset=utf-8")
                .putHeader("content-security-policy", policy)
                .end(html);
    }

    private static String text(Class<?> owner, String resource) {
        try (InputStream in = owner.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static String hash(String inline) {
        return "sha256-" + Base64.getEncoder().encodeToString(Digests.sha256(inline));
    }
}

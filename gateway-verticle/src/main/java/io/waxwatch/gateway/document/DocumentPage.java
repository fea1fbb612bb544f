package io.waxwatch.gateway.document;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/**
 * The page that draws the document: one file, with its style and its script in it.
 *
 * @param policy lets the browser run exactly these two, and ask only this host
 */
record DocumentPage(Buffer html, String policy) {

    static final List<String> PATHS = List.of("/docs", "/redoc");

    static DocumentPage load() {
        String style = text("page.css");
        String script = text("page.js");
        String html = text("page.html").replace("/*style*/", style).replace("/*script*/", script);
        String policy = "default-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'none';"
                + " frame-ancestors 'none'; style-src '" + hash(style) + "'; script-src '" + hash(script) + "'";
        return new DocumentPage(Buffer.buffer(html), policy);
    }

    private static String text(String resource) {
        return ApiDocument.resource(resource).toString(StandardCharsets.UTF_8);
    }

    private static String hash(String inline) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(inline.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

package io.waxwatch.sandbox;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.waxwatch.sandbox.catalog.Pressing;
import io.waxwatch.sandbox.catalog.SandboxCatalog;
import java.util.Optional;

/** The pages and sleeves that listings link to, so that a demo's links lead somewhere without any other network service. */
final class WebPages {

    private static final String AVATAR = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><circle cx="20" cy="20" r="18" fill="#456"/></svg>
            """;

    private final SandboxCatalog catalog;

    WebPages(SandboxCatalog catalog) {
        this.catalog = catalog;
    }

    void mount(Router router) {
        router.getWithRegex("/avatars/\\d+\\.svg")
                .handler(ctx -> ctx.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "image/svg+xml")
                        .end(AVATAR));
        router.getWithRegex("/images/(\\d+)\\.svg").handler(this::sleeve);
        router.getWithRegex(
                        "/((itm|release|master|artist|label|sell/(item|release)|user|video)/[^/]+|lists/[^/]+/\\d+|linked)")
                .handler(
                        ctx -> ctx.response()
                                .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
                                .end(
                                        "<!doctype html><html lang=en><title>WaxWatch sandbox</title>"
                                                + "<p>This page stands for the marketplace's own. Everything in the sandbox is invented."));
    }

    private void sleeve(RoutingContext ctx) {
        long id = Long.parseLong("0" + ctx.pathParam("param0").replaceAll("^.*(.{17})$", "$1"));
        Optional<Pressing> pressing = catalog.release(id);
        String artist = pressing.map(Pressing::displayArtist).orElse("Unknown artist");
        String title = pressing.map(Pressing::title).orElse("");
        ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, "image/svg+xml").end("""
                        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 300" font-family="sans-serif">
                          <rect width="300" height="300" fill="hsl(%d 45%% 32%%)"/>
                          <circle cx="150" cy="170" r="90" fill="#111"/><circle cx="150" cy="170" r="30" fill="#eee"/>
                          <text x="16" y="36" font-size="20" fill="#fff">%s</text>
                          <text x="16" y="60" font-size="16" fill="#fff">%s</text>
                        </svg>
                        """.formatted(
                        id * 47 % 360, escape(artist), escape(title)));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}

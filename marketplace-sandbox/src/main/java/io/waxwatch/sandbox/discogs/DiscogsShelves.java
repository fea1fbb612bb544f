package io.waxwatch.sandbox.discogs;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.waxwatch.sandbox.catalog.Pressing;
import io.waxwatch.sandbox.catalog.SandboxCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Wantlist and collection of the one collector of the sandbox, drawn from the catalogue. The wantlist is for its owner's eyes;
 * folder 0 of the collection is public. Two copies of one record are two rows with instances of their own.
 */
final class DiscogsShelves {

    /** Whose credentials the sandbox knows. */
    static final String COLLECTOR = "sandbox-collector";

    /** More than two pages of 100, and not a multiple of it. */
    private static final int WANTED = 230;

    private static final int OWNED = 60;
    private static final int OWNED_FROM = 200;

    private final List<Pressing> wants;
    private final List<Pressing> collection;

    DiscogsShelves(SandboxCatalog catalog) {
        List<Pressing> all = catalog.pressings();
        this.wants = all.subList(0, WANTED);
        this.collection = new ArrayList<>(all.subList(OWNED_FROM, OWNED_FROM + OWNED));
        // A second copy, on the same page as the first.
        collection.add(1, collection.get(0));
    }

    void wants(RoutingContext ctx, DiscogsPage page, String base, DiscogsJson json) {
        if (!isOwner(ctx)) {
            DiscogsGate.fail(ctx, 403, "You don't have permission to access this resource.");
            return;
        }
        send(
                ctx,
                page,
                base,
                "wants",
                wants,
                pressing -> row(json, pressing)
                        .put("resource_url", base + "/users/" + COLLECTOR + "/wants/" + pressing.releaseId()));
    }

    void collection(RoutingContext ctx, DiscogsPage page, String base, DiscogsJson json) {
        if (!"0".equals(ctx.pathParam("folder"))) {
            DiscogsGate.fail(ctx, 404, "The requested resource was not found.");
            return;
        }
        var instance = new int[1];
        int first = (page.page() - 1) * page.perPage();
        send(
                ctx,
                page,
                base,
                "releases",
                collection,
                pressing -> row(json, pressing)
                        .put("instance_id", 500_000_000L + first + ++instance[0])
                        .put("folder_id", 1));
    }

    boolean isCollector(String username) {
        return COLLECTOR.equalsIgnoreCase(username);
    }

    private boolean isOwner(RoutingContext ctx) {
        return DiscogsGate.isUser(ctx);
    }

    private static void send(
            RoutingContext ctx,
            DiscogsPage page,
            String base,
            String name,
            List<Pressing> rows,
            Function<Pressing, JsonObject> row) {
        HttpServerRequest request = ctx.request();
        if (page.page() > 1 && (long) (page.page() - 1) * page.perPage() >= rows.size()) {
            DiscogsGate.fail(ctx, 404, "Page is out of range.");
            return;
        }
        DiscogsGate.send(ctx, 200, page.body(request, base, name, rows, row));
    }

    private static JsonObject row(DiscogsJson json, Pressing pressing) {
        return new JsonObject()
                .put("id", pressing.releaseId())
                .put("rating", 0)
                .put("date_added", "2024-03-01T10:00:00-08:00")
                .put("notes", new JsonArray())
                .put("basic_information", json.basic(pressing));
    }
}

package io.waxwatch.sandbox.discogs;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.waxwatch.sandbox.catalog.Pressing;
import io.waxwatch.sandbox.control.Origins;
import io.waxwatch.sandbox.control.SandboxState;
import io.waxwatch.sandbox.market.DiscogsMarket;
import io.waxwatch.sandbox.market.DiscogsOffer;
import io.waxwatch.sandbox.market.Money;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The Discogs calls that a watcher needs; anything else is answered like an unknown resource. */
public final class DiscogsRoutes {

    private static final int LAST_FOREIGN_PAGE = 100;
    private static final Set<String> STATUSES =
            Set.of("All", "Deleted", "Draft", "Expired", "For Sale", "Sold", "Suspended", "Violation");

    private final SandboxState state;
    private final DiscogsGate gate;
    private final DiscogsOAuth oauth;
    private final DiscogsShelves shelves;

    public DiscogsRoutes(SandboxState state) {
        this.state = state;
        this.oauth = new DiscogsOAuth(state);
        this.gate = new DiscogsGate(state, oauth);
        this.shelves = new DiscogsShelves(state.catalog());
    }

    public void mount(Router router) {
        oauth.mountSite(router);
        for (String prefix :
                List.of("/marketplace/*", "/releases/*", "/masters/*", "/database/*", "/users/*", "/oauth/*")) {
            router.route(prefix).handler(gate);
        }
        router.get("/marketplace/stats/:id").handler(this::stats);
        router.get("/marketplace/listings/:id").handler(this::listing);
        router.get("/marketplace/price_suggestions/:id")
                .handler(ctx -> DiscogsGate.fail(ctx, 404, "You must fill out your seller settings first."));
        router.get("/releases/:id").handler(this::release);
        router.get("/masters/:id").handler(this::master);
        router.get("/masters/:id/versions").handler(this::versions);
        router.get("/database/search").handler(this::search);
        router.get("/users/:username").handler(this::user);
        router.get("/users/:username/inventory").handler(this::inventory);
        router.get("/users/:username/wants").handler(ctx -> shelf(ctx, shelves::wants));
        router.get("/users/:username/collection/folders/:folder/releases")
                .handler(ctx -> shelf(ctx, shelves::collection));
        oauth.mountApi(router);
        for (String prefix :
                List.of("/marketplace/*", "/releases/*", "/masters/*", "/database/*", "/users/*", "/oauth/*")) {
            router.route(prefix).handler(ctx -> DiscogsGate.fail(ctx, 404, "The requested resource was not found."));
        }
    }

    private void stats(RoutingContext ctx) {
        Optional<Pressing> pressing = pressing(ctx);
        String currency = ctx.request().getParam("curr_abbr", "USD");
        if (pressing.isEmpty()) {
            DiscogsGate.fail(ctx, 404, "Release not found.");
        } else if (!Money.knows(currency)) {
            DiscogsGate.fail(ctx, 422, "Invalid currency abbreviation.");
        } else {
            var floor = state.market().discogs().floor(pressing.get().releaseId());
            DiscogsGate.send(ctx, 200, DiscogsJson.stats(floor, currency));
        }
    }

    private void release(RoutingContext ctx) {
        Optional<Pressing> pressing = pressing(ctx);
        if (pressing.isEmpty()) {
            DiscogsGate.fail(ctx, 404, "Release not found.");
            return;
        }
        var floor = state.market().discogs().floor(pressing.get().releaseId());
        DiscogsGate.send(ctx, 200, json(ctx).release(pressing.get(), floor));
    }

    private void master(RoutingContext ctx) {
        List<Pressing> versions = versionsOf(ctx);
        if (versions.isEmpty()) {
            DiscogsGate.fail(ctx, 404, "Master Release not found.");
        } else {
            DiscogsGate.send(ctx, 200, json(ctx).master(versions));
        }
    }

    private void versions(RoutingContext ctx) {
        List<Pressing> versions = versionsOf(ctx);
        if (versions.isEmpty()) {
            DiscogsGate.fail(ctx, 404, "Master Release not found.");
            return;
        }
        DiscogsJson json = json(ctx);
        DiscogsGate.send(ctx, 200, page(ctx).body(ctx.request(), base(ctx), "versions", versions, json::version));
    }

    private void search(RoutingContext ctx) {
        if (!DiscogsGate.isAuthenticated(ctx)) {
            DiscogsGate.fail(ctx, 401, "You must authenticate to access this resource.");
            return;
        }
        DiscogsJson json = json(ctx);
        var hits = DiscogsSearch.run(state.catalog(), ctx.queryParams());
        JsonObject body = page(ctx)
                .body(ctx.request(), base(ctx), "results", hits, hit -> json.searchRow(hit.pressing(), hit.master()));
        DiscogsGate.send(ctx, 200, body);
    }

    private void user(RoutingContext ctx) {
        DiscogsMarket market = state.market().discogs();
        Optional<String> shop = market.shop(ctx.pathParam("username"));
        if (shop.isEmpty()) {
            noUser(ctx);
        } else {
            int count = market.inventory(shop.get()).size();
            DiscogsGate.send(ctx, 200, json(ctx).user(shop.get(), count));
        }
    }

    private void inventory(RoutingContext ctx) {
        DiscogsMarket market = state.market().discogs();
        HttpServerRequest request = ctx.request();
        Optional<String> shop = market.shop(ctx.pathParam("username"));
        String status = request.getParam("status", "For Sale");
        if (shop.isEmpty()) {
            noUser(ctx);
        } else if (!STATUSES.contains(status)) {
            DiscogsGate.fail(
                    ctx,
                    422,
                    "Invalid status: expected one of All, Deleted, Draft, Expired, For Sale, Sold, Suspended, Violation.");
        } else if (page(ctx).page() > LAST_FOREIGN_PAGE) {
            DiscogsGate.fail(ctx, 403, "Pagination above 100 disabled for inventories besides your own");
        } else {
            DiscogsJson json = json(ctx);
            List<DiscogsOffer> offers =
                    sorted(market.inventory(shop.get()), request.getParam("sort"), request.getParam("sort_order"));
            DiscogsGate.send(ctx, 200, page(ctx).body(request, base(ctx), "listings", offers, json::listing));
        }
    }

    private void listing(RoutingContext ctx) {
        OptionalLong id = id(ctx);
        Optional<DiscogsOffer> offer =
                id.isPresent() ? state.market().discogs().find(id.getAsLong()) : Optional.empty();
        if (offer.isEmpty()) {
            DiscogsGate.fail(ctx, 404, "The requested resource was not found.");
        } else {
            DiscogsGate.send(ctx, 200, json(ctx).listing(offer.get()));
        }
    }

    @FunctionalInterface
    private interface Shelf {
        void answer(RoutingContext ctx, DiscogsPage page, String base, DiscogsJson json);
    }

    private void shelf(RoutingContext ctx, Shelf shelf) {
        if (shelves.isCollector(ctx.pathParam("username"))) {
            shelf.answer(ctx, page(ctx), base(ctx), json(ctx));
        } else {
            noUser(ctx);
        }
    }

    private static List<DiscogsOffer> sorted(List<DiscogsOffer> newestFirst, String sort, String order) {
        Comparator<DiscogsOffer> comparator = "price".equals(sort)
                ? Comparator.comparing(offer -> offer.price().in("USD").value())
                : Comparator.comparing(DiscogsOffer::posted).thenComparingLong(DiscogsOffer::id);
        // Without a sort the real order is by listing date, newest first.
        boolean descending = sort == null || "desc".equals(order);
        return newestFirst.stream()
                .sorted(descending ? Collections.reverseOrder(comparator) : comparator)
                .toList();
    }

    private static void noUser(RoutingContext ctx) {
        DiscogsGate.fail(ctx, 404, "User does not exist or may have been deleted.");
    }

    private Optional<Pressing> pressing(RoutingContext ctx) {
        OptionalLong id = id(ctx);
        return id.isPresent() ? state.catalog().release(id.getAsLong()) : Optional.empty();
    }

    private List<Pressing> versionsOf(RoutingContext ctx) {
        OptionalLong id = id(ctx);
        return id.isPresent() ? state.catalog().master(id.getAsLong()) : List.of();
    }

    private static OptionalLong id(RoutingContext ctx) {
        String text = ctx.pathParam("id");
        return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    private static DiscogsPage page(RoutingContext ctx) {
        return DiscogsPage.of(ctx.request());
    }

    private String base(RoutingContext ctx) {
        return Origins.of(ctx.request(), state.settings().discogsBase());
    }

    private DiscogsJson json(RoutingContext ctx) {
        return new DiscogsJson(
                state.catalog(),
                base(ctx),
                Origins.of(ctx.request(), state.settings().webBase()),
                DiscogsGate.isAuthenticated(ctx));
    }
}

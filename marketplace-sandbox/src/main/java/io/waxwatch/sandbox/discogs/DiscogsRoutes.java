package io.waxwatch.sandbox.discogs;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.waxwatch.sandbox.catalog.Pressing;
import io.waxwatch.sandbox.control.Origins;
import io.waxwatch.sandbox.control.SandboxState;
import io.waxwatch.sandbox.market.DiscogsMarket;
import io.waxwatch.sandbox.market.DiscogsOffer;
import io.waxwatch.sandbox.market.Money;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** The Discogs calls that a watcher and a collector's client need; anything else is answered like an unknown resource. */
public final class DiscogsRoutes {

    /** Where the API lives; other paths are the site's, or nothing. */
    private static final List<String> PREFIXES = List.of(
            "/marketplace/*",
            "/releases/*",
            "/masters/*",
            "/artists/*",
            "/labels/*",
            "/database/*",
            "/users/*",
            "/oauth/*");
    /** The site has pages under the same word, with a title before the number. */
    private static final String LIST = "/lists/(?<id>\\d+)";

    private static final int LAST_FOREIGN_PAGE = 100;

    private final SandboxState state;
    private final DiscogsGate gate;
    private final DiscogsOAuth oauth;
    private final DiscogsShelves shelves;
    private final DiscogsNames names;

    public DiscogsRoutes(SandboxState state) {
        this.state = state;
        this.oauth = new DiscogsOAuth(state);
        this.gate = new DiscogsGate(state, oauth);
        this.shelves = new DiscogsShelves(state.catalog());
        this.names = new DiscogsNames(state.catalog());
    }

    public void mount(Router router) {
        oauth.mountSite(router);
        oauth.mountForms(router);
        PREFIXES.forEach(prefix -> router.route(prefix).handler(gate));
        router.routeWithRegex(LIST).handler(gate);
        router.get("/marketplace/stats/:id").handler(this::stats);
        router.get("/marketplace/listings/:id").handler(this::listing);
        router.get("/marketplace/price_suggestions/:id")
                .handler(ctx -> DiscogsGate.fail(ctx, 404, "You must fill out your seller settings first."));
        router.get("/releases/:id").handler(this::release);
        router.get("/masters/:id").handler(this::master);
        router.get("/masters/:id/versions").handler(this::versions);
        name(router, "artist", names::artist);
        name(router, "label", names::label);
        router.get("/database/search").handler(this::search);
        router.get("/users/:username").handler(this::user);
        router.get("/users/:username/inventory").handler(this::inventory);
        shelf(router, "/wants", shelves::wants);
        shelf(router, "/collection/folders", shelves::folders);
        shelf(router, "/collection/folders/:folder", shelves::folder);
        shelf(router, "/collection/folders/:folder/releases", shelves::collection);
        shelf(router, "/collection/releases/:id", shelves::copies);
        shelf(router, "/collection/fields", shelves::fields);
        shelf(router, "/collection/value", shelves::value);
        shelf(router, "/lists", shelves::lists);
        router.getWithRegex(LIST).handler(ctx -> shelves.list(ctx, json(ctx)));
        oauth.mountApi(router);
        PREFIXES.forEach(prefix -> router.route(prefix).handler(DiscogsRoutes::notFound));
    }

    /** What every path gets that nobody serves: JSON, never a page of HTML. */
    public static void notFound(RoutingContext ctx) {
        DiscogsGate.fail(ctx, 404, "The requested resource was not found.");
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
            DiscogsGate.send(ctx, 200, DiscogsSales.stats(floor, currency));
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
            DiscogsMarket market = state.market().discogs();
            DiscogsGate.send(ctx, 200, json(ctx).master(versions, version -> market.floor(version.releaseId())));
        }
    }

    private void versions(RoutingContext ctx) {
        List<Pressing> versions = versionsOf(ctx);
        if (versions.isEmpty()) {
            DiscogsGate.fail(ctx, 404, "Master Release not found.");
            return;
        }
        DiscogsJson json = json(ctx);
        page(ctx)
                .answer(
                        ctx,
                        base(ctx),
                        "versions",
                        DiscogsVersions.shown(versions, ctx.queryParams()),
                        json::version,
                        DiscogsVersions.facets(versions, ctx.queryParams()));
    }

    private void search(RoutingContext ctx) {
        if (!DiscogsGate.isAuthenticated(ctx)) {
            DiscogsGate.fail(ctx, 401, "You must authenticate to access this resource.");
            return;
        }
        DiscogsJson json = json(ctx);
        var hits = DiscogsSearch.run(state.catalog(), ctx.queryParams());
        page(ctx).answer(ctx, base(ctx), "results", hits, hit -> hit.row(json));
    }

    private void name(Router router, String kind, Function<Long, Optional<DiscogsNames.Named>> byId) {
        String missing = Character.toUpperCase(kind.charAt(0)) + kind.substring(1) + " not found.";
        router.get("/" + kind + "s/:id")
                .handler(ctx -> find(ctx, byId)
                        .ifPresentOrElse(
                                named -> DiscogsGate.send(ctx, 200, json(ctx).name(kind, named.name())),
                                () -> DiscogsGate.fail(ctx, 404, missing)));
        router.get("/" + kind + "s/:id/releases")
                .handler(ctx -> find(ctx, byId)
                        .ifPresentOrElse(
                                named -> page(ctx)
                                        .answer(ctx, base(ctx), "releases", named.records(), json(ctx)::nameRelease),
                                () -> DiscogsGate.fail(ctx, 404, missing)));
    }

    private static Optional<DiscogsNames.Named> find(
            RoutingContext ctx, Function<Long, Optional<DiscogsNames.Named>> byId) {
        OptionalLong id = id(ctx);
        return id.isPresent() ? byId.apply(id.getAsLong()) : Optional.empty();
    }

    private void user(RoutingContext ctx) {
        Optional<DiscogsMember> member = member(ctx);
        if (member.isEmpty()) {
            noUser(ctx);
        } else {
            boolean asOwner = shelves.isCollector(member.get().name()) && DiscogsGate.isUser(ctx);
            DiscogsGate.send(ctx, 200, member.get().profile(base(ctx), webBase(ctx), asOwner));
        }
    }

    private void inventory(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        Optional<DiscogsMember> member = member(ctx);
        if (member.isEmpty()) {
            noUser(ctx);
        } else if (!DiscogsInventory.STATUSES.contains(request.getParam("status", "For Sale"))) {
            DiscogsGate.fail(
                    ctx,
                    422,
                    "Invalid status: expected one of All, Deleted, Draft, Expired, For Sale, Sold, Suspended, Violation.");
        } else if (page(ctx).page() > LAST_FOREIGN_PAGE) {
            DiscogsGate.fail(ctx, 403, "Pagination above 100 disabled for inventories besides your own");
        } else {
            List<DiscogsOffer> offers =
                    state.market().discogs().inventory(member.get().name());
            page(ctx)
                    .answer(
                            ctx,
                            base(ctx),
                            "listings",
                            new DiscogsInventory(state.catalog()).shown(offers, ctx.queryParams()),
                            sales(ctx)::listing);
        }
    }

    private void listing(RoutingContext ctx) {
        OptionalLong id = id(ctx);
        Optional<DiscogsOffer> offer =
                id.isPresent() ? state.market().discogs().find(id.getAsLong()) : Optional.empty();
        if (offer.isEmpty()) {
            notFound(ctx);
        } else {
            DiscogsGate.send(ctx, 200, sales(ctx).listing(offer.get()));
        }
    }

    /** The collector, one of those who submit records, or one of the shops. */
    private Optional<DiscogsMember> member(RoutingContext ctx) {
        String username = ctx.pathParam("username");
        DiscogsMarket market = state.market().discogs();
        if (shelves.isCollector(username)) {
            return Optional.of(shelves.collector());
        }
        return LinerNotes.isMember(username)
                ? Optional.of(new DiscogsMember(DiscogsNames.id(username), username, 0, 0, 0, 0))
                : market.shop(username)
                        .map(shop -> new DiscogsMember(
                                DiscogsSales.id(shop),
                                shop,
                                market.inventory(shop).size(),
                                0,
                                0,
                                0));
    }

    @FunctionalInterface
    private interface Shelf {
        void answer(RoutingContext ctx, DiscogsPage page, DiscogsJson json);
    }

    private void shelf(Router router, String path, Shelf shelf) {
        router.get("/users/:username" + path).handler(ctx -> {
            if (shelves.isCollector(ctx.pathParam("username"))) {
                shelf.answer(ctx, page(ctx), json(ctx));
            } else {
                noUser(ctx);
            }
        });
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

    private String webBase(RoutingContext ctx) {
        return Origins.of(ctx.request(), state.settings().webBase());
    }

    private DiscogsJson json(RoutingContext ctx) {
        return new DiscogsJson(base(ctx), webBase(ctx), DiscogsGate.isAuthenticated(ctx));
    }

    private DiscogsSales sales(RoutingContext ctx) {
        return new DiscogsSales(state.catalog(), json(ctx));
    }
}

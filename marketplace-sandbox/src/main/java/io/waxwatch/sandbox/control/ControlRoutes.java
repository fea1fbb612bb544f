package io.waxwatch.sandbox.control;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.waxwatch.sandbox.catalog.Pressing;
import io.waxwatch.sandbox.fault.Fault;
import io.waxwatch.sandbox.fault.Provider;
import io.waxwatch.sandbox.market.DiscogsOffer;
import io.waxwatch.sandbox.market.EbayListing;
import io.waxwatch.sandbox.market.Floor;
import io.waxwatch.sandbox.market.Money;
import io.waxwatch.sandbox.notification.SignedNotifications;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The lever that no marketplace has: tests and the demo make things happen here. Under {@code /control}; never counted and
 * never faulty. Answers JSON; a call that makes no sense is 400 {@code {"error": "..."}}.
 */
public final class ControlRoutes {

    private static final int MAX_TICKS = 10_000;

    private final SandboxState state;

    public ControlRoutes(SandboxState state) {
        this.state = state;
    }

    public void mount(Router router) {
        router.route("/control/*").handler(BodyHandler.create(false).setBodyLimit(64 * 1024));
        router.get("/control/catalog").handler(guarded(this::catalog));
        router.post("/control/listings").handler(guarded(this::list));
        router.delete("/control/listings/:id").handler(guarded(this::end));
        router.patch("/control/listings/:id").handler(guarded(this::reprice));
        router.post("/control/offers").handler(guarded(this::offer));
        router.delete("/control/offers/:id").handler(guarded(this::withdraw));
        router.put("/control/floors/:id").handler(guarded(this::floor));
        router.put("/control/fault").handler(guarded(this::fault));
        router.put("/control/settings").handler(guarded(this::settings));
        router.post("/control/account-deletions").handler(guarded(this::accountDeletion));
        router.put("/control/notification-keys/:key").handler(guarded(this::notificationKey));
        router.get("/control/requests")
                .handler(guarded(ctx -> send(ctx, 200, state.requests().toJson())));
        router.delete("/control/requests").handler(guarded(ctx -> {
            state.requests().clear();
            done(ctx);
        }));
        router.delete("/control/tokens").handler(guarded(ctx -> {
            state.revokeTokens();
            done(ctx);
        }));
        router.post("/control/tick").handler(guarded(this::tick));
        router.post("/control/reset").handler(guarded(ctx -> {
            state.reset();
            done(ctx);
        }));
        router.route("/control/*").handler(ctx -> send(ctx, 404, new JsonObject().put("error", "no such control")));
    }

    private void catalog(RoutingContext ctx) {
        var rows = new JsonArray();
        for (Pressing pressing : state.catalog().pressings()) {
            rows.add(new JsonObject()
                    .put("releaseId", pressing.releaseId())
                    .put("masterId", pressing.masterId())
                    .put("artist", pressing.artist())
                    .put("title", pressing.title())
                    .put("year", pressing.year())
                    .put("country", pressing.country()));
        }
        send(ctx, 200, new JsonObject().put("pressings", rows));
    }

    private void list(RoutingContext ctx) {
        EbayListing listing = new ListingDraft(state.catalog(), state.market(), ControlBody.of(ctx)).ebay();
        state.market().ebay().add(listing);
        send(ctx, 201, listing(listing));
    }

    private void end(RoutingContext ctx) {
        answer(ctx, state.market().ebay().end(ctx.pathParam("id")));
    }

    private void reprice(RoutingContext ctx) {
        ControlBody body = ControlBody.of(ctx);
        String id = ctx.pathParam("id");
        Optional<EbayListing> listing = state.market().ebay().find(id);
        if (listing.isEmpty()) {
            answer(ctx, listing);
            return;
        }
        String currency = body.text("currency", listing.get().effectivePrice().currency());
        Money price = new Money(required(body, "price"), currency);
        answer(ctx, state.market().ebay().reprice(id, price));
    }

    private void offer(RoutingContext ctx) {
        DiscogsOffer offer = new ListingDraft(state.catalog(), state.market(), ControlBody.of(ctx)).discogs();
        state.market().discogs().add(offer);
        send(
                ctx,
                201,
                new JsonObject()
                        .put("id", offer.id())
                        .put("releaseId", offer.releaseId())
                        .put("seller", offer.seller()));
    }

    private void withdraw(RoutingContext ctx) {
        if (state.market().discogs().remove(id(ctx)).isPresent()) {
            done(ctx);
        } else {
            missing(ctx);
        }
    }

    private void floor(RoutingContext ctx) {
        long releaseId = id(ctx);
        if (state.catalog().release(releaseId).isEmpty()) {
            missing(ctx);
            return;
        }
        ControlBody body = ControlBody.of(ctx);
        int numForSale = (int) body.number("numForSale", 1, 0, 1_000_000);
        Floor floor = numForSale == 0
                ? Floor.NONE
                : new Floor(numForSale, new Money(required(body, "lowestPrice"), body.text("currency", "USD")));
        state.market().discogs().setFloor(releaseId, floor);
        done(ctx);
    }

    /** Signed, but not sent: whoever asks sends it where it is to go. */
    private void accountDeletion(RoutingContext ctx) {
        ControlBody body = ControlBody.of(ctx);
        SignedNotifications.Signed signed = state.notifications()
                .accountDeletion(body.text("username", "attic_vinyl"), body.text("userId", "sandbox-user"));
        send(ctx, 200, new JsonObject().put("body", signed.body()).put("header", signed.header()));
    }

    private void notificationKey(RoutingContext ctx) {
        String key = ControlBody.of(ctx).text("key", "");
        if (key.isBlank()) {
            throw new IllegalArgumentException("key is needed");
        }
        state.notifications().add(ctx.pathParam("key"), key);
        done(ctx);
    }

    private void fault(RoutingContext ctx) {
        ControlBody body = ControlBody.of(ctx);
        var fault = new Fault(
                mode(body.text("mode", "none")),
                (int) body.number("status", 500, 200, 599),
                body.number("delayMs", 1_000, 0, 600_000),
                (int) body.number("times", 0, 0, 1_000_000),
                body.text("pathPrefix", ""),
                (int) body.number("retryAfter", 0, 0, 86_400));
        providers(body.text("provider", "all"))
                .forEach(provider -> state.faults().set(provider, fault));
        done(ctx);
    }

    private void settings(RoutingContext ctx) {
        ControlBody body = ControlBody.of(ctx);
        SandboxSettings now = state.settings();
        state.settings(new SandboxSettings(
                (int) body.number("ebayPerDay", now.ebayPerDay(), 0, Integer.MAX_VALUE),
                (int) body.number("discogsPerMinute", now.discogsPerMinute(), 0, Integer.MAX_VALUE),
                (int) body.number("discogsAnonymousPerMinute", now.discogsAnonymousPerMinute(), 0, Integer.MAX_VALUE),
                body.text("ebayBase", now.ebayBase()),
                body.text("discogsBase", now.discogsBase()),
                body.text("webBase", now.webBase())));
        done(ctx);
    }

    private void tick(RoutingContext ctx) {
        long n = ControlBody.of(ctx).number("n", 1, 1, MAX_TICKS);
        var listed = new JsonArray();
        for (long i = 0; i < n; i++) {
            listed.add(state.market().tick().itemId());
        }
        send(ctx, 200, new JsonObject().put("ticks", state.market().ticks()).put("listed", listed));
    }

    private static BigDecimal required(ControlBody body, String name) {
        BigDecimal value = body.decimal(name, null);
        if (value == null) {
            throw new IllegalArgumentException(name + " is needed");
        }
        return value;
    }

    private static Fault.Mode mode(String text) {
        try {
            return Fault.Mode.valueOf(text.replace('-', '_').toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "mode must be none, status, slow, silent, half-body, garble or rate-limit", e);
        }
    }

    private static List<Provider> providers(String text) {
        return switch (text) {
            case "ebay" -> List.of(Provider.EBAY);
            case "discogs" -> List.of(Provider.DISCOGS);
            case "all" -> List.of(Provider.values());
            default -> throw new IllegalArgumentException("provider must be ebay, discogs or all");
        };
    }

    private static long id(RoutingContext ctx) {
        String text = ctx.pathParam("id");
        if (!text.matches("\\d{1,18}")) {
            throw new IllegalArgumentException("the id must be a number");
        }
        return Long.parseLong(text);
    }

    private static Handler<RoutingContext> guarded(Consumer<RoutingContext> action) {
        return ctx -> {
            try {
                action.accept(ctx);
            } catch (IllegalArgumentException e) {
                send(ctx, 400, new JsonObject().put("error", e.getMessage()));
            }
        };
    }

    private static void answer(RoutingContext ctx, Optional<EbayListing> listing) {
        if (listing.isEmpty()) {
            missing(ctx);
        } else {
            send(ctx, 200, listing(listing.get()));
        }
    }

    private static JsonObject listing(EbayListing listing) {
        return new JsonObject()
                .put("itemId", listing.itemId())
                .put("legacyItemId", String.valueOf(listing.legacyId()))
                .put("title", listing.title())
                .put("price", listing.effectivePrice().value().toPlainString())
                .put("currency", listing.effectivePrice().currency())
                .put("releaseId", listing.releaseId());
    }

    private static void missing(RoutingContext ctx) {
        send(ctx, 404, new JsonObject().put("error", "no such thing"));
    }

    private static void done(RoutingContext ctx) {
        ctx.response().setStatusCode(204).end();
    }

    private static void send(RoutingContext ctx, int status, JsonObject body) {
        ctx.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(body.encode());
    }
}

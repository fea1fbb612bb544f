package io.waxwatch.sandbox.discogs;

import io.vertx.core.json.JsonObject;
import io.waxwatch.sandbox.catalog.Pressing;
import io.waxwatch.sandbox.catalog.SandboxCatalog;
import io.waxwatch.sandbox.market.DiscogsMarket;
import io.waxwatch.sandbox.market.DiscogsOffer;
import io.waxwatch.sandbox.market.Floor;
import io.waxwatch.sandbox.market.Money;

/** Writes what is for sale as Discogs does: money as bare numbers, {@code {}} where a shop states no shipping. */
record DiscogsSales(SandboxCatalog catalog, DiscogsJson json) {

    static JsonObject stats(Floor floor, String currency) {
        boolean none = floor.numForSale() == 0;
        return new JsonObject()
                .put("num_for_sale", none ? null : floor.numForSale())
                .put("lowest_price", none ? null : money(floor.lowest().in(currency)))
                .put("blocked_from_sale", false);
    }

    JsonObject listing(DiscogsOffer offer) {
        Pressing pressing = catalog.release(offer.releaseId()).orElseThrow();
        boolean shipping = offer.shipping() != null;
        var notes = new LinerNotes(pressing);
        var body = new JsonObject()
                .put("id", offer.id())
                .put("resource_url", json.apiBase() + "/marketplace/listings/" + offer.id())
                .put("uri", json.webBase() + "/sell/item/" + offer.id())
                .put("status", "For Sale")
                .put("condition", offer.condition())
                .put("sleeve_condition", offer.sleeveCondition())
                .put("comments", offer.comments())
                .put("ships_from", offer.shipsFrom())
                .put("posted", DiscogsJson.time(offer.posted()))
                .put("allow_offers", true)
                .put("offer_submitted", false)
                .put("audio", false)
                .put("price", money(offer.price()))
                .put("original_price", original(offer.price()))
                .put("shipping_price", shipping ? money(offer.shipping()) : new JsonObject())
                .put("original_shipping_price", shipping ? original(offer.shipping()) : new JsonObject())
                .put("seller", seller(offer.seller()))
                .put(
                        "release",
                        new JsonObject()
                                .put("id", pressing.releaseId())
                                .put("description", description(pressing))
                                .put("artist", pressing.artist())
                                .put("title", pressing.title())
                                .put("format", pressing.format())
                                .put("label", pressing.label())
                                .put("year", pressing.year())
                                .put("catalog_number", pressing.catno())
                                .put("thumbnail", json.thumb(pressing))
                                .put("images", json.images(pressing))
                                .put(
                                        "stats",
                                        new JsonObject()
                                                .put(
                                                        "community",
                                                        new JsonObject()
                                                                .put("in_wantlist", notes.want())
                                                                .put("in_collection", notes.have())))
                                .put("resource_url", json.releaseUrl(pressing)));
        return json.authenticated() ? body.put("in_cart", false) : body;
    }

    /** What a shop's page calls the record, and its own search looks through. */
    static String description(Pressing pressing) {
        return pressing.artist() + " - " + pressing.title() + " (" + pressing.format() + ")";
    }

    private JsonObject seller(String shop) {
        return new JsonObject()
                .put("id", id(shop))
                .put("uid", id(shop))
                .put("username", shop)
                .put("avatar_url", json.webBase() + "/avatars/" + id(shop) + ".svg")
                .put(
                        "stats",
                        new JsonObject().put("rating", "99.6").put("stars", 5.0).put("total", 412))
                .put("min_order_total", 0.0)
                .put("html_url", json.webBase() + "/user/" + shop)
                .put("url", json.apiBase() + "/users/" + shop)
                .put("payment", "PayPal")
                .put("shipping", "Packed well.\r\nSent within two days.")
                .put("resource_url", json.apiBase() + "/users/" + shop);
    }

    static long id(String shop) {
        return 90_000_001L + DiscogsMarket.SHOPS.indexOf(shop);
    }

    private static JsonObject money(Money money) {
        return new JsonObject().put("value", money.value()).put("currency", money.currency());
    }

    private static JsonObject original(Money money) {
        return new JsonObject()
                .put("curr_abbr", money.currency())
                .put("curr_id", 1)
                .put("formatted", money.currency() + " " + money.value().toPlainString())
                .put("value", money.value());
    }
}

package io.waxwatch.sandbox.discogs;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.sandbox.catalog.Pressing;
import io.waxwatch.sandbox.catalog.SandboxCatalog;
import io.waxwatch.sandbox.market.DiscogsMarket;
import io.waxwatch.sandbox.market.DiscogsOffer;
import io.waxwatch.sandbox.market.Floor;
import io.waxwatch.sandbox.market.Money;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * Writes records, floors and offers as Discogs does: money as bare numbers, years sometimes as text.
 *
 * @param apiBase what {@code resource_url} starts with
 * @param webBase what links to pages and images start with
 * @param authenticated anonymous callers get no images
 */
record DiscogsJson(SandboxCatalog catalog, String apiBase, String webBase, boolean authenticated) {

    private static final DateTimeFormatter POSTED = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx", Locale.ROOT)
            .withZone(ZoneId.of("America/Los_Angeles"));

    static JsonObject stats(Floor floor, String currency) {
        boolean none = floor.numForSale() == 0;
        return new JsonObject()
                .put("num_for_sale", none ? null : floor.numForSale())
                .put("lowest_price", none ? null : money(floor.lowest().in(currency)))
                .put("blocked_from_sale", false);
    }

    JsonObject release(Pressing pressing, Floor floor) {
        var json = new JsonObject()
                .put("id", pressing.releaseId())
                .put("status", "Accepted")
                .put("year", pressing.year())
                .put("resource_url", apiBase + "/releases/" + pressing.releaseId())
                .put("uri", webBase + "/release/" + pressing.releaseId())
                .put("artists", artists(pressing))
                .put("artists_sort", pressing.displayArtist())
                .put(
                        "labels",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("name", pressing.label())
                                        .put("catno", pressing.catno())
                                        .put("entity_type", "1")
                                        .put("entity_type_name", "Label")
                                        .put("id", nameId(pressing.label()))
                                        .put("resource_url", apiBase + "/labels/" + nameId(pressing.label()))))
                .put("formats", formats(pressing))
                .put("format_quantity", pressing.discs())
                .put("title", pressing.title())
                .put("country", pressing.country())
                .put("released", pressing.year() + "-00-00")
                .put("genres", new JsonArray().add(pressing.genre()))
                .put("styles", new JsonArray().add(pressing.style()))
                .put(
                        "identifiers",
                        new JsonArray()
                                .add(new JsonObject().put("type", "Barcode").put("value", pressing.barcode())))
                .put(
                        "tracklist",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("position", "A1")
                                        .put("type_", "track")
                                        .put("title", pressing.title())
                                        .put("duration", "4:34")))
                .put("master_id", pressing.masterId())
                .put("master_url", apiBase + "/masters/" + pressing.masterId())
                .put("num_for_sale", floor.numForSale())
                .put(
                        "lowest_price",
                        floor.lowest() == null ? null : floor.lowest().in("USD").value())
                .put("blocked_from_sale", false)
                .put("data_quality", "Correct")
                .put("thumb", thumb(pressing));
        if (authenticated) {
            json.put(
                    "images",
                    new JsonArray()
                            .add(new JsonObject()
                                    .put("type", "primary")
                                    .put("uri", image(pressing))
                                    .put("resource_url", image(pressing))
                                    .put("uri150", image(pressing))
                                    .put("width", 600)
                                    .put("height", 600)));
        }
        return json;
    }

    JsonObject master(List<Pressing> versions) {
        Pressing main = versions.get(0);
        return new JsonObject()
                .put("id", main.masterId())
                .put("main_release", main.releaseId())
                .put("most_recent_release", versions.get(versions.size() - 1).releaseId())
                .put("resource_url", apiBase + "/masters/" + main.masterId())
                .put("uri", webBase + "/master/" + main.masterId())
                .put("versions_url", apiBase + "/masters/" + main.masterId() + "/versions")
                .put("main_release_url", apiBase + "/releases/" + main.releaseId())
                .put("title", main.title())
                .put("artists", artists(main))
                .put("genres", new JsonArray().add(main.genre()))
                .put("styles", new JsonArray().add(main.style()))
                .put("year", main.year())
                .put("data_quality", "Correct");
    }

    JsonObject version(Pressing pressing) {
        return new JsonObject()
                .put("id", pressing.releaseId())
                .put("label", pressing.label())
                .put("country", pressing.country())
                .put("title", pressing.title())
                .put("major_formats", new JsonArray().add("Vinyl"))
                .put("format", pressing.format())
                .put("catno", pressing.catno())
                .put("released", String.valueOf(pressing.year()))
                .put("status", "Accepted")
                .put("resource_url", apiBase + "/releases/" + pressing.releaseId())
                .put("thumb", thumb(pressing));
    }

    /** A search row; for a master the id is the master's. */
    JsonObject searchRow(Pressing pressing, boolean asMaster) {
        long id = asMaster ? pressing.masterId() : pressing.releaseId();
        String type = asMaster ? "master" : "release";
        var json = new JsonObject()
                .put("id", id)
                .put("type", type)
                .put("title", pressing.artist() + " - " + pressing.title())
                .put("country", pressing.country())
                .put("year", String.valueOf(pressing.year()))
                .put("format", formatWords(pressing))
                .put("label", new JsonArray().add(pressing.label()))
                .put("catno", pressing.catno())
                .put("genre", new JsonArray().add(pressing.genre()))
                .put("style", new JsonArray().add(pressing.style()))
                .put("barcode", new JsonArray().add(pressing.barcode()))
                .put("user_data", new JsonObject().put("in_wantlist", false).put("in_collection", false))
                .put("master_id", pressing.masterId())
                .put("master_url", apiBase + "/masters/" + pressing.masterId())
                .put("uri", "/" + type + "/" + id)
                .put("resource_url", apiBase + "/" + type + "s/" + id)
                .put("thumb", thumb(pressing))
                .put("cover_image", thumb(pressing))
                .put("community", new JsonObject().put("want", 41).put("have", 97));
        if (!asMaster) {
            json.put("format_quantity", pressing.discs()).put("formats", formats(pressing));
        }
        return json;
    }

    JsonObject listing(DiscogsOffer offer) {
        Pressing pressing = catalog.release(offer.releaseId()).orElseThrow();
        boolean shipping = offer.shipping() != null;
        return new JsonObject()
                .put("id", offer.id())
                .put("resource_url", apiBase + "/marketplace/listings/" + offer.id())
                .put("uri", webBase + "/sell/item/" + offer.id())
                .put("status", "For Sale")
                .put("condition", offer.condition())
                .put("sleeve_condition", offer.sleeveCondition())
                .put("comments", offer.comments())
                .put("ships_from", offer.shipsFrom())
                .put("posted", POSTED.format(offer.posted()))
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
                                .put("thumbnail", thumb(pressing))
                                .put("resource_url", apiBase + "/releases/" + pressing.releaseId()));
    }

    /** What wantlists and collections tell of a record. */
    JsonObject basic(Pressing pressing) {
        return new JsonObject()
                .put("id", pressing.releaseId())
                .put("master_id", pressing.masterId())
                .put("master_url", apiBase + "/masters/" + pressing.masterId())
                .put("resource_url", apiBase + "/releases/" + pressing.releaseId())
                .put("title", pressing.title())
                .put("year", pressing.year())
                .put("formats", formats(pressing))
                .put("artists", artists(pressing))
                .put("genres", new JsonArray().add(pressing.genre()))
                .put("styles", new JsonArray().add(pressing.style()))
                .put(
                        "labels",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("name", pressing.label())
                                        .put("catno", pressing.catno())
                                        .put("id", nameId(pressing.label()))))
                .put("thumb", thumb(pressing))
                .put("cover_image", thumb(pressing));
    }

    JsonObject user(String shop, int numForSale) {
        return new JsonObject()
                .put("id", userId(shop))
                .put("username", shop)
                .put("resource_url", apiBase + "/users/" + shop)
                .put("uri", webBase + "/user/" + shop)
                .put("inventory_url", apiBase + "/users/" + shop + "/inventory")
                .put("num_for_sale", numForSale)
                .put("seller_rating", 99.6)
                .put("seller_num_ratings", 412)
                .put("curr_abbr", "USD");
    }

    private JsonObject seller(String shop) {
        return new JsonObject()
                .put("id", userId(shop))
                .put("uid", userId(shop))
                .put("username", shop)
                .put("avatar_url", "")
                .put(
                        "stats",
                        new JsonObject().put("rating", "99.6").put("stars", 5.0).put("total", 412))
                .put("min_order_total", 0.0)
                .put("html_url", webBase + "/user/" + shop)
                .put("url", apiBase + "/users/" + shop)
                .put("payment", "PayPal")
                .put("shipping", "Packed well.\r\nSent within two days.")
                .put("resource_url", apiBase + "/users/" + shop);
    }

    private JsonArray artists(Pressing pressing) {
        long id = nameId(pressing.artist());
        return new JsonArray()
                .add(new JsonObject()
                        .put("name", pressing.artist())
                        .put("anv", "")
                        .put("join", "")
                        .put("role", "")
                        .put("tracks", "")
                        .put("id", id)
                        .put("resource_url", apiBase + "/artists/" + id));
    }

    private static JsonArray formats(Pressing pressing) {
        var descriptions = new JsonArray();
        pressing.formatParts().stream()
                .filter(part -> !part.equals("Box Set"))
                .map(part -> part.replaceFirst("^\\d+x", ""))
                .forEach(descriptions::add);
        var vinyl = new JsonObject()
                .put("name", "Vinyl")
                .put("qty", String.valueOf(pressing.discs()))
                .put("descriptions", descriptions);
        var formats = new JsonArray();
        if (pressing.format().contains("Box Set")) {
            formats.add(new JsonObject().put("name", "Box Set").put("qty", "1"));
        }
        return formats.add(vinyl);
    }

    private static JsonArray formatWords(Pressing pressing) {
        var words = new JsonArray().add("Vinyl");
        pressing.formatParts().stream()
                .map(part -> part.replaceFirst("^\\d+x", ""))
                .forEach(words::add);
        return words;
    }

    private static String description(Pressing pressing) {
        return pressing.artist() + " - " + pressing.title() + " (" + pressing.format() + ")";
    }

    private String thumb(Pressing pressing) {
        return authenticated ? image(pressing) : "";
    }

    private String image(Pressing pressing) {
        return webBase + "/images/" + pressing.releaseId() + ".svg";
    }

    private static long userId(String shop) {
        return 90_000_001L + DiscogsMarket.SHOPS.indexOf(shop);
    }

    /** Ids for artists and labels: equal names, equal ids. */
    private static long nameId(String name) {
        return 70_000_000L + Math.floorMod(name.hashCode(), 9_999_991);
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

package io.waxwatch.sandbox.ebay;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.sandbox.catalog.Pressing;
import io.waxwatch.sandbox.catalog.SandboxCatalog;
import io.waxwatch.sandbox.market.EbayListing;
import io.waxwatch.sandbox.market.Marketplaces;
import io.waxwatch.sandbox.market.Money;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * Writes listings as eBay does.
 *
 * @param apiBase what API links start with
 * @param webBase what links to pages and images start with
 * @param campaignId the affiliate campaign of the request, or empty: no affiliate links then
 */
record EbayJson(SandboxCatalog catalog, String apiBase, String webBase, String campaignId) {

    static final String VINYL = "176985";
    static final String MUSIC = "11233";

    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    static String time(Instant instant) {
        return MILLIS.format(instant);
    }

    JsonObject summary(EbayListing listing) {
        JsonObject json = common(listing)
                .put("leafCategoryIds", new JsonArray().add(VINYL))
                .put(
                        "categories",
                        new JsonArray().add(category(VINYL, "Vinyl Records")).add(category(MUSIC, "Music")))
                .put(
                        "itemHref",
                        apiBase + "/buy/browse/v1/item/" + listing.itemId().replace("|", "%7C"))
                .put("availableCoupons", false)
                .put("topRatedBuyingExperience", false)
                .put("priorityListing", false)
                .put("adultOnly", false);
        if (listing.hasImage()) {
            json.put("thumbnailImages", new JsonArray().add(image(listing)));
        }
        return json;
    }

    JsonObject item(EbayListing listing) {
        Optional<Pressing> pressing = catalog.release(listing.releaseId());
        JsonObject json = common(listing)
                .put("categoryId", VINYL)
                .put("categoryPath", "Music|Vinyl Records")
                .put("categoryIdPath", MUSIC + "|" + VINYL)
                .put("description", "<p>" + escape(listing.title()) + "</p>")
                .put(
                        "estimatedAvailabilities",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("deliveryOptions", new JsonArray().add("SHIP_TO_HOME"))
                                        .put("estimatedAvailabilityStatus", "IN_STOCK")
                                        .put("estimatedAvailableQuantity", 1)
                                        .put("estimatedSoldQuantity", 0)))
                .put("returnTerms", new JsonObject().put("returnsAccepted", false));
        var aspects = new JsonArray().add(aspect("Record Grading", listing.grade()));
        pressing.ifPresent(p -> {
            json.put("gtin", p.barcode());
            aspects.add(aspect("Artist", p.displayArtist()))
                    .add(aspect("Release Title", p.title()))
                    .add(aspect("Record Label", p.label()))
                    .add(aspect("Catalog Number", p.catno()))
                    .add(aspect("Release Year", String.valueOf(p.year())));
        });
        return json.put("localizedAspects", aspects);
    }

    private JsonObject common(EbayListing listing) {
        var json = new JsonObject()
                .put("itemId", listing.itemId())
                .put("title", listing.title())
                .put("legacyItemId", String.valueOf(listing.legacyId()))
                .put("buyingOptions", new JsonArray(listing.buyingOptions()))
                .put(
                        "seller",
                        new JsonObject()
                                .put("username", listing.seller())
                                .put("feedbackPercentage", listing.sellerScore() == 0 ? "0.0" : "99.4")
                                .put("feedbackScore", listing.sellerScore()))
                .put("itemLocation", new JsonObject().put("postalCode", "104**").put("country", listing.country()))
                .put("itemWebUrl", webUrl(listing))
                .put("itemOriginDate", time(listing.origin()))
                .put("itemCreationDate", time(listing.created()))
                .put("itemEndDate", time(listing.ends()))
                .put("listingMarketplaceId", listing.marketplace());
        if (listing.price() != null) {
            json.put("price", amount(listing, listing.price()));
        }
        if (listing.isAuction()) {
            json.put("currentBidPrice", amount(listing, listing.bid())).put("bidCount", listing.bidCount());
        }
        if (listing.conditionId() != null) {
            json.put("condition", conditionText(listing.conditionId())).put("conditionId", listing.conditionId());
        }
        if (listing.shippingType() != null) {
            var shipping = new JsonObject().put("shippingCostType", listing.shippingType());
            if (listing.shippingCost() != null) {
                shipping.put("shippingCost", amount(listing, listing.shippingCost()));
            }
            json.put("shippingOptions", new JsonArray().add(shipping));
        }
        if (listing.hasImage()) {
            json.put("image", image(listing));
        }
        if (!campaignId.isEmpty()) {
            json.put(
                    "itemAffiliateWebUrl",
                    webUrl(listing) + "?mkevt=1&mkcid=1&mkrid=711-53200-19255-0&campid="
                            + URLEncoder.encode(campaignId, StandardCharsets.UTF_8) + "&toolid=10049");
        }
        return json;
    }

    private String webUrl(EbayListing listing) {
        return webBase + "/itm/" + listing.legacyId();
    }

    private JsonObject image(EbayListing listing) {
        return new JsonObject().put("imageUrl", webBase + "/images/" + listing.releaseId() + ".svg");
    }

    /** In the currency of the site; another currency's original stands beside. */
    private static JsonObject amount(EbayListing listing, Money money) {
        String currency = Marketplaces.currencyOf(listing.marketplace());
        Money shown = money.in(currency);
        var json = new JsonObject().put("value", shown.value().toPlainString()).put("currency", currency);
        if (!money.currency().equals(currency)) {
            json.put("convertedFromValue", money.value().toPlainString())
                    .put("convertedFromCurrency", money.currency());
        }
        return json;
    }

    private static String conditionText(String conditionId) {
        return switch (conditionId) {
            case "1000" -> "New";
            case "1500" -> "New other (see details)";
            case "2750" -> "Like New";
            case "3000" -> "Used";
            case "4000" -> "Very Good";
            case "5000" -> "Good";
            case "6000" -> "Acceptable";
            default -> "Used";
        };
    }

    private static JsonObject category(String id, String name) {
        return new JsonObject().put("categoryId", id).put("categoryName", name);
    }

    private static JsonObject aspect(String name, String value) {
        return new JsonObject().put("type", "STRING").put("name", name).put("value", value);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}

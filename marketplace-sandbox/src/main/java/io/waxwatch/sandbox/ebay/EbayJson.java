package io.waxwatch.sandbox.ebay;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.sandbox.catalog.Pressing;
import io.waxwatch.sandbox.catalog.SandboxCatalog;
import io.waxwatch.sandbox.market.EbayListing;
import io.waxwatch.sandbox.market.Marketplaces;
import io.waxwatch.sandbox.market.Money;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Writes listings as eBay does. What only some real rows have (a seller's words on the condition, a struck-out price, a second
 * picture) follows from the listing's number.
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
    /** What tells whether an item changed. */
    private static final Set<String> COMPACT = Set.of(
            "itemId",
            "legacyItemId",
            "sellerItemRevision",
            "price",
            "currentBidPrice",
            "bidCount",
            "uniqueBidderCount",
            "estimatedAvailabilities",
            "eligibleForInlineCheckout",
            "gtin",
            "itemAffiliateWebUrl",
            "itemWebUrl",
            "itemCreationDate",
            "priorityListing",
            "shippingOptions",
            "topRatedBuyingExperience");

    private static final BigDecimal STRUCK_OUT = new BigDecimal("1.25");
    private static final long FIRST_EPID = 23_000_000_000L;

    static String time(Instant instant) {
        return MILLIS.format(instant);
    }

    EbayAspects aspects() {
        return new EbayAspects(catalog);
    }

    /** The number of the product in eBay's catalogue: one for each work; null for what it does not know. */
    String epid(EbayListing listing) {
        return catalog.release(listing.releaseId())
                .map(pressing -> String.valueOf(FIRST_EPID + pressing.masterId()))
                .orElse(null);
    }

    /** @param extended with a short description and the city */
    JsonObject summary(EbayListing listing, boolean extended) {
        JsonObject json = common(listing, extended)
                .put("leafCategoryIds", new JsonArray().add(VINYL))
                .put(
                        "categories",
                        new JsonArray().add(category(VINYL, "Vinyl Records")).add(category(MUSIC, "Music")))
                .put(
                        "itemHref",
                        apiBase + "/buy/browse/v1/item/" + listing.itemId().replace("|", "%7C"))
                .put("availableCoupons", false)
                .put("topRatedBuyingExperience", false)
                .put("priorityListing", false);
        if (listing.hasImage()) {
            json.put("thumbnailImages", new JsonArray().add(image(listing)));
        }
        if (extended) {
            json.put("shortDescription", shortDescription(listing));
        }
        return json;
    }

    /** @param groups what is asked for beyond the usual, or less of it */
    JsonObject item(EbayListing listing, EbayFieldGroups groups) {
        Optional<Pressing> pressing = catalog.release(listing.releaseId());
        JsonObject json = common(listing, true)
                .put("sellerItemRevision", "1")
                .put("shortDescription", shortDescription(listing))
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
                                        .put("availabilityThreshold", 10)
                                        .put("availabilityThresholdType", "MORE_THAN")
                                        .put("estimatedAvailableQuantity", 1)
                                        .put("estimatedSoldQuantity", 0)))
                .put("shipToLocations", shipToLocations())
                .put(
                        "returnTerms",
                        new JsonObject()
                                .put("returnsAccepted", true)
                                .put("refundMethod", "MONEY_BACK")
                                .put("returnShippingCostPayer", "BUYER")
                                .put(
                                        "returnPeriod",
                                        new JsonObject().put("value", 30).put("unit", "CALENDAR_DAY")))
                .put("paymentMethods", paymentMethods())
                .put("taxes", new JsonArray().add(tax()))
                .put("topRatedBuyingExperience", false)
                .put("priorityListing", false)
                .put("enabledForGuestCheckout", true)
                .put("eligibleForInlineCheckout", true)
                .put("lotSize", 0)
                .put("localizedAspects", aspects().localized(listing));
        if (listing.isAuction()) {
            json.put("uniqueBidderCount", Math.min(listing.bidCount(), 3));
        }
        if (isWornAsTold(listing)) {
            json.put(
                    "conditionDescription", "Plays through without a skip. Light marks on side two, see the pictures.");
        }
        pressing.ifPresent(
                p -> json.put("gtin", p.barcode()).put("brand", p.label()).put("mpn", p.catno()));
        json.getJsonObject("seller")
                .put("sellerAccountType", listing.sellerScore() > 1_000 ? "BUSINESS" : "INDIVIDUAL");
        if (groups.has("PRODUCT")) {
            pressing.ifPresent(p -> json.put("product", product(p)));
        }
        if (groups.has("ADDITIONAL_SELLER_DETAILS")) {
            json.getJsonObject("seller")
                    .put("userId", "sandbox" + Math.abs(listing.seller().hashCode()));
        }
        if (groups.has("COMPACT")) {
            json.getMap().keySet().retainAll(COMPACT);
        }
        return json;
    }

    private JsonObject common(EbayListing listing, boolean detailed) {
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
                .put("itemLocation", location(listing, detailed))
                .put("itemWebUrl", webUrl(listing))
                .put("itemOriginDate", time(listing.origin()))
                .put("itemCreationDate", time(listing.created()))
                .put("itemEndDate", time(listing.ends()))
                .put("adultOnly", false)
                .put("listingMarketplaceId", listing.marketplace());
        if (listing.price() != null) {
            json.put("price", amount(listing, listing.price()));
            if (isReduced(listing)) {
                json.put("marketingPrice", marketingPrice(listing));
            }
        }
        if (listing.isAuction()) {
            json.put("currentBidPrice", amount(listing, listing.bid())).put("bidCount", listing.bidCount());
        }
        if (listing.conditionId() != null) {
            json.put("condition", conditionText(listing.conditionId())).put("conditionId", listing.conditionId());
        }
        if (listing.shippingType() != null) {
            json.put("shippingOptions", new JsonArray().add(shipping(listing, detailed)));
        }
        if (listing.hasImage()) {
            json.put("image", image(listing));
            if (listing.legacyId() % 3 != 0) {
                json.put("additionalImages", new JsonArray().add(image(listing)));
            }
        }
        if (epid(listing) != null) {
            json.put("epid", epid(listing));
        }
        if (!campaignId.isEmpty()) {
            json.put(
                    "itemAffiliateWebUrl",
                    webUrl(listing) + "?mkevt=1&mkcid=1&mkrid=711-53200-19255-0&campid="
                            + URLEncoder.encode(campaignId, StandardCharsets.UTF_8) + "&toolid=10049");
        }
        return json;
    }

    private static JsonObject location(EbayListing listing, boolean detailed) {
        var location = new JsonObject().put("postalCode", "104**").put("country", listing.country());
        return detailed ? location.put("city", "Sandport").put("stateOrProvince", "Sandshire") : location;
    }

    private static JsonObject shipping(EbayListing listing, boolean detailed) {
        var shipping = new JsonObject().put("shippingCostType", listing.shippingType());
        if (listing.shippingCost() != null) {
            shipping.put("shippingCost", amount(listing, listing.shippingCost()));
        }
        shipping.put("minEstimatedDeliveryDate", time(listing.created().plus(Duration.ofDays(4))))
                .put("maxEstimatedDeliveryDate", time(listing.created().plus(Duration.ofDays(9))))
                .put("guaranteedDelivery", false);
        if (detailed) {
            if (listing.shippingCost() != null) {
                shipping.put("additionalShippingCostPerUnit", amount(listing, listing.shippingCost()));
            }
            shipping.put("shippingServiceCode", "Standard Post")
                    .put("shippingCarrierCode", "Post")
                    .put("type", "Standard Shipping")
                    .put("quantityUsedForEstimate", 1);
        }
        return shipping;
    }

    private static JsonObject shipToLocations() {
        return new JsonObject()
                .put("regionIncluded", new JsonArray().add(region("Worldwide", "WORLDWIDE", "WORLDWIDE")))
                .put("regionExcluded", new JsonArray().add(region("PO Box", "COUNTRY_REGION", "_POBOX")));
    }

    private static JsonObject region(String name, String type, String id) {
        return new JsonObject().put("regionName", name).put("regionType", type).put("regionId", id);
    }

    private static JsonArray paymentMethods() {
        var brands = new JsonArray();
        List.of("VISA", "MASTERCARD")
                .forEach(brand -> brands.add(new JsonObject().put("paymentMethodBrandType", brand)));
        return new JsonArray()
                .add(new JsonObject().put("paymentMethodType", "CREDIT_CARD").put("paymentMethodBrands", brands));
    }

    private static JsonObject tax() {
        return new JsonObject()
                .put(
                        "taxJurisdiction",
                        new JsonObject()
                                .put(
                                        "region",
                                        new JsonObject()
                                                .put("regionName", "Sandshire")
                                                .put("regionType", "STATE_OR_PROVINCE"))
                                .put("taxJurisdictionId", "SS"))
                .put("taxType", "STATE_SALES_TAX")
                .put("shippingAndHandlingTaxed", true)
                .put("includedInPrice", false)
                .put("ebayCollectAndRemitTax", true);
    }

    private static JsonObject product(Pressing pressing) {
        return new JsonObject()
                .put("title", pressing.displayArtist() + " - " + pressing.title())
                .put("brand", pressing.label())
                .put("gtins", new JsonArray().add(pressing.barcode()))
                .put("mpns", new JsonArray().add(pressing.catno()));
    }

    private static boolean isReduced(EbayListing listing) {
        return !listing.isAuction() && listing.legacyId() % 7 == 0;
    }

    private static boolean isWornAsTold(EbayListing listing) {
        return listing.conditionId() != null && !listing.conditionId().startsWith("1") && listing.legacyId() % 2 == 0;
    }

    private static JsonObject marketingPrice(EbayListing listing) {
        Money now = listing.price().in(Marketplaces.currencyOf(listing.marketplace()));
        Money before = now.times(STRUCK_OUT);
        return new JsonObject()
                .put("originalPrice", amount(listing, before))
                .put("discountPercentage", "20")
                .put("discountAmount", amount(listing, new Money(before.value().subtract(now.value()), now.currency())))
                .put("priceTreatment", "LIST_PRICE");
    }

    private static String shortDescription(EbayListing listing) {
        return "Record grading: " + listing.grade() + ". Sent in a stiff mailer.";
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

    static String conditionText(String conditionId) {
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

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}

package io.waxwatch.sandbox.ebay;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** eBay's error and warning bodies, in its words where they are known. */
final class EbayErrors {

    static final JsonObject INVALID_TOKEN = error(1001, "OAuth", "Invalid access token")
            .put("longMessage", "Invalid access token. Check the value of the Authorization HTTP request header.");
    static final JsonObject QUOTA = error(2001, "ACCESS", "Too many requests.")
            .put("longMessage", "The request limit has been reached for the resource.");
    static final JsonObject ACCESS_DENIED = error(1100, "ACCESS", "Access denied")
            .put("longMessage", "Insufficient permissions to fulfill the request.");
    static final JsonObject NO_RESOURCE =
            error(2002, "ACCESS", "Resource not found").put("longMessage", "The requested resource does not exist.");
    static final JsonObject NO_KEY = error(195001, "API_NOTIFICATION", "The specified key id is invalid.");
    static final JsonObject COMPACT_ALONE = browse(
            11018,
            "The specified fieldgroups are invalid. The COMPACT fieldgroup cannot be combined with another fieldgroup.");
    static final JsonObject TOO_LARGE = browse(
            12023,
            "This keyword search results in a response that is too large to return. Either change the keyword or add"
                    + " additional query parameters and/or filters.");
    static final JsonObject OFFSET_NEGATIVE = browse(12004, "The 'offset' value cannot be negative.");
    static final JsonObject OFFSET_TYPE = browse(12005, "The 'offset' value must be an integer.");
    static final JsonObject NOT_FOUND = browse(11001, "The specified item Id was not found.");
    static final JsonObject NOTHING_ASKED =
            browse(12001, "The call must have a valid 'q', 'category_ids', 'epid' or 'gtin' query parameter.");
    static final JsonObject LIMIT_RANGE = browse(12006, "The 'limit' value should be between 1 and 200 (inclusive).");
    static final JsonObject LIMIT_TYPE = browse(12007, "The 'limit' value must be an integer value.");
    static final JsonObject OFFSET_STEP =
            browse(12515, "The 'offset' value must be either zero or a multiple of the 'limit' value.");
    static final JsonObject OFFSET_RANGE =
            browse(12029, "The maximum number of listings that can be retrieved is 10,000: 'offset' must be below it.");
    static final JsonObject TWO_LOCATIONS = browse(12517, "Only one item location filter can be applied at a time.");
    static final JsonObject TOO_MANY_SELLERS =
            browse(12032, "The number of sellers in the filter has exceeded the maximum number allowed.");
    static final JsonObject TOP_CATEGORY = browse(
            12013, "Top level category browsing is not allowed. Please provide keywords or a more specific category.");

    static final JsonObject SORT_WARNING =
            browse(12008, "The 'sort' value is invalid. For the valid values, refer to the API call documentation.");
    static final JsonObject CATEGORY_WARNING = browse(12009, "The 'category_ids' query parameter is invalid.");
    static final JsonObject ASPECT_CATEGORY_WARNING = browse(
            12017,
            "The 'aspect_filter' query parameter must include a categoryId. For information, see the API call reference"
                    + " documentation.");
    static final JsonObject PRICE_WARNING = browse(
            12012, "A valid 'price' filter and a valid 'priceCurrency' filter is necessary to filter based on price.");

    private EbayErrors() {}

    static JsonObject unsupportedMarketplace(String id) {
        return browse(12019, "Currently, the " + id + " marketplace is not supported.");
    }

    static JsonObject filterWarning(String name, String value) {
        return browse(
                        12002,
                        "The " + name
                                + " filter value is invalid. For the valid values, refer to the API call documentation.")
                .put("parameters", parameters("fieldName", name, "filterValue", value));
    }

    static JsonObject aspectWarning(String value) {
        return browse(
                        12018,
                        "The " + value
                                + " aspect_filter value is invalid. For information, see the API call reference documentation.")
                .put("parameters", parameters("aspectFilter", value));
    }

    static JsonObject epidWarning(String value) {
        return browse(
                        12021,
                        "The 'epid' value " + value
                                + " is invalid. For information, see the API call reference documentation.")
                .put("parameters", parameters("epid", value));
    }

    static JsonObject fieldGroupsWarning(String value) {
        return browse(
                        12016,
                        "The 'fieldgroups' value " + value
                                + " is invalid. For the valid values, refer to the API call reference documentation")
                .put("parameters", parameters("fieldgroups", value));
    }

    static JsonObject badItemFieldGroups(String value) {
        return browse(11501, "The 'fieldgroups' value(s) are invalid: " + value + ".");
    }

    static JsonObject sortWarning(String value) {
        return SORT_WARNING
                .copy()
                .put(
                        "parameters",
                        new JsonArray().add(new JsonObject().put("name", "sort").put("value", value)));
    }

    /** The body of a refusal. */
    static JsonObject body(JsonObject error) {
        return new JsonObject().put("errors", new JsonArray().add(error.copy()));
    }

    private static JsonArray parameters(String... pairs) {
        var array = new JsonArray();
        for (int i = 0; i < pairs.length; i += 2) {
            array.add(new JsonObject().put("name", pairs[i]).put("value", pairs[i + 1]));
        }
        return array;
    }

    private static JsonObject browse(int id, String message) {
        return error(id, "API_BROWSE", message);
    }

    private static JsonObject error(int id, String domain, String message) {
        return new JsonObject()
                .put("errorId", id)
                .put("domain", domain)
                .put("category", "REQUEST")
                .put("message", message);
    }
}

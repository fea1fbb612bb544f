package io.waxwatch.sandbox.ebay;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.sandbox.market.EbayListing;
import io.waxwatch.sandbox.market.Market;
import io.waxwatch.sandbox.market.Money;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** One call of {@code item_summary/search}: checks the parameters, then filters, sorts and cuts the page. */
final class EbaySearch {

    private static final String PATH = "/buy/browse/v1/item_summary/search";
    private static final Set<String> PAGE_PARAMETERS = Set.of("limit", "offset");
    private static final int MAX_RESULTS = 10_000;

    /** Either a body for 200 or a refusal with its status. */
    record Answer(int status, JsonObject body) {}

    private final MultiMap params;
    private final String marketplace;
    private final EbayJson json;
    private final List<JsonObject> warnings = new ArrayList<>();

    EbaySearch(MultiMap params, String marketplace, EbayJson json) {
        this.params = params;
        this.marketplace = marketplace;
        this.json = json;
    }

    Answer run(Market market) {
        String q = params.get("q");
        String category = params.get("category_ids");
        String gtin = params.get("gtin");
        if (blank(q) && blank(category) && blank(gtin) && blank(params.get("epid"))) {
            return refuse(400, EbayErrors.NOTHING_ASKED);
        }
        if (EbayJson.MUSIC.equals(category) && blank(q)) {
            return refuse(409, EbayErrors.TOP_CATEGORY);
        }
        if (!blank(q) && q.contains("*")) {
            return refuse(400, EbayErrors.TOO_LARGE);
        }
        Optional<Integer> limit = number("limit", 50);
        Optional<Integer> offset = number("offset", 0);
        if (limit.isEmpty()) {
            return refuse(400, EbayErrors.LIMIT_TYPE);
        }
        if (limit.get() < 1 || limit.get() > 200) {
            return refuse(400, EbayErrors.LIMIT_RANGE);
        }
        if (offset.isEmpty()) {
            return refuse(400, EbayErrors.OFFSET_TYPE);
        }
        if (offset.get() < 0) {
            return refuse(400, EbayErrors.OFFSET_NEGATIVE);
        }
        if (offset.get() % limit.get() != 0) {
            return refuse(400, EbayErrors.OFFSET_STEP);
        }
        if (offset.get() >= MAX_RESULTS) {
            return refuse(400, EbayErrors.OFFSET_RANGE);
        }
        EbayFilter filter = EbayFilter.parse(blank(params.get("filter")) ? "" : params.get("filter"));
        if (filter.refusal().isPresent()) {
            return refuse(400, filter.refusal().get());
        }
        warnings.addAll(filter.warnings());
        EbayAspects.Filter aspects = EbayAspects.parse(params.get("aspect_filter"), category);
        Optional.ofNullable(aspects.warning()).ifPresent(warnings::add);
        EbayFieldGroups groups = EbayFieldGroups.ofSearch(params.get("fieldgroups"));
        groups.unknown().forEach(group -> warnings.add(EbayErrors.fieldGroupsWarning(group)));
        String epid = params.get("epid");
        if (!blank(epid) && !epid.matches("\\d{1,18}")) {
            warnings.add(EbayErrors.epidWarning(epid));
            epid = null;
        }
        String product = epid;
        boolean empty = !knownCategory(category);
        EbayKeywords keywords = EbayKeywords.parse(blank(q) ? "" : q);
        List<EbayListing> found = market.ebay().all().stream()
                .filter(listing -> !empty && listing.marketplace().equals(marketplace))
                .filter(listing -> keywords.matches(listing.title()))
                .filter(listing -> blank(gtin) || hasBarcode(market, listing, gtin))
                .filter(listing -> blank(product) || product.equals(json.epid(listing)))
                .filter(listing -> json.aspects().matches(listing, aspects))
                .filter(filter::matches)
                .sorted(order(params.get("sort")))
                .toList();
        return page(found, limit.get(), offset.get(), groups);
    }

    private Answer page(List<EbayListing> found, int limit, int offset, EbayFieldGroups groups) {
        var body = new JsonObject();
        if (!warnings.isEmpty()) {
            body.put("warnings", new JsonArray(warnings));
        }
        body.put("href", link(limit, offset)).put("total", found.size());
        int end = Math.min(found.size(), offset + limit);
        if (end < found.size() && offset + limit < MAX_RESULTS) {
            body.put("next", link(limit, offset + limit));
        }
        if (offset > 0) {
            body.put("prev", link(limit, Math.max(0, offset - limit)));
        }
        body.put("limit", limit).put("offset", offset);
        if (offset < end && groups.rows()) {
            boolean extended = groups.has("EXTENDED") || groups.has("FULL");
            var rows = new JsonArray();
            found.subList(offset, end).forEach(listing -> rows.add(json.summary(listing, extended)));
            body.put("itemSummaries", rows);
        }
        JsonObject refinement = refinement(found, limit, groups);
        if (!refinement.isEmpty()) {
            body.put("refinement", refinement);
        }
        return new Answer(200, body);
    }

    /** How the whole result, not only its page, is made up: of what was asked for. */
    private JsonObject refinement(List<EbayListing> found, int limit, EbayFieldGroups groups) {
        var refinement = new JsonObject();
        if (groups.refines("ASPECT")) {
            refinement
                    .put("dominantCategoryId", EbayJson.VINYL)
                    .put(
                            "aspectDistributions",
                            json.aspects()
                                    .distributions(found, link(limit, 0, Set.of("limit", "offset", "aspect_filter"))));
        }
        if (groups.refines("BUYING_OPTION")) {
            refinement.put(
                    "buyingOptionDistributions",
                    counted(found, EbayListing::buyingOptions, option -> new JsonObject().put("buyingOption", option)));
        }
        if (groups.refines("CATEGORY")) {
            refinement.put(
                    "categoryDistributions",
                    counted(
                            found,
                            listing -> List.of(EbayJson.VINYL),
                            id -> new JsonObject().put("categoryId", id).put("categoryName", "Vinyl Records")));
        }
        if (groups.refines("CONDITION")) {
            refinement.put(
                    "conditionDistributions",
                    counted(
                            found,
                            listing -> listing.conditionId() == null ? List.of() : List.of(listing.conditionId()),
                            id -> new JsonObject()
                                    .put("conditionId", id)
                                    .put("condition", EbayJson.conditionText(id))));
        }
        return refinement;
    }

    private static JsonArray counted(
            List<EbayListing> found, Function<EbayListing, List<String>> keys, Function<String, JsonObject> row) {
        Map<String, Integer> counts = new TreeMap<>();
        found.forEach(listing -> keys.apply(listing).forEach(key -> counts.merge(key, 1, Integer::sum)));
        var rows = new JsonArray();
        counts.forEach((key, count) -> rows.add(row.apply(key).put("matchCount", count)));
        return rows;
    }

    private Comparator<EbayListing> order(String sort) {
        Comparator<EbayListing> newestId =
                Comparator.comparingLong(EbayListing::legacyId).reversed();
        Comparator<EbayListing> price = Comparator.comparing(this::total);
        // Anything but by date: who relies on the order of Best Match shall notice.
        Comparator<EbayListing> bestMatch =
                Comparator.comparingLong(listing -> listing.legacyId() * 2_654_435_761L % 1_009);
        return switch (sort == null ? "" : sort) {
            case "" -> bestMatch.thenComparing(newestId);
            case "newlyListed" ->
                Comparator.comparing(EbayListing::origin).reversed().thenComparing(newestId);
            case "price" -> price.thenComparing(newestId);
            case "-price" -> price.reversed().thenComparing(newestId);
            case "endingSoonest" -> Comparator.comparing(EbayListing::ends).thenComparing(newestId);
            case "distance" -> newestId;
            default -> {
                warnings.add(EbayErrors.sortWarning(sort));
                yield bestMatch.thenComparing(newestId);
            }
        };
    }

    /** Price and known shipping in US dollars. */
    private BigDecimal total(EbayListing listing) {
        Money price = listing.effectivePrice();
        return (listing.shippingCost() == null ? price : price.plus(listing.shippingCost()))
                .in("USD")
                .value();
    }

    /** An invalid category is only a warning, as is more than one. */
    private boolean knownCategory(String category) {
        if (blank(category) || EbayJson.VINYL.equals(category) || EbayJson.MUSIC.equals(category)) {
            return true;
        }
        if (category.matches("\\d{1,9}")) {
            return false;
        }
        warnings.add(EbayErrors.CATEGORY_WARNING.copy());
        return true;
    }

    private boolean hasBarcode(Market market, EbayListing listing, String gtin) {
        return market.catalog()
                .release(listing.releaseId())
                .filter(pressing -> pressing.barcode().equals(gtin))
                .isPresent();
    }

    private String link(int limit, int offset) {
        return link(limit, offset, PAGE_PARAMETERS);
    }

    private String link(int limit, int offset, Set<String> without) {
        Map<String, String> query = new LinkedHashMap<>();
        params.forEach((name, value) -> {
            if (!without.contains(name)) {
                query.put(name, value);
            }
        });
        query.put("limit", String.valueOf(limit));
        query.put("offset", String.valueOf(offset));
        var text = new StringBuilder(json.apiBase()).append(PATH);
        char separator = '?';
        for (var entry : query.entrySet()) {
            text.append(separator)
                    .append(entry.getKey())
                    .append('=')
                    .append(URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8));
            separator = '&';
        }
        return text.toString();
    }

    private Optional<Integer> number(String name, int otherwise) {
        String value = params.get(name);
        if (value == null) {
            return Optional.of(otherwise);
        }
        return value.matches("-?\\d{1,9}") ? Optional.of(Integer.parseInt(value)) : Optional.empty();
    }

    private static Answer refuse(int status, JsonObject error) {
        return new Answer(status, EbayErrors.body(error));
    }

    private static boolean blank(String value) {
        return value == null || value.isBlank();
    }
}

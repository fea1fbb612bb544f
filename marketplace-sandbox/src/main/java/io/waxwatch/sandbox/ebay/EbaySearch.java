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
        Optional<Integer> limit = number("limit", 50);
        Optional<Integer> offset = number("offset", 0);
        if (limit.isEmpty()) {
            return refuse(400, EbayErrors.LIMIT_TYPE);
        }
        if (limit.get() < 1 || limit.get() > 200) {
            return refuse(400, EbayErrors.LIMIT_RANGE);
        }
        if (offset.isEmpty() || offset.get() < 0 || offset.get() % limit.get() != 0) {
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
        boolean empty = !blank(params.get("epid")) || !knownCategory(category);
        EbayKeywords keywords = EbayKeywords.parse(blank(q) ? "" : q);
        List<EbayListing> found = market.ebay().all().stream()
                .filter(listing -> !empty && listing.marketplace().equals(marketplace))
                .filter(listing -> keywords.matches(listing.title()))
                .filter(listing -> blank(gtin) || hasBarcode(market, listing, gtin))
                .filter(filter::matches)
                .sorted(order(params.get("sort")))
                .toList();
        return page(found, limit.get(), offset.get());
    }

    private Answer page(List<EbayListing> found, int limit, int offset) {
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
        if (offset < end) {
            var rows = new JsonArray();
            found.subList(offset, end).forEach(listing -> rows.add(json.summary(listing)));
            body.put("itemSummaries", rows);
        }
        return new Answer(200, body);
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
        Map<String, String> query = new LinkedHashMap<>();
        params.forEach((name, value) -> {
            if (!PAGE_PARAMETERS.contains(name)) {
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

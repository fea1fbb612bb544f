package io.waxwatch.sandbox.ebay;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.sandbox.catalog.Pressing;
import io.waxwatch.sandbox.catalog.SandboxCatalog;
import io.waxwatch.sandbox.market.EbayListing;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The item specifics of listings, and the {@code aspect_filter} over them: {@code categoryId:176985,Format:{Record|LP}}, where
 * a pipe in a value has a backslash before it. One that is not valid filters nothing and is a warning.
 */
final class EbayAspects {

    private static final Pattern PART = Pattern.compile("([^:,{}]+):\\{((?:[^{}\\\\]|\\\\.)*)\\}(?:,|$)");
    private static final Pattern CATEGORY = Pattern.compile("categoryId:(\\d+)(?:,|$)");

    private final SandboxCatalog catalog;

    EbayAspects(SandboxCatalog catalog) {
        this.catalog = catalog;
    }

    /** What a filter asks for, or why it is ignored. */
    record Filter(Map<String, List<String>> wanted, JsonObject warning) {

        static final Filter NONE = new Filter(Map.of(), null);
    }

    /** @param category the {@code category_ids} of the same call, which must be the filter's */
    static Filter parse(String text, String category) {
        if (text == null || text.isBlank()) {
            return Filter.NONE;
        }
        Matcher head = CATEGORY.matcher(text);
        if (!head.lookingAt()) {
            return new Filter(Map.of(), EbayErrors.ASPECT_CATEGORY_WARNING.copy());
        }
        String rest = text.substring(head.end());
        Map<String, List<String>> wanted = new LinkedHashMap<>();
        Matcher part = PART.matcher(rest);
        int read = 0;
        while (part.lookingAt()) {
            wanted.put(part.group(1).strip().toLowerCase(Locale.ROOT), values(part.group(2)));
            read = part.end();
            part.region(read, rest.length());
        }
        boolean sameCategory = head.group(1).equals(category);
        return read == rest.length() && sameCategory && !wanted.isEmpty()
                ? new Filter(wanted, null)
                : new Filter(Map.of(), EbayErrors.aspectWarning(text));
    }

    boolean matches(EbayListing listing, Filter filter) {
        if (filter.wanted().isEmpty()) {
            return true;
        }
        Map<String, String> own = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        own.putAll(of(listing));
        return filter.wanted().entrySet().stream()
                .allMatch(aspect ->
                        aspect.getValue().stream().anyMatch(value -> value.equalsIgnoreCase(own.get(aspect.getKey()))));
    }

    /** Name and value of each; those of the record itself only where it is known which one it is. */
    Map<String, String> of(EbayListing listing) {
        Map<String, String> aspects = new LinkedHashMap<>();
        aspects.put("Record Grading", listing.grade());
        aspects.put("Format", "Record");
        Optional<Pressing> known = catalog.release(listing.releaseId());
        known.ifPresent(pressing -> {
            aspects.put("Artist", pressing.displayArtist());
            aspects.put("Release Title", pressing.title());
            aspects.put("Record Label", pressing.label());
            aspects.put("Catalog Number", pressing.catno());
            aspects.put("Release Year", String.valueOf(pressing.year()));
            aspects.put("Genre", pressing.genre());
            aspects.put("Style", pressing.style());
        });
        return aspects;
    }

    JsonArray localized(EbayListing listing) {
        var array = new JsonArray();
        of(listing)
                .forEach((name, value) -> array.add(
                        new JsonObject().put("type", "STRING").put("name", name).put("value", value)));
        return array;
    }

    /**
     * How many of the listings have which value: {@code aspectDistributions}.
     *
     * @param search the address of this search without an {@code aspect_filter}, for the links that refine it
     */
    JsonArray distributions(List<EbayListing> listings, String search) {
        Map<String, Map<String, Integer>> counts = new LinkedHashMap<>();
        listings.forEach(listing -> of(listing)
                .forEach((name, value) -> counts.computeIfAbsent(name, key -> new LinkedHashMap<>())
                        .merge(value, 1, Integer::sum)));
        var aspects = new JsonArray();
        counts.forEach((name, values) -> {
            var distribution = new JsonArray();
            values.forEach((value, count) -> distribution.add(new JsonObject()
                    .put("localizedAspectValue", value)
                    .put("matchCount", count)
                    .put("refinementHref", refined(search, name, value))));
            aspects.add(
                    new JsonObject().put("localizedAspectName", name).put("aspectValueDistributions", distribution));
        });
        return aspects;
    }

    private static String refined(String search, String name, String value) {
        String filter = "categoryId:" + EbayJson.VINYL + "," + name + ":{" + value.replace("|", "\\|") + "}";
        return search + "&aspect_filter=" + URLEncoder.encode(filter, StandardCharsets.UTF_8);
    }

    /** Splits at pipes without a backslash before them. */
    private static List<String> values(String text) {
        List<String> values = new ArrayList<>();
        for (String value : text.split("(?<!\\\\)\\|")) {
            values.add(value.replace("\\|", "|").strip());
        }
        return values;
    }
}

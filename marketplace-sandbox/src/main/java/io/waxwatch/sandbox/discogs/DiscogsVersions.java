package io.waxwatch.sandbox.discogs;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.sandbox.catalog.Pressing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The versions of a master: what is left of them after the filters, in order, and what else one could filter by. */
final class DiscogsVersions {

    private static final Map<String, Function<Pressing, List<String>>> FILTERS = filters();
    private static final Map<String, Function<Pressing, String>> SORTS = Map.of(
            "released", pressing -> String.valueOf(pressing.year()),
            "title", Pressing::title,
            "format", Pressing::format,
            "label", Pressing::label,
            "catno", Pressing::catno,
            "country", Pressing::country);

    private DiscogsVersions() {}

    static List<Pressing> shown(List<Pressing> versions, MultiMap params) {
        List<Pressing> shown = new ArrayList<>(versions);
        FILTERS.forEach((name, values) -> {
            if (params.contains(name)) {
                List<String> wanted = params.getAll(name);
                shown.removeIf(version -> values.apply(version).stream()
                        .noneMatch(value -> wanted.stream().anyMatch(value::equalsIgnoreCase)));
            }
        });
        Function<Pressing, String> sort = SORTS.get(params.contains("sort") ? params.get("sort") : "");
        if (sort != null) {
            Comparator<Pressing> order =
                    Comparator.comparing(sort, String.CASE_INSENSITIVE_ORDER).thenComparingLong(Pressing::releaseId);
            shown.sort("desc".equalsIgnoreCase(params.get("sort_order")) ? Collections.reverseOrder(order) : order);
        }
        return shown;
    }

    /** {@code filters} and {@code filter_facets}, which stand beside the versions. */
    static JsonObject facets(List<Pressing> versions, MultiMap params) {
        var applied = new JsonObject();
        var available = new JsonObject();
        var facets = new JsonArray();
        FILTERS.forEach((name, values) -> {
            if (params.contains(name)) {
                applied.put(name, new JsonArray(List.copyOf(params.getAll(name))));
            }
            Map<String, Object> counts = new LinkedHashMap<>();
            versions.forEach(version ->
                    values.apply(version).forEach(value -> counts.merge(value, 1, (a, b) -> (int) a + (int) b)));
            available.put(name, new JsonObject(counts));
            var told = new JsonArray();
            counts.forEach((value, count) -> told.add(
                    new JsonObject().put("title", value).put("value", value).put("count", count)));
            facets.add(new JsonObject()
                    .put("id", name)
                    .put("title", Character.toUpperCase(name.charAt(0)) + name.substring(1))
                    .put("values", told)
                    .put("allows_multiple_values", true));
        });
        return new JsonObject()
                .put("filters", new JsonObject().put("applied", applied).put("available", available))
                .put("filter_facets", facets);
    }

    private static Map<String, Function<Pressing, List<String>>> filters() {
        Map<String, Function<Pressing, List<String>>> filters = new LinkedHashMap<>();
        filters.put("format", DiscogsVersions::formats);
        filters.put("label", pressing -> List.of(pressing.label()));
        filters.put("released", pressing -> List.of(String.valueOf(pressing.year())));
        filters.put("country", pressing -> List.of(pressing.country()));
        return filters;
    }

    private static List<String> formats(Pressing pressing) {
        List<String> formats = new ArrayList<>(List.of("Vinyl"));
        pressing.formatParts().forEach(part -> formats.add(part.replaceFirst("^\\d+x", "")));
        return formats;
    }
}

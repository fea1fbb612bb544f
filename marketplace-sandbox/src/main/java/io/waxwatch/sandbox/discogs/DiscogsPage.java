package io.waxwatch.sandbox.discogs;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The page a client asked for.
 *
 * @param page from 1
 * @param perPage 1..100: Discogs silently clamps
 */
record DiscogsPage(int page, int perPage) {

    private static final Set<String> OWN = Set.of("page", "per_page", "token", "key", "secret");

    static DiscogsPage of(HttpServerRequest request) {
        return new DiscogsPage(
                Math.max(1, number(request.getParam("page"), 1)),
                Math.max(1, Math.min(100, number(request.getParam("per_page"), 50))));
    }

    /**
     * Answers with the page: {@code pagination}, the rows under a name, and {@code Link}; past the last page 404.
     *
     * @param more what stands beside them
     */
    <T> void answer(
            RoutingContext ctx, String base, String name, List<T> all, Function<T, JsonObject> row, JsonObject more) {
        if (page > pages(all.size())) {
            DiscogsGate.fail(ctx, 404, "Page is out of range.");
            return;
        }
        int from = (page - 1) * perPage;
        var rows = new JsonArray();
        all.subList(from, Math.min(all.size(), from + perPage)).forEach(item -> rows.add(row.apply(item)));
        Map<String, String> urls = urls(ctx.request(), base, all.size());
        if (!urls.isEmpty()) {
            ctx.response()
                    .putHeader(
                            "Link",
                            urls.entrySet().stream()
                                    .map(link -> "<" + link.getValue() + ">; rel=\"" + link.getKey() + "\"")
                                    .collect(Collectors.joining(", ")));
        }
        var pagination = new JsonObject()
                .put("page", page)
                .put("pages", pages(all.size()))
                .put("per_page", perPage)
                .put("items", all.size())
                .put("urls", new JsonObject(new LinkedHashMap<>(urls)));
        DiscogsGate.send(
                ctx,
                200,
                new JsonObject().put("pagination", pagination).mergeIn(more).put(name, rows));
    }

    <T> void answer(RoutingContext ctx, String base, String name, List<T> all, Function<T, JsonObject> row) {
        answer(ctx, base, name, all, row, new JsonObject());
    }

    /** There is always a first page, though nothing may be on it. */
    private int pages(int items) {
        return Math.max(1, (items + perPage - 1) / perPage);
    }

    private Map<String, String> urls(HttpServerRequest request, String base, int items) {
        Map<String, String> urls = new LinkedHashMap<>();
        if (page > 1) {
            urls.put("first", url(request, base, 1));
            urls.put("prev", url(request, base, page - 1));
        }
        if (page < pages(items)) {
            urls.put("next", url(request, base, page + 1));
            urls.put("last", url(request, base, pages(items)));
        }
        return urls;
    }

    private String url(HttpServerRequest request, String base, int target) {
        List<String> query = new ArrayList<>();
        request.params().forEach((name, value) -> {
            // Path parameters are in the same map: only those of the query belong in the link, and no credentials.
            if (!OWN.contains(name) && inQuery(request, name)) {
                query.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
            }
        });
        query.add("page=" + target);
        query.add("per_page=" + perPage);
        return base + request.path() + "?" + String.join("&", query);
    }

    private static boolean inQuery(HttpServerRequest request, String name) {
        String query = request.query() == null ? "" : "&" + request.query();
        return query.contains("&" + name + "=");
    }

    private static int number(String value, int otherwise) {
        return value != null && value.matches("\\d{1,8}") ? Integer.parseInt(value) : otherwise;
    }
}

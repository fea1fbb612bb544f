package io.waxwatch.sandbox.discogs;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The page a client asked for.
 *
 * @param page from 1
 * @param perPage 1..100: Discogs silently clamps
 */
record DiscogsPage(int page, int perPage) {

    static DiscogsPage of(HttpServerRequest request) {
        return new DiscogsPage(
                Math.max(1, number(request.getParam("page"), 1)),
                Math.max(1, Math.min(100, number(request.getParam("per_page"), 50))));
    }

    /** The body: {@code pagination}, and the rows of this page under a name. */
    <T> JsonObject body(HttpServerRequest request, String base, String name, List<T> all, Function<T, JsonObject> row) {
        int from = (int) Math.min((long) (page - 1) * perPage, all.size());
        var rows = new JsonArray();
        all.subList(from, Math.min(all.size(), from + perPage)).forEach(item -> rows.add(row.apply(item)));
        return new JsonObject()
                .put("pagination", pagination(request, base, all.size()))
                .put(name, rows);
    }

    private JsonObject pagination(HttpServerRequest request, String base, int items) {
        int pages = Math.max(1, (items + perPage - 1) / perPage);
        var urls = new JsonObject();
        if (page > 1) {
            urls.put("first", url(request, base, 1)).put("prev", url(request, base, page - 1));
        }
        if (page < pages) {
            urls.put("next", url(request, base, page + 1)).put("last", url(request, base, pages));
        }
        return new JsonObject()
                .put("page", page)
                .put("pages", pages)
                .put("per_page", perPage)
                .put("items", items)
                .put("urls", urls);
    }

    private String url(HttpServerRequest request, String base, int target) {
        List<String> query = new ArrayList<>();
        request.params().forEach((name, value) -> {
            // Path parameters are in the same map: only those of the query belong in the link.
            if (!name.equals("page") && !name.equals("per_page") && inQuery(request, name)) {
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

package io.waxwatch.sandbox.control;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.sandbox.fault.Provider;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/** Counts what clients asked of the providers, refused and broken calls included, so that tests can count upstream calls. */
public final class RequestLog {

    private static final int RECENT = 200;

    private final Map<String, Long> routes = new TreeMap<>();
    private final Map<Provider, Long> providers = new TreeMap<>();
    private final Deque<JsonObject> recent = new ArrayDeque<>();

    public void record(Provider provider, HttpServerRequest request) {
        routes.merge(request.method().name() + " " + template(request.path()), 1L, Long::sum);
        providers.merge(provider, 1L, Long::sum);
        recent.addLast(new JsonObject()
                .put("method", request.method().name())
                .put("path", request.path())
                .put("query", request.query())
                .put("userAgent", request.getHeader("User-Agent"))
                .put("marketplace", request.getHeader("X-EBAY-C-MARKETPLACE-ID"))
                .put("endUserContext", request.getHeader("X-EBAY-C-ENDUSERCTX")));
        if (recent.size() > RECENT) {
            recent.removeFirst();
        }
    }

    public void clear() {
        routes.clear();
        providers.clear();
        recent.clear();
    }

    /** The counters by provider and route, and the last {@value #RECENT} calls, oldest first. */
    public JsonObject toJson() {
        long ebay = providers.getOrDefault(Provider.EBAY, 0L);
        long discogs = providers.getOrDefault(Provider.DISCOGS, 0L);
        var byRoute = new JsonObject();
        routes.forEach(byRoute::put);
        var last = new JsonArray();
        recent.forEach(last::add);
        return new JsonObject()
                .put("total", ebay + discogs)
                .put("ebay", ebay)
                .put("discogs", discogs)
                .put("routes", byRoute)
                .put("recent", last);
    }

    /** The path with ids replaced by their names: few keys, however many ids. */
    private static String template(String path) {
        return path.replaceFirst("^(/buy/browse/v1/item)/(?!get_item_by_legacy_id).+", "$1/{id}")
                .replaceFirst("^(/users)/[^/]+", "$1/{username}")
                .replaceAll("/\\d+", "/{id}");
    }
}

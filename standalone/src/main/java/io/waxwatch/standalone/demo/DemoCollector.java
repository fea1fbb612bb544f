package io.waxwatch.standalone.demo;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClient;
import io.waxwatch.sandbox.catalog.SandboxCatalog;
import io.waxwatch.standalone.identity.DevIdentityProvider.Account;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The collector of the demo: signs in like anybody, and says through the API what she hunts. */
public final class DemoCollector {

    public static final Account ACCOUNT = new Account(
            UUID.fromString("5eedc011-0000-4000-8000-000000000001"), "collector@waxwatch.example", "second-summer");
    /** A demo that runs for a week must not be logged out. */
    public static final Duration TOKEN_LIFETIME = Duration.ofDays(30);

    private static final int DEADLINE_SECONDS = 10;

    private static final List<JsonObject> RULES = List.of(
            rule("Blue Harbour, any pressing", new JsonObject().put("keywords", new JsonArray().add("blue harbour"))),
            rule(
                    "Nina Castellane under 60 dollars",
                    new JsonObject()
                            .put("keywords", new JsonArray().add("nina castellane"))
                            .put("max_price", 60)
                            .put("currency", "USD")),
            rule(
                    "Second Summer, very good or better",
                    new JsonObject()
                            .put(
                                    "keywords",
                                    new JsonArray().add("glass orchard").add("second summer"))
                            .put("min_condition", "VG")),
            rule("Anything by the Marlow Quartet", new JsonObject().put("q", "marlow quartet")));

    private static final List<JsonObject> RELEASES = List.of(
            release(SandboxCatalog.BLUE_HARBOUR, "Marlow Quartet", "Blue Harbour", 80),
            release(SandboxCatalog.NIGHT_TRAINS, "Nina Castellane", "Night Trains", 45),
            release(SandboxCatalog.SECOND_SUMMER, "The Glass Orchard", "Second Summer", 30));

    private final Vertx vertx;

    public DemoCollector(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Creates the demo's rules and watch releases, unless the collector has some already from an earlier run. */
    public Future<Void> seed(String apiUrl, String token) {
        WebClient http = WebClient.create(vertx);
        return call(http, HttpMethod.GET, apiUrl + "/api/watch-rules?limit=1", token, null)
                .compose(rules -> ((JsonArray) rules).isEmpty()
                        ? createAll(http, apiUrl + "/api/watch-rules", token, RULES)
                        : Future.succeededFuture())
                .compose(seeded -> call(http, HttpMethod.GET, apiUrl + "/api/watch-releases?limit=1", token, null))
                .compose(releases -> ((JsonArray) releases).isEmpty()
                        ? createAll(http, apiUrl + "/api/watch-releases", token, RELEASES)
                        : Future.succeededFuture())
                .eventually(() -> {
                    http.close();
                    return Future.succeededFuture();
                });
    }

    private static Future<Void> createAll(WebClient http, String url, String token, List<JsonObject> bodies) {
        Future<Void> created = Future.succeededFuture();
        for (JsonObject body : bodies) {
            created = created.compose(
                    before -> call(http, HttpMethod.POST, url, token, body).mapEmpty());
        }
        return created;
    }

    private static Future<Object> call(WebClient http, HttpMethod method, String url, String token, JsonObject body) {
        var request = http.requestAbs(method, url).bearerTokenAuthentication(token);
        return (body == null ? request.send() : request.sendJsonObject(body))
                .timeout(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .compose(answer -> answer.statusCode() < 300
                        ? Future.succeededFuture(answer.bodyAsJson(Object.class))
                        : Future.failedFuture(
                                method + " " + url + " answered " + answer.statusCode() + " " + answer.bodyAsString()))
                .map(DemoCollector::toVertxJson);
    }

    private static Object toVertxJson(Object body) {
        return body instanceof List<?> list ? new JsonArray(list) : body;
    }

    private static JsonObject rule(String name, JsonObject query) {
        return new JsonObject()
                .put("name", name)
                .put("query", query.put("sources", new JsonArray().add("ebay")))
                .put("poll_interval_seconds", 60);
    }

    private static JsonObject release(long id, String artist, String title, int target) {
        return new JsonObject()
                .put("discogs_release_id", id)
                .put("artist", artist)
                .put("title", title)
                .put("target_price", target)
                .put("currency", "USD");
    }
}

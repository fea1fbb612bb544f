package io.waxwatch.sandbox.fault;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.waxwatch.sandbox.wire.SpacedJson;

/** Stands before the providers' routes and makes calls suffer what the {@link FaultSwitch} says. */
public final class FaultHandler implements Handler<RoutingContext> {

    private static final int PROMISED_BYTES = 4_096;

    private final Vertx vertx;
    private final FaultSwitch faults;

    public FaultHandler(Vertx vertx, FaultSwitch faults) {
        this.vertx = vertx;
        this.faults = faults;
    }

    @Override
    public void handle(RoutingContext ctx) {
        Provider provider = Provider.of(ctx.request().path()).orElseThrow();
        Fault fault = faults.next(provider, ctx.request().path());
        HttpServerResponse response = ctx.response();
        switch (fault.mode()) {
            case NONE -> ctx.next();
            case SLOW -> {
                // The body may arrive meanwhile, before anybody reads it.
                ctx.request().pause();
                vertx.setTimer(Math.max(1, fault.delayMs()), id -> {
                    ctx.request().resume();
                    ctx.next();
                });
            }
            case SILENT -> {
                // Nothing: the client's deadline is what is under test.
            }
            case HALF_BODY -> {
                response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                        .putHeader(HttpHeaders.CONTENT_ENCODING, HttpHeaders.IDENTITY)
                        .putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(PROMISED_BYTES));
                response.write("{\"total\": 12, \"itemSummaries\": [{\"itemId\": \"v1|1107")
                        .onComplete(written -> ctx.request().connection().close());
            }
            case GARBLE -> json(response, provider, 200, garbled(provider));
            case RATE_LIMIT -> {
                retryAfter(response, fault);
                json(response, provider, 429, body(provider, 429));
            }
            case STATUS -> {
                retryAfter(response, fault);
                if (fault.status() >= 502 && fault.status() <= 504) {
                    gateway(response, provider, fault.status());
                } else {
                    json(response, provider, fault.status(), body(provider, fault.status()));
                }
            }
        }
    }

    private static void retryAfter(HttpServerResponse response, Fault fault) {
        if (fault.retryAfter() > 0) {
            response.putHeader(HttpHeaders.RETRY_AFTER, String.valueOf(fault.retryAfter()));
        }
    }

    /** What stands before the provider answers for it: text from eBay's Envoy, HTML from Discogs' Cloudflare. */
    private static void gateway(HttpServerResponse response, Provider provider, int status) {
        boolean ebay = provider == Provider.EBAY;
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, ebay ? "text/plain" : "text/html; charset=UTF-8")
                .end(
                        ebay
                                ? "upstream connect error or disconnect/reset before headers"
                                : "<!DOCTYPE html><html><head><title>" + status
                                        + "</title></head><body>cloudflare</body></html>");
    }

    private static void json(HttpServerResponse response, Provider provider, int status, JsonObject body) {
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(provider == Provider.DISCOGS ? SpacedJson.encode(body) : body.encode());
    }

    private static JsonObject garbled(Provider provider) {
        return provider == Provider.EBAY
                ? new JsonObject()
                        .put("total", "plenty")
                        .put("itemSummaries", new JsonObject().put("itemId", 7))
                        .put("access_token", new JsonArray())
                        .put("rateLimits", "none")
                : new JsonObject()
                        .put("num_for_sale", "many")
                        .put("lowest_price", new JsonArray().add("cheap"))
                        .put("listings", 3)
                        .put("pagination", "page one");
    }

    private static JsonObject body(Provider provider, int status) {
        if (provider == Provider.DISCOGS) {
            return new JsonObject()
                    .put(
                            "message",
                            switch (status) {
                                case 401 -> "You must authenticate to access this resource.";
                                case 403 -> "You don't have permission to access this resource.";
                                case 404 -> "The requested resource was not found.";
                                case 429 -> "You are making requests too quickly.";
                                default -> "An internal server error occurred. (Malformed query?)";
                            });
        }
        return switch (status) {
            case 401 -> ebay(1001, "OAuth", "Invalid access token");
            case 403 -> ebay(1100, "ACCESS", "Access denied");
            case 404 -> ebay(11001, "API_BROWSE", "The specified item Id was not found.");
            case 429 -> ebay(2001, "ACCESS", "Too many requests.");
            default -> ebay(12000, "API_BROWSE", "There was a problem with an eBay internal system or process.");
        };
    }

    private static JsonObject ebay(int id, String domain, String message) {
        return new JsonObject()
                .put(
                        "errors",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("errorId", id)
                                        .put("domain", domain)
                                        .put("category", id == 12000 ? "APPLICATION" : "REQUEST")
                                        .put("message", message)));
    }
}

package io.waxwatch.benchmarks.writes;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.waxwatch.benchmarks.report.Percentiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Collectors who write rules, each with one request at a time. */
final class RuleWriters {

    private static final String RULES = "/api/watch-rules";

    private final WebClient http;
    private final int port;
    private final List<String> tokens;
    private final AtomicInteger number = new AtomicInteger();

    RuleWriters(Vertx vertx, int port, List<String> tokens) {
        this.http = WebClient.create(vertx, new WebClientOptions(), new PoolOptions().setHttp1MaxSize(tokens.size()));
        this.port = port;
        this.tokens = tokens;
    }

    /** What came of a round; latencies in milliseconds. */
    record Round(double writesPerSecond, Percentiles latency) {}

    /** Lets all of them write for so long. */
    Round round(int seconds) throws TimeoutException {
        long began = System.nanoTime();
        long end = began + TimeUnit.SECONDS.toNanos(seconds);
        Queue<Long> micros = new ConcurrentLinkedQueue<>();
        List<Future<Void>> all = new ArrayList<>();
        for (String token : tokens) {
            all.add(write(token, end, micros));
        }
        Future.all(all).await(seconds + 60L, TimeUnit.SECONDS);
        double taken = (System.nanoTime() - began) / 1e9;
        long[] latencies = micros.stream().mapToLong(Long::longValue).toArray();
        return new Round(latencies.length / taken, Percentiles.ofMicros(latencies));
    }

    private Future<Void> write(String token, long end, Queue<Long> micros) {
        if (System.nanoTime() > end) {
            return Future.succeededFuture();
        }
        int nth = number.incrementAndGet();
        return timed(HttpMethod.POST, RULES, token, rule(nth, 40), 201, micros)
                .map(made -> RULES + "/" + made.bodyAsJsonObject().getString("id"))
                .compose(path -> timed(HttpMethod.PATCH, path, token, rule(nth, 50), 200, micros)
                        .compose(changed -> timed(HttpMethod.DELETE, path + "/hard", token, null, 204, micros)))
                .compose(deleted -> write(token, end, micros));
    }

    private Future<HttpResponse<Buffer>> timed(
            HttpMethod method, String path, String token, JsonObject body, int expected, Queue<Long> micros) {
        long began = System.nanoTime();
        var request = http.request(method, port, "127.0.0.1", path).bearerTokenAuthentication(token);
        return (body == null ? request.send() : request.sendJsonObject(body)).map(response -> {
            if (response.statusCode() != expected) {
                throw new IllegalStateException(method + " " + path + " was answered with " + response.statusCode()
                        + ": " + response.bodyAsString());
            }
            micros.add((System.nanoTime() - began) / 1_000);
            return response;
        });
    }

    private static JsonObject rule(int nth, int price) {
        var query = new JsonObject()
                .put("keywords", new JsonArray().add("blue harbour").add("pressing " + nth))
                .put("sources", new JsonArray().add("ebay"))
                .put("max_price", price)
                .put("currency", "USD");
        return new JsonObject().put("name", "Blue Harbour, pressing " + nth).put("query", query);
    }
}

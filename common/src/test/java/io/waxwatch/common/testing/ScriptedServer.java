package io.waxwatch.common.testing;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;

/** A real HTTP server that answers each path from a script; the last answer of a script repeats. */
public final class ScriptedServer implements AutoCloseable {

    /**
     * What came in.
     *
     * @param uri the request target as sent
     * @param headers by lower-case name
     */
    public record Seen(String method, String path, String uri, Map<String, String> headers, String body) {}

    private final HttpServer server;
    private final Map<String, Queue<Handler<HttpServerRequest>>> scripts = new ConcurrentHashMap<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();

    public ScriptedServer(Vertx vertx) throws Exception {
        server = vertx.createHttpServer()
                .requestHandler(this::handle)
                .listen(0, "127.0.0.1")
                .await(5, SECONDS);
    }

    public URI baseUri() {
        return URI.create("http://127.0.0.1:" + server.actualPort());
    }

    /** Answers, in order, for a path. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public final ScriptedServer on(String path, Handler<HttpServerRequest>... answers) {
        scripts.put(path, new ConcurrentLinkedQueue<>(List.of(answers)));
        return this;
    }

    public List<Seen> seen(String path) {
        return seen.stream().filter(request -> request.path().equals(path)).toList();
    }

    /** A JSON answer with headers as name, value, name, value. */
    public static Handler<HttpServerRequest> json(int status, String body, String... headers) {
        return answer(status, "application/json", body, headers);
    }

    /** Any answer. */
    public static Handler<HttpServerRequest> answer(int status, String contentType, String body, String... headers) {
        return request -> {
            request.response().setStatusCode(status).putHeader("Content-Type", contentType);
            for (int i = 0; i < headers.length; i += 2) {
                request.response().putHeader(headers[i], headers[i + 1]);
            }
            request.response().end(body);
        };
    }

    /** Takes the request and never answers. */
    public static Handler<HttpServerRequest> silence() {
        return request -> {};
    }

    /** Promises more than it sends, then hangs up. */
    public static Handler<HttpServerRequest> halfBody(String start) {
        return request -> request.response()
                .putHeader("Content-Type", "application/json")
                .putHeader("Content-Length", Integer.toString(start.length() + 1000))
                .write(start)
                .onComplete(written -> request.connection().close());
    }

    /** Chunks without end and without Content-Length. */
    public static Handler<HttpServerRequest> endless() {
        return request -> {
            request.response().setChunked(true).putHeader("Content-Type", "application/json");
            pour(request);
        };
    }

    private static void pour(HttpServerRequest request) {
        request.response().write(Buffer.buffer(new byte[4096])).onSuccess(written -> pour(request));
    }

    @Override
    public void close() throws TimeoutException {
        server.close().await(5, SECONDS);
    }

    private void handle(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            Map<String, String> headers = new ConcurrentHashMap<>();
            request.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
            seen.add(new Seen(request.method().name(), request.path(), request.uri(), headers, body.toString()));
            Queue<Handler<HttpServerRequest>> script = scripts.get(request.path());
            if (script == null) {
                request.response().setStatusCode(404).end("{\"message\":\"no script\"}");
                return;
            }
            Handler<HttpServerRequest> answer = script.size() > 1 ? script.poll() : script.peek();
            answer.handle(request);
        });
    }
}

package io.waxwatch.gateway.testing;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.testing.TestNode;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A plain reader of server-sent events, which keeps all it got. */
public final class SseClient implements AutoCloseable {

    public record Event(long id, String name, JsonObject data) {}

    private final HttpClientAgent client;
    private final HttpClientRequest request;
    private final HttpClientResponse response;
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final List<String> comments = new CopyOnWriteArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final AtomicInteger emptyBlocks = new AtomicInteger();
    private long id = -1;
    private String name;
    private String data;
    private volatile boolean ended;
    private volatile String retry;

    private SseClient(HttpClientAgent client, HttpClientRequest request, HttpClientResponse response) {
        this.client = client;
        this.request = request;
        this.response = response;
    }

    /** @param lastEventId null for none */
    public static SseClient open(Vertx vertx, int port, String token, Long lastEventId) {
        HttpClientAgent client = vertx.createHttpClient();
        var options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI("/api/stream/events")
                .putHeader("authorization", "Bearer " + token);
        if (lastEventId != null) {
            options.putHeader("last-event-id", Long.toString(lastEventId));
        }
        return TestNode.await(client.request(options)
                .compose(request -> request.send().map(response -> {
                    var stream = new SseClient(client, request, response);
                    response.handler(chunk -> stream.read(chunk.toString()));
                    response.endHandler(end -> stream.ended = true);
                    response.exceptionHandler(cut -> stream.ended = true);
                    return stream;
                })));
    }

    public int status() {
        return response.statusCode();
    }

    public String header(String name) {
        return response.getHeader(name);
    }

    public List<Event> events() {
        return events;
    }

    public List<Long> ids() {
        return events.stream().map(Event::id).toList();
    }

    public List<String> comments() {
        return comments;
    }

    /** Blank lines that end no event, which some readers hand on as an empty one. */
    public int emptyBlocks() {
        return emptyBlocks.get();
    }

    public boolean ended() {
        return ended;
    }

    public String retry() {
        return retry;
    }

    public void awaitIds(int count, long withinMillis) {
        TestNode.eventually(count + " events, has " + ids(), withinMillis, () -> events.size() >= count);
    }

    public void awaitConnected() {
        TestNode.eventually("connected", 30_000, () -> comments.contains("connected"));
    }

    public void pause() {
        response.pause();
    }

    private void read(String chunk) {
        text.append(chunk);
        int end;
        while ((end = text.indexOf("\n")) >= 0) {
            line(text.substring(0, end));
            text.delete(0, end + 1);
        }
    }

    /** As the standard reads it: comments and hints count at once, an event with the blank line behind it. */
    private void line(String line) {
        if (line.isEmpty()) {
            dispatch();
        } else if (line.startsWith(": ")) {
            comments.add(line.substring(2));
        } else if (line.startsWith("retry: ")) {
            retry = line.substring(7);
        } else if (line.startsWith("id: ")) {
            id = Long.parseLong(line.substring(4));
        } else if (line.startsWith("event: ")) {
            name = line.substring(7);
        } else if (line.startsWith("data: ")) {
            data = line.substring(6);
        }
    }

    private void dispatch() {
        if (data == null) {
            emptyBlocks.incrementAndGet();
        } else {
            events.add(new Event(id, name, new JsonObject(data)));
        }
        id = -1;
        name = null;
        data = null;
    }

    @Override
    public void close() {
        request.reset();
        TestNode.await(client.close());
    }
}

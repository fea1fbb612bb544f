package io.waxwatch.standalone.faults;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Follows the alerts as a browser does: when its connection breaks it comes back, to the next gateway, and names the last
 * id it has seen. It keeps everything that it was sent, repeats too.
 */
final class StreamClient implements AutoCloseable {

    private static final long RECONNECT_MILLIS = 200;

    /**
     * One alert as it came.
     *
     * @param gateway who sent it
     */
    record Frame(long id, String title, String gateway) {}

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final List<String> gateways;
    private final String token;
    private final List<Frame> frames = new CopyOnWriteArrayList<>();
    private final Thread reader;
    private volatile long lastId;
    private volatile String connectedTo = "";
    private volatile InputStream body;
    private volatile boolean closed;

    /** @param after the id after which it wants to hear everything */
    StreamClient(List<String> gateways, String token, long after) {
        this.gateways = List.copyOf(gateways);
        this.token = token;
        this.lastId = after;
        this.reader = new Thread(this::follow, "stream-client");
        reader.setDaemon(true);
        reader.start();
    }

    /** Everything that came, in the order it came. */
    List<Frame> frames() {
        return List.copyOf(frames);
    }

    /** The gateway whose stream is open now, or nothing. */
    String connectedTo() {
        return connectedTo;
    }

    private void follow() {
        for (int turn = 0; !closed; turn++) {
            String gateway = gateways.get(turn % gateways.size());
            try {
                read(gateway);
            } catch (IOException broken) {
                // As expected of a fault test: the next turn resumes.
                connectedTo = "";
            } catch (InterruptedException interrupted) {
                return;
            }
            connectedTo = "";
            if (!closed) {
                Await.pause(RECONNECT_MILLIS);
            }
        }
    }

    private void read(String gateway) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway + "/api/stream/events"))
                .header("Authorization", "Bearer " + token)
                .header("Accept", "text/event-stream")
                .header("Last-Event-ID", Long.toString(lastId))
                .build();
        HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        body = response.body();
        try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            if (response.statusCode() != 200) {
                return;
            }
            connectedTo = gateway;
            long id = -1;
            for (String line = lines.readLine(); line != null && !closed; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    id = Long.parseLong(line.substring(4));
                } else if (line.startsWith("data: ")) {
                    frames.add(new Frame(id, new JsonObject(line.substring(6)).getString("title"), gateway));
                    lastId = id;
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        InputStream open = body;
        if (open != null) {
            open.close();
        }
        reader.interrupt();
    }
}

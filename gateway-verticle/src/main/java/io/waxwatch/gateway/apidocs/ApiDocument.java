package io.waxwatch.gateway.apidocs;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;

/** The contract, written by hand in {@code openapi.json}. */
public final class ApiDocument {

    private ApiDocument() {}

    /** All of it. */
    public static JsonObject whole() {
        return new JsonObject(resource("openapi.json"));
    }

    /**
     * Only what a server offers, which may leave out the development routes and the metrics.
     *
     * @param title what the server is called
     * @param offered ids of the operations
     */
    static JsonObject offered(String title, Set<String> offered) {
        JsonObject document = whole();
        document.getJsonObject("info").put("title", title);
        JsonObject paths = document.getJsonObject("paths");
        for (String path : List.copyOf(paths.fieldNames())) {
            JsonObject operations = paths.getJsonObject(path);
            for (String method : List.copyOf(operations.fieldNames())) {
                if (!offered.contains(operations.getJsonObject(method).getString("operationId"))) {
                    operations.remove(method);
                }
            }
            if (operations.isEmpty()) {
                paths.remove(path);
            }
        }
        return document;
    }

    static Buffer resource(String name) {
        try (InputStream in = ApiDocument.class.getResourceAsStream(name)) {
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}

package io.waxwatch.gateway.apidocs;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The contract, written by hand in {@code openapi.json}. */
public final class ApiDocument {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");

    private ApiDocument() {}

    /** All of it. */
    public static JsonObject whole() {
        return new JsonObject(resource("openapi.json"));
    }

    /**
     * Only what a server offers, which may leave out the development routes.
     *
     * @param title what the server is called
     * @param mounted methods by path, parameters in braces
     */
    static JsonObject offered(String title, Map<String, Set<String>> mounted) {
        JsonObject document = whole();
        document.getJsonObject("info").put("title", title);
        JsonObject paths = document.getJsonObject("paths");
        for (String path : List.copyOf(paths.fieldNames())) {
            JsonObject operations = paths.getJsonObject(path);
            Set<String> offered = mounted.getOrDefault(path, Set.of());
            for (String method : List.copyOf(operations.fieldNames())) {
                if (METHODS.contains(method) && !offered.contains(method.toUpperCase(Locale.ROOT))) {
                    operations.remove(method);
                }
            }
            if (operations.fieldNames().stream().noneMatch(METHODS::contains)) {
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

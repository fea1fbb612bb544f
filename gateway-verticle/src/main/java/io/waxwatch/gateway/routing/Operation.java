package io.waxwatch.gateway.routing;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One operation of the API document.
 *
 * @param id its {@code operationId}
 * @param path template with {@code :name} parameters, as routers write it; it labels the latency metric
 * @param needsToken whether the document asks for credentials
 */
record Operation(String id, HttpMethod method, String path, boolean needsToken) {

    private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");

    /**
     * All operations of a document by their id.
     *
     * @throws IllegalArgumentException if one has no id, or another's
     */
    static Map<String, Operation> allOf(JsonObject document) {
        var operations = new LinkedHashMap<String, Operation>();
        document.getJsonObject("paths")
                .forEach(path -> ((JsonObject) path.getValue()).forEach(each -> {
                    Operation operation = of(path.getKey(), each.getKey(), (JsonObject) each.getValue());
                    Operation other = operations.put(operation.id(), operation);
                    if (other != null) {
                        throw new IllegalArgumentException(
                                "two operations of the API document are called " + operation.id());
                    }
                }));
        return operations;
    }

    private static Operation of(String path, String method, JsonObject json) {
        String id = json.getString("operationId");
        if (id == null) {
            throw new IllegalArgumentException(method + " " + path + " has no operationId in the API document");
        }
        return new Operation(
                id,
                HttpMethod.valueOf(method.toUpperCase(Locale.ROOT)),
                PARAMETER.matcher(path).replaceAll(":$1"),
                json.containsKey("security"));
    }
}

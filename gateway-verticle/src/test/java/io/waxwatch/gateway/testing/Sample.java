package io.waxwatch.gateway.testing;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.gateway.testing.Contract.Operation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import java.util.function.Function;

/** Requests made from the API document: for each operation one that is good as far as its schema can tell. */
public final class Sample {

    private Sample() {}

    /** The path with its parameters, and with the query parameters that are required. */
    public static String uri(Operation operation, Function<String, String> pathParameter) {
        String path = operation.path();
        var query = new StringJoiner("&", "?", "").setEmptyValue("");
        for (JsonObject parameter : operation.parameters()) {
            String name = parameter.getString("name");
            if (parameter.getString("in").equals("path")) {
                path = path.replace("{" + name + "}", encoded(pathParameter.apply(name)));
            } else if (parameter.getString("in").equals("query") && parameter.getBoolean("required", false)) {
                query.add(name + "=" + encoded(value(parameter)));
            }
        }
        return path + query;
    }

    /** The body's first example; null for none. */
    public static Buffer body(Operation operation) {
        return operation
                .jsonBody()
                .map(media -> media.containsKey("example")
                        ? media.getValue("example")
                        : ((JsonObject) media.getJsonObject("examples")
                                        .iterator()
                                        .next()
                                        .getValue())
                                .getValue("value"))
                .map(Json::encodeToBuffer)
                .orElse(null);
    }

    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String value(JsonObject parameter) {
        JsonArray words =
                Contract.document().followed(parameter.getJsonObject("schema")).getJsonArray("enum", new JsonArray());
        Object value = parameter.containsKey("example")
                ? parameter.getValue("example")
                : words.isEmpty() ? null : words.getValue(0);
        if (value == null) {
            throw new AssertionError("give the required parameter " + parameter.getString("name") + " an example");
        }
        return value.toString();
    }
}

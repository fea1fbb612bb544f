package io.waxwatch.gateway.testing;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.json.schema.Validator;
import io.waxwatch.gateway.apidocs.ApiDocument;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The API document as a judge: every answer has to be one that it describes. Stricter than the document says about
 * itself: an object may have no field that is not written down, so that nothing is answered in secret.
 */
public final class Contract {

    /** One operation, with its references followed. */
    public record Operation(HttpMethod method, String path, JsonObject json) {

        public String id() {
            return json.getString("operationId");
        }

        public boolean needsToken() {
            return json.containsKey("security");
        }

        public List<JsonObject> parameters() {
            return json.getJsonArray("parameters", new JsonArray()).stream()
                    .map(JsonObject.class::cast)
                    .toList();
        }

        public Map<String, JsonObject> responses() {
            var responses = new TreeMap<String, JsonObject>();
            json.getJsonObject("responses").forEach(each -> responses.put(each.getKey(), (JsonObject) each.getValue()));
            return responses;
        }

        public Optional<JsonObject> jsonBody() {
            return Optional.ofNullable(json.getJsonObject("requestBody"))
                    .map(body -> body.getJsonObject("content").getJsonObject("application/json"));
        }

        public boolean matches(String[] asked) {
            String[] own = path.split("/");
            if (own.length != asked.length) {
                return false;
            }
            for (int i = 0; i < own.length; i++) {
                if (!own[i].startsWith("{") && !own[i].equals(asked[i])) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    private static final String SCHEMAS = "#/components/schemas/";
    private static final String BASE = "app://contract/";
    private static final Contract DOCUMENT = new Contract(ApiDocument.whole());

    private final JsonObject document;
    private final List<Operation> operations = new ArrayList<>();
    private final SchemaRepository schemas = SchemaRepository.create(
            new JsonSchemaOptions().setBaseUri(BASE).setDraft(Draft.DRAFT202012).setOutputFormat(OutputFormat.Basic));
    private final Map<String, Validator> validators = new ConcurrentHashMap<>();

    private Contract(JsonObject document) {
        this.document = document;
        document.getJsonObject("components")
                .getJsonObject("schemas")
                .forEach(each ->
                        schemas.dereference(BASE + each.getKey(), JsonSchema.of((JsonObject) closed(each.getValue()))));
        document.getJsonObject("paths")
                .forEach(path -> ((JsonObject) path.getValue())
                        .forEach(operation -> operations.add(new Operation(
                                HttpMethod.valueOf(operation.getKey().toUpperCase(Locale.ROOT)),
                                path.getKey(),
                                resolved((JsonObject) operation.getValue())))));
    }

    public static Contract document() {
        return DOCUMENT;
    }

    public JsonObject json() {
        return document;
    }

    public List<Operation> operations() {
        return operations;
    }

    /** Names of the headers that callers may send. */
    public Set<String> requestHeaders() {
        return operations.stream()
                .flatMap(operation -> operation.parameters().stream())
                .filter(parameter -> parameter.getString("in").equals("header"))
                .map(parameter -> parameter.getString("name"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Names of the headers that answers may have. */
    public Set<String> answerHeaders() {
        return operations.stream()
                .flatMap(operation -> operation.responses().values().stream())
                .flatMap(response -> response.getJsonObject("headers", new JsonObject()).fieldNames().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** A schema, with its reference followed if it is one. */
    public JsonObject followed(JsonObject schema) {
        String to = schema.getString("$ref");
        return to == null
                ? schema
                : followed(document.getJsonObject("components")
                        .getJsonObject("schemas")
                        .getJsonObject(to.substring(SCHEMAS.length())));
    }

    /** The operation that answers a request. A path without parameters goes before one with, whatever their methods. */
    public Optional<Operation> operation(HttpMethod method, String uri) {
        String path = uri.replaceFirst("[?#].*", "").replaceFirst("(?<=.)/+$", "");
        String[] segments = path.split("/");
        List<Operation> there =
                operations.stream().filter(each -> each.matches(segments)).toList();
        int fewest = there.stream().mapToInt(Contract::parameters).min().orElse(0);
        return there.stream()
                .filter(each -> parameters(each) == fewest && each.method().equals(method))
                .findFirst();
    }

    private static int parameters(Operation operation) {
        return operation.path().split("\\{", -1).length - 1;
    }

    /** Throws unless the document describes this answer to this request. */
    public void check(HttpMethod method, String uri, HttpResponse<Buffer> answer) {
        Optional<Operation> operation = operation(method, uri);
        String what = method + " " + uri + " answered " + answer.statusCode();
        if (operation.isEmpty()) {
            checkUnrouted(what, method, answer);
            return;
        }
        JsonObject response = operation.get().responses().get("" + answer.statusCode());
        if (response == null) {
            throw new AssertionError(what + ", which " + operation.get() + " does not list: " + answer.bodyAsString());
        }
        checkHeaders(what, response, answer);
        checkBody(what, operation.get(), response, answer);
    }

    private void checkUnrouted(String what, HttpMethod method, HttpResponse<Buffer> answer) {
        if (answer.statusCode() < 400 && !method.equals(HttpMethod.OPTIONS)) {
            throw new AssertionError(what + ", but is not in the document");
        }
        if (answer.statusCode() >= 400 && !method.equals(HttpMethod.HEAD)) {
            String schema = answer.statusCode() == 429 ? "RateLimitedEnvelope" : "ErrorEnvelope";
            refuse(what, faults(schema, new JsonObject().put("$ref", SCHEMAS + schema), parsed(what, answer)));
        }
    }

    private static void checkHeaders(String what, JsonObject response, HttpResponse<Buffer> answer) {
        response.getJsonObject("headers", new JsonObject()).forEach(header -> {
            boolean required = ((JsonObject) header.getValue()).getBoolean("required", false);
            if (required && answer.getHeader(header.getKey()) == null) {
                throw new AssertionError(what + " without " + header.getKey());
            }
        });
    }

    private void checkBody(String what, Operation operation, JsonObject response, HttpResponse<Buffer> answer) {
        JsonObject content = response.getJsonObject("content");
        if (content == null) {
            if (answer.body() != null && answer.body().length() > 0) {
                throw new AssertionError(what + " with a body: " + answer.bodyAsString());
            }
            return;
        }
        String type = String.valueOf(answer.getHeader("content-type")).replaceFirst(";.*", "");
        JsonObject media = content.getJsonObject(type);
        if (media == null) {
            throw new AssertionError(what + " as " + type + " instead of " + content.fieldNames());
        }
        if (type.equals("application/json")) {
            String key = operation + " " + answer.statusCode();
            refuse(what, faults(key, media.getJsonObject("schema"), parsed(what, answer)));
        }
    }

    private static Object parsed(String what, HttpResponse<Buffer> answer) {
        try {
            return Json.decodeValue(answer.body());
        } catch (DecodeException | NullPointerException unreadable) {
            throw new AssertionError(what + " with no JSON: " + answer.bodyAsString());
        }
    }

    private static void refuse(String what, List<String> faults) {
        if (!faults.isEmpty()) {
            throw new AssertionError(what + ", but " + String.join("; ", faults));
        }
    }

    /**
     * What is wrong with a value, in no words for nothing.
     *
     * @param key under which the compiled schema is kept
     */
    public List<String> faults(String key, JsonObject schema, Object value) {
        Validator validator =
                validators.computeIfAbsent(key, made -> schemas.validator(JsonSchema.of((JsonObject) closed(schema))));
        OutputUnit result = validator.validate(value);
        if (Boolean.TRUE.equals(result.getValid())) {
            return List.of();
        }
        var faults = new ArrayList<String>();
        List<OutputUnit> errors = result.getErrors() == null ? List.of() : result.getErrors();
        errors.forEach(error -> faults.add(error.getInstanceLocation() + ": " + error.getError()));
        faults.add("value: " + Json.encode(value));
        return faults;
    }

    /** A copy that allows only what is written down, with references that the repository knows. */
    private static Object closed(Object node) {
        if (node instanceof JsonArray array) {
            var copy = new JsonArray();
            array.forEach(item -> copy.add(closed(item)));
            return copy;
        }
        if (!(node instanceof JsonObject object)) {
            return node;
        }
        var copy = new JsonObject();
        object.forEach(field -> copy.put(
                field.getKey(),
                field.getKey().equals("$ref") && field.getValue() instanceof String to && to.startsWith(SCHEMAS)
                        ? BASE + to.substring(SCHEMAS.length())
                        : closed(field.getValue())));
        if (object.getValue("properties") instanceof JsonObject && !object.containsKey("additionalProperties")) {
            copy.put("additionalProperties", false);
        }
        return copy;
    }

    /** A copy in which references to anything but schemas are replaced by what they name. */
    private JsonObject resolved(JsonObject node) {
        var copy = new LinkedHashMap<String, Object>();
        node.forEach(field -> copy.put(field.getKey(), resolvedValue(field.getValue())));
        return new JsonObject(copy);
    }

    private Object resolvedValue(Object value) {
        if (value instanceof JsonArray array) {
            var copy = new JsonArray();
            array.forEach(item -> copy.add(resolvedValue(item)));
            return copy;
        }
        if (!(value instanceof JsonObject object)) {
            return value;
        }
        if (object.getValue("$ref") instanceof String to && !to.startsWith(SCHEMAS)) {
            return resolved((JsonObject) io.vertx.core.json.pointer.JsonPointer.fromURI(URI.create(to))
                    .queryJson(document));
        }
        return resolved(object);
    }
}

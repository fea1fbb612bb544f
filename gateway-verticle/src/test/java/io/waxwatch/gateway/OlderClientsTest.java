package io.waxwatch.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.gateway.testing.Contract;
import io.waxwatch.gateway.testing.Contract.Operation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A client written for the reference API works unchanged: whatever it may send is allowed here too, and whatever it reads
 * is still there. Its facts are in {@code older-clients.txt}.
 */
class OlderClientsTest {

    private static final Pattern BOUNDS = Pattern.compile("(-?\\d*)\\.\\.(-?\\d*)");

    /** One thing that is sent or read; a missing bound is null, missing words are none. */
    record Fact(boolean required, Set<String> types, String format, Double lowest, Double highest, Set<String> words) {}

    /** An operation as an older client knows it; facts by part and name. */
    record Known(HttpMethod method, String path, String status, String id, boolean token, Map<String, Fact> facts) {
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    static List<Known> known() throws IOException {
        var known = new ArrayList<Known>();
        try (var lines = new BufferedReader(new InputStreamReader(
                OlderClientsTest.class.getResourceAsStream("older-clients.txt"), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.strip().split(" ");
                if (line.startsWith("  ")) {
                    known.get(known.size() - 1).facts().put(words[0] + " " + words[1].replace("!", ""), fact(words));
                } else if (!line.isBlank() && !line.startsWith("#")) {
                    known.add(new Known(
                            HttpMethod.valueOf(words[0]),
                            words[1],
                            words[2],
                            words[3],
                            words.length > 4,
                            new LinkedHashMap<>()));
                }
            }
        }
        return known;
    }

    private static Fact fact(String[] words) {
        String format = null;
        Double lowest = null;
        Double highest = null;
        Set<String> choices = Set.of();
        for (String word : Arrays.asList(words).subList(3, words.length)) {
            Matcher bounds = BOUNDS.matcher(word);
            if (bounds.matches()) {
                lowest = bounds.group(1).isEmpty() ? null : Double.valueOf(bounds.group(1));
                highest = bounds.group(2).isEmpty() ? null : Double.valueOf(bounds.group(2));
            } else if (word.startsWith("=")) {
                choices = Set.of(word.substring(1).split(","));
            } else {
                format = word;
            }
        }
        return new Fact(words[1].endsWith("!"), Set.of(words[2].split("\\|")), format, lowest, highest, choices);
    }

    @ParameterizedTest
    @MethodSource("known")
    void an_older_client_can_still_use(Known known) {
        Operation operation = Contract.document().operations().stream()
                .filter(each ->
                        each.method().equals(known.method()) && each.path().equals(known.path()))
                .findFirst()
                .orElseThrow(() -> new AssertionError(known + " is missing"));
        assertThat(operation.id()).isEqualTo(known.id());
        assertThat(operation.needsToken()).isEqualTo(known.token());
        assertThat(operation.responses()).containsKey(known.status());

        Map<String, Fact> ours = facts(operation, known.status());
        known.facts().forEach((name, theirs) -> {
            assertThat(ours).as("%s", known).containsKey(name);
            if (name.startsWith("answer ")) {
                stillReads(known + " " + name, theirs, ours.get(name));
            } else {
                maySend(known + " " + name, theirs, ours.get(name));
            }
        });
        ours.forEach((name, fact) -> {
            if (!name.startsWith("answer ")
                    && !name.endsWith("[]")
                    && !known.facts().containsKey(name)) {
                assertThat(fact.required()).as("%s is new and required", name).isFalse();
            }
        });
    }

    /** Ours allows at least what theirs does. */
    private static void maySend(String what, Fact theirs, Fact ours) {
        assertThat(ours.required() && !theirs.required())
                .as("%s became required", what)
                .isFalse();
        if (!ours.types().contains("any")) {
            // A parameter cannot be null on the wire.
            var wanted = new LinkedHashSet<>(theirs.types());
            if (!what.contains(" body ")) {
                wanted.remove("null");
            }
            assertThat(ours.types()).as(what).containsAll(wanted);
        }
        if (ours.lowest() != null) {
            assertThat(theirs.lowest()).as(what).isNotNull().isGreaterThanOrEqualTo(ours.lowest());
        }
        if (ours.highest() != null) {
            assertThat(theirs.highest()).as(what).isNotNull().isLessThanOrEqualTo(ours.highest());
        }
        if (!ours.words().isEmpty()) {
            assertThat(ours.words()).as(what).containsAll(theirs.words());
            assertThat(theirs.words()).as("%s had no fixed words", what).isNotEmpty();
        }
    }

    /** Ours answers at most what theirs did. */
    private static void stillReads(String what, Fact theirs, Fact ours) {
        assertThat(theirs.required() && !ours.required())
                .as("%s may be missing", what)
                .isFalse();
        if (!theirs.types().contains("any")) {
            var expected = new LinkedHashSet<>(theirs.types());
            if (expected.contains("number")) {
                expected.add("integer");
            }
            assertThat(expected).as(what).containsAll(ours.types());
        }
        if (theirs.format() != null) {
            assertThat(ours.format()).as(what).isEqualTo(theirs.format());
        }
        if (!theirs.words().isEmpty()) {
            assertThat(theirs.words()).as(what).containsAll(ours.words());
            assertThat(ours.words()).as(what).isNotEmpty();
        }
    }

    private static Map<String, Fact> facts(Operation operation, String status) {
        var facts = new LinkedHashMap<String, Fact>();
        for (JsonObject parameter : operation.parameters()) {
            facts.put(
                    parameter.getString("in") + " "
                            + parameter.getString("name").toLowerCase(java.util.Locale.ROOT),
                    fact(parameter.getJsonObject("schema"), parameter.getBoolean("required", false)));
        }
        operation.jsonBody().ifPresent(media -> inner(facts, "body", "", media.getJsonObject("schema")));
        JsonObject content = operation.responses().get(status).getJsonObject("content", new JsonObject());
        if (content.containsKey("application/json")) {
            inner(facts, "answer", "", content.getJsonObject("application/json").getJsonObject("schema"));
        }
        return facts;
    }

    private static void inner(Map<String, Fact> facts, String part, String name, JsonObject schema) {
        for (JsonObject one : alternatives(schema)) {
            var required = one.getJsonArray("required", new JsonArray());
            one.getJsonObject("properties", new JsonObject()).forEach(each -> {
                String field = name.isEmpty() ? each.getKey() : name + "." + each.getKey();
                var property = (JsonObject) each.getValue();
                facts.put(part + " " + field, fact(property, required.contains(each.getKey())));
                inner(facts, part, field, property);
            });
            if (one.containsKey("items")) {
                facts.put(part + " " + name + "[]", fact(one.getJsonObject("items"), true));
                inner(facts, part, name + "[]", one.getJsonObject("items"));
            }
        }
    }

    private static Fact fact(JsonObject schema, boolean required) {
        var types = new LinkedHashSet<String>();
        var words = new LinkedHashSet<String>();
        String format = null;
        Double lowest = null;
        Double highest = null;
        for (JsonObject one : alternatives(schema)) {
            types.addAll(types(one));
            one.getJsonArray("enum", new JsonArray()).stream()
                    .filter(String.class::isInstance)
                    .forEach(word -> words.add((String) word));
            if (one.getValue("const") instanceof String word) {
                words.add(word);
            }
            format = one.getString("format", format);
            lowest = bound(one, lowest, "minimum", "minLength", "minItems");
            highest = bound(one, highest, "maximum", "maxLength", "maxItems");
        }
        return new Fact(required, types, format, lowest, highest, words);
    }

    private static Set<String> types(JsonObject schema) {
        if (schema.getValue("type") instanceof JsonArray several) {
            return new LinkedHashSet<>(several.stream().map(String.class::cast).toList());
        }
        if (schema.containsKey("type")) {
            return Set.of(schema.getString("type"));
        }
        if (schema.containsKey("const")) {
            return Set.of(schema.getValue("const") instanceof Boolean ? "boolean" : "string");
        }
        return Set.of("any");
    }

    private static Double bound(JsonObject schema, Double otherwise, String... names) {
        for (String name : names) {
            if (schema.getNumber(name) != null) {
                return schema.getDouble(name);
            }
        }
        return otherwise;
    }

    /** The schema with its reference followed, or those of which it is one. */
    private static List<JsonObject> alternatives(JsonObject schema) {
        JsonObject followed = Contract.document().followed(schema);
        for (String choice : List.of("anyOf", "oneOf", "allOf")) {
            if (followed.containsKey(choice)) {
                var all = new ArrayList<JsonObject>();
                followed.getJsonArray(choice).forEach(each -> all.addAll(alternatives((JsonObject) each)));
                return all;
            }
        }
        return List.of(followed);
    }
}

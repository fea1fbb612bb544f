package io.waxwatch.gateway.validation;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.json.KeptJson;
import io.waxwatch.common.matching.CurrencyCode;
import io.waxwatch.gateway.http.RequestBodies;
import io.waxwatch.gateway.http.Uuids;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The fields of a JSON object, converted as leniently as the contract says. What does not fit is added to the violations,
 * and the field reads as absent.
 */
public final class BodyFields {

    /** As in the logs. */
    private static final String HIDDEN = "***redacted***";

    private final Map<String, Object> fields;
    private final Violations violations;
    private final boolean nullIsAbsent;
    private final Set<String> hidden = new HashSet<>();
    private final List<String> path;

    BodyFields(Map<String, Object> fields, Violations violations, boolean nullIsAbsent) {
        this(fields, violations, nullIsAbsent, List.of("body"));
    }

    private BodyFields(Map<String, Object> fields, Violations violations, boolean nullIsAbsent, List<String> path) {
        this.path = path;
        this.fields = fields;
        this.violations = violations;
        this.nullIsAbsent = nullIsAbsent;
    }

    /** Has no violation repeat this field's value. */
    public BodyFields hide(String name) {
        hidden.add(name);
        return this;
    }

    /** Adds a violation when the field is not there at all. */
    public BodyFields require(String name) {
        if (!fields.containsKey(name)) {
            violations.missing(loc(name), shown());
        }
        return this;
    }

    /** Whether the field is there and null. */
    public boolean isNull(String name) {
        return fields.containsKey(name) && fields.get(name) == null;
    }

    /** The whole body, for a rule that concerns more than one field. */
    public JsonObject all() {
        return new JsonObject(fields);
    }

    /** A text of so many characters; null is refused unless this is a PATCH. */
    public Optional<String> text(String name, int min, int max) {
        if (isAbsent(name, false)) {
            return Optional.empty();
        }
        Object value = fields.get(name);
        if (!(value instanceof String text)) {
            violations.add("string_type", loc(name), "Input should be a valid string", shown(name, value), null);
            return Optional.empty();
        }
        int length = text.codePointCount(0, text.length());
        if (length < min) {
            violations.add(
                    "string_too_short",
                    loc(name),
                    "String should have at least " + characters(min),
                    shown(name, text),
                    new JsonObject().put("min_length", min));
            return Optional.empty();
        }
        if (length > max) {
            violations.add(
                    "string_too_long",
                    loc(name),
                    "String should have at most " + characters(max),
                    shown(name, text),
                    new JsonObject().put("max_length", max));
            return Optional.empty();
        }
        return Optional.of(text);
    }

    /** A text of so many characters, of which one can be seen; null is refused unless this is a PATCH. */
    public Optional<String> name(String name, int max) {
        Optional<String> text = text(name, 1, max);
        if (text.isPresent() && text.get().codePoints().allMatch(BodyFields::isBlank)) {
            refuse(name, "a name of blanks alone cannot be told from none; give it a letter or a sign");
            return Optional.empty();
        }
        return text;
    }

    private static boolean isBlank(int character) {
        return Character.isWhitespace(character)
                || Character.isSpaceChar(character)
                || Character.getType(character) == Character.FORMAT;
    }

    /** As {@link #text}, for a field that may be null, which reads as absent. */
    public Optional<String> nullableText(String name, int min, int max) {
        return isAbsent(name, true) ? Optional.empty() : text(name, min, max);
    }

    /** A whole number within bounds; null is refused unless this is a PATCH. */
    public OptionalLong whole(String name, long min, long max) {
        return isAbsent(name, false)
                ? OptionalLong.empty()
                : Numbers.whole(fields.get(name), loc(name), min, max, violations);
    }

    /** The same for a field that may be null, which reads as absent. */
    public OptionalLong nullableWhole(String name, long min, long max) {
        return isAbsent(name, true) ? OptionalLong.empty() : whole(name, min, max);
    }

    /** An amount of at least 0, rounded to cents, that may be null, which reads as absent. */
    public Optional<BigDecimal> nullableMoney(String name) {
        return isAbsent(name, true) ? Optional.empty() : Numbers.money(fields.get(name), loc(name), violations);
    }

    /** A truth value; null is refused unless this is a PATCH. */
    public Optional<Boolean> bool(String name) {
        return isAbsent(name, false) ? Optional.empty() : Numbers.bool(fields.get(name), loc(name), violations);
    }

    /** An id; null is refused unless this is a PATCH. */
    public Optional<UUID> uuid(String name) {
        if (isAbsent(name, false)) {
            return Optional.empty();
        }
        if (!(fields.get(name) instanceof String text)) {
            violations.add("uuid_type", loc(name), "Input should be a UUID in a string", fields.get(name), null);
            return Optional.empty();
        }
        Optional<UUID> id = Uuids.parse(text);
        if (id.isEmpty()) {
            violations.notUuid(loc(name), text);
        }
        return id;
    }

    /** One of the words; null is refused unless this is a PATCH. */
    public Optional<String> word(String name, List<String> words) {
        if (isAbsent(name, false)) {
            return Optional.empty();
        }
        return Words.of("literal_error", fields.get(name), loc(name), words, violations);
    }

    /** An object; null is refused unless this is a PATCH. A copy, with lists and maps in it, never JSON wrappers. */
    public Optional<Map<String, Object>> object(String name) {
        return object(name, "dict_type", "Input should be a valid dictionary");
    }

    private Optional<Map<String, Object>> object(String name, String type, String complaint) {
        if (isAbsent(name, false)) {
            return Optional.empty();
        }
        Object value = fields.get(name);
        if (value instanceof JsonObject object) {
            return Optional.of(Plain.map(object.getMap()));
        }
        if (value instanceof Map<?, ?> map) {
            return Optional.of(Plain.map(map));
        }
        violations.add(type, loc(name), complaint, value, null);
        return Optional.empty();
    }

    /** The fields of an object within; null is refused unless this is a PATCH. */
    public Optional<BodyFields> fields(String name) {
        return object(name, Violations.NO_OBJECT, Violations.NO_OBJECT_TEXT)
                .map(inner -> new BodyFields(inner, violations, nullIsAbsent, loc(name)));
    }

    /** A list of texts; null is refused unless this is a PATCH. */
    public Optional<List<String>> texts(String name) {
        if (isAbsent(name, false)) {
            return Optional.empty();
        }
        Object value = fields.get(name) instanceof JsonArray array ? array.getList() : fields.get(name);
        if (!(value instanceof List<?> items)) {
            violations.add("list_type", loc(name), "Input should be a valid list", value, null);
            return Optional.empty();
        }
        var texts = new ArrayList<String>(items.size());
        boolean allTexts = true;
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i) instanceof String text) {
                texts.add(text);
            } else {
                List<Object> at = new ArrayList<>(loc(name));
                at.add(i);
                violations.add("string_type", at, "Input should be a valid string", items.get(i), null);
                allTexts = false;
            }
        }
        return allTexts ? Optional.of(texts) : Optional.empty();
    }

    /** The same for a field that may be null, which reads as absent. */
    public Optional<List<String>> nullableTexts(String name) {
        return isAbsent(name, true) ? Optional.empty() : texts(name);
    }

    /** A currency in use, of ISO 4217, in any case; in upper case. What is none is refused as {@code unknown currency}. */
    public Optional<String> currency(String name) {
        Optional<String> given = text(name, 3, 3);
        Optional<String> code = given.flatMap(CurrencyCode::read);
        if (given.isPresent() && code.isEmpty()) {
            refuse(name, CurrencyCode.UNKNOWN);
        }
        return code;
    }

    /**
     * An object that is kept as it came, as JSON text; null is refused unless this is a PATCH. It may be as large as a body may,
     * with the digits written out that exponents stand for.
     */
    public Optional<String> kept(String name) {
        return object(name)
                .filter(given -> {
                    long bytes = KeptJson.bytes(given);
                    if (bytes > RequestBodies.MAX_BYTES) {
                        violations.value(
                                loc(name),
                                "it may have " + RequestBodies.MAX_BYTES
                                        + " bytes as JSON, with every number written out, and" + " has " + bytes
                                        + "; give large numbers as texts",
                                null);
                    }
                    return bytes <= RequestBodies.MAX_BYTES;
                })
                .map(given -> new JsonObject(given).encode());
    }

    /** Whether the field is there, null or not. */
    public boolean has(String name) {
        return fields.containsKey(name);
    }

    /** Adds a violation of a rule of ours that concerns one field. */
    public void refuse(String name, String text) {
        violations.value(loc(name), text, fields.get(name));
    }

    /** Adds a violation of a rule of ours that concerns more than one field. */
    public void refuse(String text) {
        violations.value(path, text, all());
    }

    private Object shown(String name, Object value) {
        return hidden.contains(name) ? HIDDEN : value;
    }

    private JsonObject shown() {
        var shown = new LinkedHashMap<>(fields);
        shown.replaceAll(this::shown);
        return new JsonObject(shown);
    }

    private boolean isAbsent(String name, boolean nullable) {
        return !fields.containsKey(name) || ((nullable || nullIsAbsent) && fields.get(name) == null);
    }

    private List<String> loc(String name) {
        return Stream.concat(path.stream(), Stream.of(name)).toList();
    }

    private static String characters(int count) {
        return count + (count == 1 ? " character" : " characters");
    }

    /** JSON as plain maps and lists, as the matching code reads it. */
    public static final class Plain {

        private Plain() {}

        public static Map<String, Object> map(Map<?, ?> map) {
            var plain = new LinkedHashMap<String, Object>();
            map.forEach((key, value) -> plain.put((String) key, of(value)));
            return plain;
        }

        private static Object of(Object value) {
            if (value instanceof JsonObject object) {
                return map(object.getMap());
            }
            if (value instanceof Map<?, ?> inner) {
                return map(inner);
            }
            if (value instanceof JsonArray array) {
                return of(array.getList());
            }
            if (value instanceof List<?> list) {
                // Not toList(): JSON null must survive.
                var plain = new ArrayList<Object>(list.size());
                list.forEach(item -> plain.add(of(item)));
                return plain;
            }
            return value;
        }
    }
}

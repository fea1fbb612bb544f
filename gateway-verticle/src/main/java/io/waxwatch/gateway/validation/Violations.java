package io.waxwatch.gateway.validation;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.gateway.http.ApiException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What is wrong with a request's input, in the contract's words; all of it is reported together, the first hundred in full. */
public final class Violations {

    /** What should be an object with certain fields, and is none. */
    static final String NO_OBJECT = "model_attributes_type";

    static final String NO_OBJECT_TEXT = "Input should be a valid dictionary or object to extract fields from";

    private static final String MISSING = "missing";
    private static final String UNREADABLE = "json_invalid";
    /** So many are listed, the others only counted: a body may break a rule thousands of times. */
    private static final int LISTED = 100;
    /** So many violations are told in the message, the others only counted. */
    private static final int TOLD = 2;
    /** Some texts name what was sent, which may be of any length. */
    private static final int MAX_SENTENCE = 200;

    private final JsonArray items = new JsonArray();
    private int count;

    public void add(String type, List<?> loc, String message, Object input, JsonObject context) {
        count++;
        if (count > LISTED) {
            return;
        }
        var item = new JsonObject()
                .put("type", type)
                .put("loc", new JsonArray(loc))
                .put("msg", message)
                .put("input", input);
        if (context != null) {
            item.put("ctx", context);
        }
        items.add(item);
    }

    /** A rule of ours rather than of a type. */
    public void value(List<?> loc, String text, Object input) {
        add("value_error", loc, "Value error, " + text, input, new JsonObject().put("error", new JsonObject()));
    }

    /** The body is no JSON that is read here. */
    public void unreadable(long afterCharacters, String reason) {
        add(
                UNREADABLE,
                List.of("body", afterCharacters),
                "JSON decode error",
                new JsonObject(),
                new JsonObject().put("error", reason));
    }

    public void missing(List<?> loc, Object enclosing) {
        add(MISSING, loc, "Field required", enclosing, null);
    }

    public void notUuid(List<?> loc, String input) {
        String reason = "it must be 32 hexadecimal digits, with or without hyphens";
        add(
                "uuid_parsing",
                loc,
                "Input should be a valid UUID, " + reason,
                input,
                new JsonObject().put("error", reason));
    }

    public void tooLow(List<?> loc, Object input, Number bound) {
        add(
                "greater_than_equal",
                loc,
                "Input should be greater than or equal to " + plain(bound),
                input,
                new JsonObject().put("ge", bound));
    }

    public void tooHigh(List<?> loc, Object input, Number bound) {
        add(
                "less_than_equal",
                loc,
                "Input should be less than or equal to " + plain(bound),
                input,
                new JsonObject().put("le", bound));
    }

    /** Refuses the request with 422 unless everything was fine. */
    public void refuseIfAny() {
        if (!items.isEmpty()) {
            throw ApiException.validation(message(), items);
        }
    }

    /** For people, because many clients show nothing else: {@code query.max_price: Input should be …; and 2 more}. */
    private String message() {
        String told = IntStream.range(0, Math.min(items.size(), TOLD))
                .mapToObj(i -> sentence(items.getJsonObject(i)))
                .collect(Collectors.joining("; "));
        return count > TOLD ? told + "; and " + (count - TOLD) + " more" : told;
    }

    private static String sentence(JsonObject item) {
        JsonArray loc = item.getJsonArray("loc");
        if (item.getString("type").equals(UNREADABLE)) {
            return "the body cannot be read after " + loc.getValue(1) + " characters: "
                    + item.getJsonObject("ctx").getString("error");
        }
        if (item.getString("type").equals(MISSING) && loc.size() == 1) {
            return loc.getString(0) + ": Field required; send a JSON object, {} where there is nothing to say";
        }
        String text = item.getString("msg").replaceFirst("^Value error, ", "");
        String field = loc.stream().skip(1).map(String::valueOf).collect(Collectors.joining("."));
        boolean named = field.isEmpty()
                ? item.getString("type").equals("value_error")
                : text.startsWith(field + ".") || text.startsWith(field + " ");
        String subject = field.isEmpty() ? loc.getString(0) : field;
        String whole = named ? text : subject + ": " + text;
        return whole.length() <= MAX_SENTENCE ? whole : whole.substring(0, MAX_SENTENCE) + "…";
    }

    private static String plain(Number bound) {
        String text = bound.toString();
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}

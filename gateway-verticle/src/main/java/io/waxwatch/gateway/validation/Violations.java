package io.waxwatch.gateway.validation;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.gateway.http.Refusal;
import java.util.List;

/** What is wrong with a request's input, in the contract's words; all of it is reported together. */
public final class Violations {

    private final JsonArray items = new JsonArray();

    public void add(String type, List<?> loc, String message, Object input, JsonObject context) {
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

    public void missing(List<?> loc, Object enclosing) {
        add("missing", loc, "Field required", enclosing, null);
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
            throw Refusal.validation(items);
        }
    }

    private static String plain(Number bound) {
        String text = bound.toString();
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}

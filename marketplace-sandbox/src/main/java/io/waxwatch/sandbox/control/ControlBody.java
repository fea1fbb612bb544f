package io.waxwatch.sandbox.control;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.math.BigDecimal;
import java.util.List;

/** Reads the JSON of a control call; what does not fit is an {@link IllegalArgumentException} with a message for the caller. */
record ControlBody(JsonObject json) {

    static ControlBody of(RoutingContext ctx) {
        if (ctx.body().length() <= 0) {
            return new ControlBody(new JsonObject());
        }
        try {
            JsonObject json = ctx.body().asJsonObject();
            if (json == null) {
                throw new IllegalArgumentException("the body must be a JSON object");
            }
            return new ControlBody(json);
        } catch (DecodeException | ClassCastException e) {
            throw new IllegalArgumentException("the body must be a JSON object", e);
        }
    }

    boolean has(String name) {
        return json.containsKey(name);
    }

    String text(String name, String otherwise) {
        Object value = json.getValue(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException(name + " must be text");
    }

    /** A decimal number, written as a number or as text. */
    BigDecimal decimal(String name, BigDecimal otherwise) {
        Object value = json.getValue(name);
        if (value == null) {
            return otherwise;
        }
        try {
            return new BigDecimal(String.valueOf(value));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a decimal number", e);
        }
    }

    long number(String name, long otherwise, long min, long max) {
        Object value = json.getValue(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Integer || value instanceof Long) {
            long number = ((Number) value).longValue();
            if (number >= min && number <= max) {
                return number;
            }
        }
        throw new IllegalArgumentException(name + " must be a whole number from " + min + " to " + max);
    }

    List<String> texts(String name, List<String> otherwise) {
        if (json.getValue(name) == null) {
            return otherwise;
        }
        try {
            return json.getJsonArray(name).stream().map(String.class::cast).toList();
        } catch (ClassCastException e) {
            throw new IllegalArgumentException(name + " must be an array of text", e);
        }
    }
}

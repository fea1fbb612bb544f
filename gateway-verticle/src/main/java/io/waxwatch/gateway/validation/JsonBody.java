package io.waxwatch.gateway.validation;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A request's body, parsed when it is needed. */
public final class JsonBody {

    private static final List<String> BODY = List.of("body");
    /** Every double has fewer, in the shortest digits that tell it from others; PostgreSQL would write each of them out. */
    private static final int MAX_SCALE = 400;

    private final RoutingContext rc;
    private Object value;
    private boolean parsed;

    public JsonBody(RoutingContext rc) {
        this.rc = rc;
    }

    /** Refuses what is not JSON; an absent body is no fault here. */
    public void checkSyntax() {
        if (parsed) {
            return;
        }
        parsed = true;
        Buffer bytes = rc.body() == null ? null : rc.body().buffer();
        if (bytes == null || bytes.length() == 0) {
            return;
        }
        try {
            value = StrictJson.parse(bytes);
        } catch (StrictJson.Malformed malformed) {
            var violations = new Violations();
            violations.unreadable(malformed.offset(), malformed.getMessage());
            violations.refuseIfAny();
        }
    }

    /** @param nullIsAbsent as in a PATCH */
    public BodyFields fields(Violations violations, boolean nullIsAbsent) {
        checkSyntax();
        if (value == null) {
            violations.missing(BODY, null);
            violations.refuseIfAny();
        }
        // None can be stored: PostgreSQL has no NUL in texts, UTF-8 no half characters, and no client reads back a
        // number that
        // is beyond a double.
        if (unstorable(value)) {
            violations.value(
                    BODY,
                    "texts must not contain NUL or half a surrogate pair, and numbers must be finite, with at most "
                            + MAX_SCALE + " digits behind the point",
                    null);
            violations.refuseIfAny();
        }
        if (!(value instanceof JsonObject object)) {
            violations.add(Violations.NO_OBJECT, BODY, Violations.NO_OBJECT_TEXT, value, null);
            violations.refuseIfAny();
            throw new IllegalStateException("unreachable");
        }
        return new BodyFields(object.getMap(), violations, nullIsAbsent);
    }

    private static boolean unstorable(Object node) {
        if (node instanceof String text) {
            return text.indexOf('\0') >= 0
                    || !StandardCharsets.UTF_8.newEncoder().canEncode(text);
        }
        if (node instanceof BigDecimal number) {
            // The scale first: an exponent of millions would be written out to see whether it is finite.
            return Math.abs((long) number.scale()) > MAX_SCALE || !Double.isFinite(number.doubleValue());
        }
        if (node instanceof JsonObject object) {
            return unstorable(object.getMap());
        }
        if (node instanceof JsonArray array) {
            return unstorable(array.getList());
        }
        if (node instanceof Map<?, ?> map) {
            return map.entrySet().stream().anyMatch(e -> unstorable(e.getKey()) || unstorable(e.getValue()));
        }
        return node instanceof List<?> list && list.stream().anyMatch(JsonBody::unstorable);
    }
}

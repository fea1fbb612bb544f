package io.waxwatch.common.http;

import io.vertx.core.json.JsonObject;

/** The one shape of every error answer: {@code {"error":{"message","code","status","details"?}}}. */
public final class ErrorEnvelope {

    private ErrorEnvelope() {}

    /** @param details left out when null */
    public static JsonObject of(int status, String code, String message, Object details) {
        var error = new JsonObject().put("message", message).put("code", code).put("status", status);
        if (details != null) {
            error.put("details", details);
        }
        return new JsonObject().put("error", error);
    }
}

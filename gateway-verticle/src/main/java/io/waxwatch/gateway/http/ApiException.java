package io.waxwatch.gateway.http;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** An answer that is not what the caller asked for, as the contract words it. Expected, so without a stack trace. */
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final transient Object details;
    private final int retryAfterSeconds;

    private ApiException(int status, String code, String message, Object details, int retryAfterSeconds) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.details = details;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** A refusal with a plain text. */
    public static ApiException http(int status, String message) {
        return new ApiException(status, "http_error", message, null, 0);
    }

    /** Something outside is away; the caller may ask again after the pause. */
    public static ApiException unavailable(String message, int retryAfterSeconds) {
        return new ApiException(503, "http_error", message, null, retryAfterSeconds);
    }

    /** The input breaks rules: the message tells of the first, the details list all. */
    public static ApiException validation(String message, JsonArray violations) {
        return new ApiException(422, "validation_error", message, violations, 0);
    }

    /** Too many requests of one scope. */
    public static ApiException rateLimited(String scope, int retryAfterSeconds) {
        return new ApiException(
                429,
                "rate_limited",
                "rate limit exceeded",
                new JsonObject().put("scope", scope).put("retry_after_seconds", retryAfterSeconds),
                retryAfterSeconds);
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    /** Null when there are none. */
    public Object details() {
        return details;
    }

    /** 0 when there is no point in waiting. */
    public int retryAfterSeconds() {
        return retryAfterSeconds;
    }
}

package io.waxwatch.provider.http;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One outbound attempt (a token request, a data request, each retry), as it goes into {@code provider_requests}. No field
 * holds a secret: request headers, request bodies and query strings are never part of it.
 *
 * @param provider wire name, such as {@code ebay}
 * @param endpoint path without the query, at most 200 characters
 * @param method HTTP method
 * @param statusCode null without an answer
 * @param durationMs from the start of the attempt to its last byte or failure
 * @param error null on success, else at most 500 characters
 * @param meta JSON-ready values: attempt, attempts_total, max_attempts, retry_after_seconds, rate limit fields, request_id
 * @param at when the attempt began
 */
public record ProviderCall(
        String provider,
        String endpoint,
        String method,
        Integer statusCode,
        int durationMs,
        String error,
        Map<String, Object> meta,
        Instant at) {

    private static final int MAX_ENDPOINT = 200;
    private static final int MAX_ERROR = 500;

    public ProviderCall {
        endpoint = cut(endpoint, MAX_ENDPOINT);
        error = cut(error, MAX_ERROR);
        meta = Collections.unmodifiableMap(new LinkedHashMap<>(meta));
    }

    private static String cut(String text, int max) {
        return text == null || text.length() <= max ? text : text.substring(0, max);
    }
}

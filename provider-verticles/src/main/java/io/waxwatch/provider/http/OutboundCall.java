package io.waxwatch.provider.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.waxwatch.common.outbound.OutboundAnswer;
import io.waxwatch.common.outbound.OutboundRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One request that is safe to repeat.
 *
 * @param label how error texts begin, such as {@code eBay auth}
 * @param method HTTP method
 * @param path encoded, below the base URL
 * @param query unencoded names and values, in order
 * @param headers may hold secrets; never recorded
 * @param body null for none; never recorded
 * @param meta what to keep of an answer in the record of the attempt
 * @param purpose what for, and out of whose budget
 * @param doubtful whether a 500 may be about this very question: then it is not tried again, and the breaker ignores
 *     it
 */
public record OutboundCall(
        String label,
        HttpMethod method,
        String path,
        Map<String, String> query,
        Map<String, String> headers,
        Buffer body,
        Function<OutboundAnswer, Map<String, Object>> meta,
        CallPurpose purpose,
        boolean doubtful) {

    public OutboundCall {
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(meta, "meta");
        Objects.requireNonNull(purpose, "purpose");
        query = new LinkedHashMap<>(query);
        headers = new LinkedHashMap<>(headers);
    }

    /** A read. */
    public static OutboundCall get(
            String label,
            String path,
            Map<String, String> query,
            Map<String, String> headers,
            Function<OutboundAnswer, Map<String, Object>> meta,
            CallPurpose purpose) {
        return new OutboundCall(label, HttpMethod.GET, path, query, headers, null, meta, purpose, false);
    }

    /** The same call, of words that somebody typed. */
    public OutboundCall asDoubtful() {
        return new OutboundCall(label, method, path, query, headers, body, meta, purpose, true);
    }

    OutboundRequest request() {
        return new OutboundRequest(method, target(), headers, body);
    }

    /**
     * Path and encoded query. Braces, brackets and pipes of eBay's filters are illegal in a request target as they
     * are.
     */
    String target() {
        return query.isEmpty() ? path : path + "?" + form(query);
    }

    /** {@code a=b&c=d}, percent-encoded, a blank as {@code %20}: good for a query and for a form body. */
    public static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    /** One value, percent-encoded for a query or a path segment. */
    public static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Leaves the headers and the body out: they hold credentials. */
    @Override
    public String toString() {
        return method + " " + path;
    }
}

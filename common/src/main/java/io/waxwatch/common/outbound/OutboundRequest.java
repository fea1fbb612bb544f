package io.waxwatch.common.outbound;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A request to the host of an {@link OutboundTransport}.
 *
 * @param method HTTP method
 * @param target what follows the base URI, encoded: a path with its query, a query alone ({@code ?a=b}), or nothing
 * @param headers may hold secrets
 * @param body null for none
 */
public record OutboundRequest(HttpMethod method, String target, Map<String, String> headers, Buffer body) {

    public OutboundRequest {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(target, "target");
        headers = new LinkedHashMap<>(headers);
    }

    /** Leaves the headers and the body out: they hold credentials. So may a query. */
    @Override
    public String toString() {
        int query = target.indexOf('?');
        return method + " " + (query < 0 ? target : target.substring(0, query));
    }
}

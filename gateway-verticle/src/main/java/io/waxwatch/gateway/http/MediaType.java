package io.waxwatch.gateway.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a body may be: JSON in UTF-8, not compressed. Without a content type it is taken for that, as older clients expect. */
public final class MediaType {

    private static final Pattern JSON =
            Pattern.compile("application/(?:[a-z0-9.!#$&^_-]+\\+)?json(?:;charset=\"?utf-8\"?)?");

    private MediaType() {}

    /** Why the request's body will not be read; empty if it will, or if there is none. */
    public static Optional<ApiException> fault(HttpServerRequest request) {
        if (!announcesBody(request)) {
            return Optional.empty();
        }
        String encoding = request.getHeader("content-encoding");
        if (encoding != null && !encoding.strip().equalsIgnoreCase("identity")) {
            return Optional.of(ApiException.http(415, "the body must not be compressed"));
        }
        String type = request.getHeader("content-type");
        if (type == null || JSON.matcher(folded(type)).matches()) {
            return Optional.empty();
        }
        return Optional.of(ApiException.http(415, "the body must be application/json in UTF-8"));
    }

    private static String folded(String type) {
        return type.toLowerCase(Locale.ROOT).replaceAll("\\s+", "").replaceAll(";+$", "");
    }

    private static boolean announcesBody(HttpServerRequest request) {
        String length = request.getHeader("content-length");
        return length == null
                ? request.version() == HttpVersion.HTTP_2 || request.getHeader("transfer-encoding") != null
                : !length.strip().equals("0");
    }
}

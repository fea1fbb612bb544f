package io.waxwatch.gateway.http;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.regex.Pattern;

/**
 * Refuses an address that cannot be decoded before anybody asks for a part of it: path and query are decoded when they are
 * first read, which may be far behind the point where a failure still finds its way into an answer.
 */
public final class AddressCheck implements Handler<RoutingContext> {

    private static final Pattern NO_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    @Override
    public void handle(RoutingContext rc) {
        if (NO_ESCAPE.matcher(rc.request().uri()).find()) {
            rc.fail(ApiException.http(
                    400, "the address has a % without two hexadecimal digits behind it; a % itself is %25"));
        } else {
            rc.next();
        }
    }
}

package io.waxwatch.gateway.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** The one writer of what endpoints answer; a read that the caller has already is 304. */
public final class ResponseWriter {

    private ResponseWriter() {}

    /** Sends the answer, unless the response has ended or its reader has left. */
    public static void write(RoutingContext rc, ApiResponse answer) {
        HttpServerResponse response = rc.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(answer.status());
        answer.headers().forEach(response::putHeader);
        if (answer.body() == null) {
            response.end();
        } else if (isUnchanged(rc, answer)) {
            response.setStatusCode(304).end();
        } else {
            response.putHeader("content-type", "application/json").end(answer.body());
        }
    }

    /** Names what a read answers, and looks whether the caller has just that already. */
    private static boolean isUnchanged(RoutingContext rc, ApiResponse answer) {
        if (rc.request().method() != HttpMethod.GET || answer.status() != 200) {
            return false;
        }
        EntityTag tag = EntityTag.of(answer.body());
        rc.response()
                .putHeader("etag", tag.text())
                // May be kept by the caller alone, and must be asked about each time.
                .putHeader("cache-control", "private, no-cache");
        return tag.isAmong(rc.request().getHeader("if-none-match"));
    }
}

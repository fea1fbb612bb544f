package io.waxwatch.gateway.routing;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import io.waxwatch.gateway.auth.Caller;
import io.waxwatch.gateway.http.RequestScope;
import io.waxwatch.gateway.http.Uuids;
import io.waxwatch.gateway.validation.BodyFields;
import io.waxwatch.gateway.validation.JsonBody;
import io.waxwatch.gateway.validation.Violations;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** One request of one admitted caller, as an endpoint sees it. */
public final class Call {

    private final RoutingContext rc;
    private final Caller caller;
    private final JsonBody body;

    Call(RoutingContext rc, Caller caller, JsonBody body) {
        this.rc = rc;
        this.caller = caller;
        this.body = body;
    }

    public Caller caller() {
        return caller;
    }

    /** The caller's id. */
    public UUID userId() {
        return caller.userId();
    }

    public String requestId() {
        return RequestScope.idOf(rc);
    }

    /** The path as it was asked for, without the query. */
    public String path() {
        return rc.request().path();
    }

    /** Method and path template. */
    public String route() {
        return rc.request().method().name() + " " + RequestScope.routeOf(rc);
    }

    /** The body as it came; empty for none. */
    public Buffer bodyBytes() {
        Buffer bytes = rc.body() == null ? null : rc.body().buffer();
        return bytes == null ? Buffer.buffer() : bytes;
    }

    /** A header of the request. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(rc.request().getHeader(name));
    }

    /** Every query parameter, decoded, in the given order. */
    public MultiMap queryParameters() {
        return rc.queryParams();
    }

    /** The query parameter's last value. */
    public Optional<String> query(String name) {
        List<String> values = rc.queryParam(name);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(values.size() - 1));
    }

    /** The id in the path; what is not one is added to the violations, and null. */
    public UUID pathId(String name, Violations violations) {
        String text = rc.pathParam(name);
        return Uuids.parse(text).orElseGet(() -> {
            violations.notUuid(List.of("path", name), text);
            return null;
        });
    }

    /** The id in the path, where nothing else can be wrong. */
    public UUID pathId(String name) {
        var violations = new Violations();
        UUID id = pathId(name, violations);
        violations.refuseIfAny();
        return id;
    }

    /** The body's fields, for a new thing: null is a value. */
    public BodyFields create(Violations violations) {
        return body.fields(violations, false);
    }

    /** The body's fields, for a change: null is the same as absent. */
    public BodyFields patch(Violations violations) {
        return body.fields(violations, true);
    }
}

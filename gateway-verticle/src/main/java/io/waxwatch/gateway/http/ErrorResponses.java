package io.waxwatch.gateway.http;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.http.ErrorEnvelope;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one writer of error answers: everything that goes wrong, wherever, leaves in the envelope. */
public final class ErrorResponses {

    private static final Logger log = LoggerFactory.getLogger(ErrorResponses.class);

    /** How long a caller should leave an unavailable service alone. */
    private static final int RETRY_AFTER_SECONDS = 2;

    private static final Set<FailureKind> OUTAGES =
            Set.of(FailureKind.UPSTREAM, FailureKind.UNAVAILABLE, FailureKind.TIMEOUT);

    /** Says something about the caller, not about us. */
    private static final int NOT_IMPLEMENTED = 501;

    private static final int[] ROUTER_STATUSES = {400, 404, 405, 406, 413, 414, 415, 500, 503};

    private final RequestScope requests;

    /** @param requests gives its due to what is refused before it was asked */
    public ErrorResponses(RequestScope requests) {
        this.requests = requests;
    }

    /** Makes the router's own refusals use the envelope too. Call it first. */
    public void mount(Router router) {
        router.route().failureHandler(rc -> failed(rc, 500));
        for (int status : ROUTER_STATUSES) {
            // Some come without a failure and without a status of their own, such as a path that cannot be decoded.
            router.errorHandler(status, rc -> failed(rc, status));
        }
    }

    private void failed(RoutingContext rc, int routerStatus) {
        requests.begin(rc);
        if (MethodCheck.isUnknown(rc.request())) {
            notImplemented(rc);
            return;
        }
        int status = rc.statusCode() >= 400 ? rc.statusCode() : routerStatus;
        if (rc.failure() == null || status < 500) {
            write(rc, status, "http_error", reason(status), null, 0);
        } else {
            answer(rc, rc.failure());
        }
    }

    /** Maps a failure, logs it once with the request's id, and answers. */
    public void answer(RoutingContext rc, Throwable cause) {
        if (cause instanceof ApiException refusal) {
            noteRefusal(rc, refusal);
            write(
                    rc,
                    refusal.status(),
                    refusal.code(),
                    refusal.getMessage(),
                    refusal.details(),
                    refusal.retryAfterSeconds());
            return;
        }
        Failure failure = Failure.of(cause);
        int status = failure.kind().code();
        if (OUTAGES.contains(failure.kind())) {
            noteOutage(rc, status, cause.toString());
        } else if (status >= 500) {
            log.error(
                    "http.exception.server",
                    kv("request_id", RequestScope.idOf(rc)),
                    kv("method", rc.request().method().name()),
                    kv("path", rc.request().path()),
                    kv("status_code", status),
                    cause);
        }
        write(
                rc,
                status,
                "http_error",
                failure.getMessage(),
                null,
                failure.kind() == FailureKind.UNAVAILABLE ? RETRY_AFTER_SECONDS : 0);
    }

    /** For methods that nothing of ours has, whatever they are asked of. */
    void notImplemented(RoutingContext rc) {
        if (rc.request().version() != HttpVersion.HTTP_2) {
            // Nobody reads what may follow as its body.
            rc.response().putHeader("connection", "close");
            rc.addEndHandler(told -> rc.request().connection().close());
        }
        answer(rc, ApiException.http(NOT_IMPLEMENTED, "Not Implemented"));
    }

    private static void noteRefusal(RoutingContext rc, ApiException refusal) {
        if (refusal.status() == 401 || refusal.status() == 403) {
            log.warn(
                    "http.exception.auth",
                    kv("request_id", RequestScope.idOf(rc)),
                    kv("method", rc.request().method().name()),
                    kv("path", rc.request().path()),
                    kv("status_code", refusal.status()),
                    kv("reason", refusal.getMessage()));
        } else if (refusal.status() >= 500 && refusal.status() != NOT_IMPLEMENTED) {
            noteOutage(rc, refusal.status(), refusal.getMessage());
        }
    }

    /** An outage, not a fault of ours: one line a request, no stack trace. */
    private static void noteOutage(RoutingContext rc, int status, String error) {
        log.error(
                "http.exception.server",
                kv("request_id", RequestScope.idOf(rc)),
                kv("method", rc.request().method().name()),
                kv("path", rc.request().path()),
                kv("status_code", status),
                kv("error", error));
    }

    private static void write(
            RoutingContext rc, int status, String code, String message, Object details, int retryAfterSeconds) {
        HttpServerResponse response = rc.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (response.headWritten()) {
            // Half an answer is out; only cutting the connection tells the caller that it is incomplete.
            response.reset();
            return;
        }
        if (status == 401) {
            response.putHeader("www-authenticate", "Bearer");
        }
        if (retryAfterSeconds > 0) {
            response.putHeader("retry-after", Integer.toString(retryAfterSeconds));
        }
        response.setStatusCode(status).putHeader("content-type", "application/json");
        response.end(envelope(status, code, message, details));
    }

    /** For requests that never reach the router: unreadable, or with oversized headers. */
    public void unreadable(HttpServerRequest request) {
        boolean tooLong = request.decoderResult().cause() instanceof io.netty.handler.codec.TooLongFrameException;
        boolean longLine =
                request.decoderResult().cause() instanceof io.netty.handler.codec.http.TooLongHttpLineException;
        int status = longLine ? 414 : tooLong ? 431 : 400;
        // Always a new id: what could not be read is not believed either.
        String id = UUID.randomUUID().toString();
        noteMalformed(id, status, request.decoderResult().cause());
        requests.protect(request.response(), id);
        request.response()
                .setStatusCode(status)
                .putHeader("content-type", "application/json")
                .putHeader("connection", "close")
                .end(envelope(status, "http_error", reason(status), null))
                .onComplete(done -> request.connection().close());
    }

    /** For a request whose head was good and whose body is not framed as it says. */
    void malformed(RoutingContext rc, Throwable cause) {
        noteMalformed(RequestScope.idOf(rc), 400, cause);
        write(rc, 400, "http_error", "the body is not valid HTTP: a chunk is malformed", null, 0);
    }

    /** The caller's fault, or a proxy's: one line, no stack trace, and none of the caller's bytes. */
    private static void noteMalformed(String id, int status, Throwable cause) {
        log.warn(
                "http.request.malformed",
                kv("request_id", id),
                kv("status_code", status),
                kv("error", cause.getClass().getSimpleName()));
    }

    private static Buffer envelope(int status, String code, String message, Object details) {
        return ErrorEnvelope.of(status, code, message, details).toBuffer();
    }

    private static String reason(int status) {
        return switch (status) {
            case 400 -> "the request is not valid HTTP, or has no valid Host header";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "the request took too long to arrive";
            case 413 -> "request body too large: more than " + RequestBodies.MAX_BYTES + " bytes";
            case 414 -> "request line too long";
            case 415 -> "unsupported media type";
            case 431 -> "request headers too large";
            default -> status < 500 ? "request refused" : "internal error";
        };
    }
}

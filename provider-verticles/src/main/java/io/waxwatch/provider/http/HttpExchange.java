package io.waxwatch.provider.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;

/** One request and its answer on the wire. It can be given up at any moment, which frees the connection. */
final class HttpExchange {

    private final int maxBodyBytes;
    private volatile HttpClientRequest request;
    private volatile boolean abandoned;

    HttpExchange(int maxBodyBytes) {
        this.maxBodyBytes = maxBodyBytes;
    }

    Future<OutboundAnswer> run(HttpClient client, RequestOptions options, Buffer body) {
        return client.request(options).compose(opened -> send(opened, body));
    }

    /** A timeout of a future alone would leave the request open on its connection. */
    void abandon() {
        abandoned = true;
        HttpClientRequest open = request;
        if (open != null) {
            open.reset();
        }
    }

    private Future<OutboundAnswer> send(HttpClientRequest opened, Buffer body) {
        request = opened;
        if (abandoned) {
            opened.reset();
            return Future.failedFuture("given up while waiting for a connection");
        }
        // The handlers are set in the tick in which the response arrives, so that no end of a short body is missed.
        return (body == null ? opened.send() : opened.send(body)).compose(this::read);
    }

    private Future<OutboundAnswer> read(HttpClientResponse response) {
        Promise<OutboundAnswer> done = Promise.promise();
        Buffer body = Buffer.buffer();
        response.exceptionHandler(done::tryFail);
        response.handler(chunk -> {
            // Counted after decompression and whatever Content-Length says, or a small body could grow without bound.
            if (body.length() + chunk.length() <= maxBodyBytes) {
                body.appendBuffer(chunk);
            } else if (done.tryFail(new BodyTooLarge())) {
                abandon();
            }
        });
        response.endHandler(
                ended -> done.tryComplete(new OutboundAnswer(response.statusCode(), response.headers(), body)));
        return done.future();
    }

    /** The body passed its bound. */
    static final class BodyTooLarge extends RuntimeException {
        BodyTooLarge() {
            super("body too large", null, false, false);
        }
    }
}

package io.waxwatch.gateway.auth;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Calls of the token issuer: a deadline and a size for each answer, no redirects. Safe for all threads. */
public final class IssuerHttp {

    private static final int MAX_CONNECTIONS = 8;
    private static final int MAX_WAITERS = 64;

    private final HttpClient client;
    private final Duration deadline;
    private final int maxBytes;

    /** What the issuer answered, whatever the status. */
    public record Reply(int status, Buffer body) {

        public boolean isSuccess() {
            return status / 100 == 2;
        }
    }

    /**
     * @param deadline for a whole exchange
     * @param maxBytes most bytes of an answer
     */
    public IssuerHttp(Vertx vertx, Duration deadline, int maxBytes) {
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(2000).setIdleTimeout(30),
                new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS).setMaxWaitQueueSize(MAX_WAITERS));
        this.deadline = deadline;
        this.maxBytes = maxBytes;
    }

    /**
     * Sends a request.
     *
     * @param body null for none
     * @return fails when the issuer is away, late, or says too much
     */
    public Future<Reply> send(RequestOptions options, Buffer body) {
        Promise<HttpClientRequest> started = Promise.promise();
        return client.request(options)
                .onSuccess(started::tryComplete)
                .compose(request -> (body == null ? request.send() : request.send(body))
                        .compose(response ->
                                whole(request, response).map(read -> new Reply(response.statusCode(), read))))
                .timeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(late -> started.future().onSuccess(HttpClientRequest::reset));
    }

    public Future<Void> close() {
        return client.close();
    }

    private Future<Buffer> whole(HttpClientRequest request, HttpClientResponse response) {
        Promise<Buffer> whole = Promise.promise();
        Buffer read = Buffer.buffer();
        response.exceptionHandler(whole::tryFail);
        response.handler(chunk -> {
            read.appendBuffer(chunk);
            if (read.length() > maxBytes) {
                whole.tryFail(new IOException("the answer has more than " + maxBytes + " bytes"));
                request.reset();
            }
        });
        response.endHandler(ended -> whole.tryComplete(read));
        return whole.future();
    }
}

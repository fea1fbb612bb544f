package io.waxwatch.gateway.auth;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.waxwatch.gateway.http.Refusal;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** One download of the issuer's key set: five seconds and 256 KiB at most, no redirects. */
final class JwksFetch {

    /** The contract's deadline. */
    static final Duration DEADLINE = Duration.ofSeconds(5);

    private static final int MAX_BYTES = 256 * 1024;
    private static final int RETRY_AFTER_SECONDS = 5;

    private final HttpClient client;
    private final String url;

    JwksFetch(Vertx vertx, URI url) {
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(2000).setIdleTimeout(30),
                new PoolOptions().setHttp1MaxSize(2).setMaxWaitQueueSize(4));
        this.url = url.toString();
    }

    /** Fails with a 503 {@link Refusal} in the contract's words. */
    Future<KeySet> fetch() {
        var options = new RequestOptions()
                .setAbsoluteURI(url)
                .setMethod(HttpMethod.GET)
                .putHeader("accept", "application/json");
        Promise<HttpClientRequest> started = Promise.promise();
        return client.request(options)
                .onSuccess(started::tryComplete)
                .compose(request -> request.send().compose(response -> body(request, response)))
                .timeout(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(late -> started.future().onSuccess(HttpClientRequest::reset))
                .recover(cause -> Future.failedFuture(unreachable()))
                .map(JwksFetch::parse);
    }

    Future<Void> close() {
        return client.close();
    }

    private static Future<Buffer> body(HttpClientRequest request, HttpClientResponse response) {
        if (response.statusCode() / 100 != 2) {
            request.reset();
            return Future.failedFuture(unreachable());
        }
        Promise<Buffer> whole = Promise.promise();
        Buffer read = Buffer.buffer();
        response.exceptionHandler(whole::tryFail);
        response.handler(chunk -> {
            read.appendBuffer(chunk);
            if (read.length() > MAX_BYTES) {
                request.reset();
                whole.tryFail(unreachable());
            }
        });
        response.endHandler(ended -> whole.tryComplete(read));
        return whole.future();
    }

    private static KeySet parse(Buffer body) {
        try {
            return KeySet.parse(body.toJsonObject());
        } catch (DecodeException | ClassCastException | IllegalArgumentException invalid) {
            throw Refusal.unavailable("invalid jwks response", RETRY_AFTER_SECONDS);
        }
    }

    private static Refusal unreachable() {
        return Refusal.unavailable("unable to fetch jwks", RETRY_AFTER_SECONDS);
    }
}

package io.waxwatch.common.outbound;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.concurrent.TimeUnit;

/**
 * Sends requests to one host. Every exchange has a deadline, after which it is reset, and a bound on its body.
 * Connections and the queue for them are bounded. Redirects are not followed: a host that redirects is not the one we
 * know.
 *
 * <p>One per host and process, safe for all threads. It owns its connections; {@link #close()} ends them.
 */
public final class OutboundTransport {

    /** Shorter than servers keep a connection, so that it is not theirs to end it under a request. */
    private static final int KEEP_ALIVE_SECONDS = 30;

    private final TransportOptions options;
    private final HttpClient client;
    private final WebClient web;

    public OutboundTransport(Vertx vertx, TransportOptions options) {
        this.options = options;
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setMetricsName(options.name())
                        .setSsl(options.isTls())
                        .setConnectTimeout((int) options.connectTimeout().toMillis())
                        .setDecompressionSupported(true)
                        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS),
                new PoolOptions().setHttp1MaxSize(options.poolSize()).setMaxWaitQueueSize(options.waitQueue()));
        this.web = WebClient.wrap(
                client, new WebClientOptions().setUserAgentEnabled(false).setFollowRedirects(false));
        this.web.addInterceptor(Exchange.INTERCEPTOR);
    }

    /**
     * Sends a request once.
     *
     * @return the answer, whatever its status; or an {@link OutboundFailure} and nothing else
     */
    public Future<OutboundAnswer> send(OutboundRequest request) {
        var exchange = new Exchange(options.maxBodyBytes());
        var prepared = web.request(
                        request.method(),
                        options.port(),
                        options.baseUri().getHost(),
                        options.wireTarget(request.target()))
                .ssl(options.isTls())
                // Bounds the wait for a pooled connection too.
                .connectTimeout(options.deadline().toMillis())
                .as(exchange);
        request.headers().forEach(prepared::putHeader);
        return (request.body() == null ? prepared.send() : prepared.sendBuffer(request.body()))
                .map(response -> new OutboundAnswer(response.statusCode(), response.headers(), response.body()))
                .timeout(options.deadline().toMillis(), TimeUnit.MILLISECONDS)
                .recover(cause -> {
                    exchange.abandon();
                    return Future.failedFuture(OutboundFailure.of(cause, options));
                });
    }

    public TransportOptions options() {
        return options;
    }

    /** Ends the connections; exchanges in flight fail. */
    public Future<Void> close() {
        return client.close();
    }
}

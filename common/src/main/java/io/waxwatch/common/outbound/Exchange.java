package io.waxwatch.common.outbound;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.ext.web.client.impl.ClientPhase;
import io.vertx.ext.web.client.impl.HttpContext;
import io.vertx.ext.web.codec.BodyCodec;
import io.vertx.ext.web.codec.spi.BodyStream;

/**
 * One request on the wire, which can be given up at any moment; that frees its connection. The web client has no such
 * word: its own timeout starts anew with every byte, and a timeout of the future alone leaves the request open. So an
 * interceptor tells each exchange its request, and knows it by the body codec that every exchange has for itself.
 */
final class Exchange implements BodyCodec<Buffer> {

    /** To be added to the web client. */
    static final Handler<HttpContext<?>> INTERCEPTOR = context -> {
        boolean wanted = context.phase() != ClientPhase.SEND_REQUEST
                || !(context.request().bodyCodec() instanceof Exchange exchange)
                || exchange.begins(context.clientRequest());
        if (wanted) {
            context.next();
        } else {
            context.fail(new IllegalStateException("given up while waiting for a connection"));
        }
    };

    private final BoundedBody body;
    private HttpClientRequest request;
    private boolean abandoned;

    Exchange(int maxBodyBytes) {
        this.body = new BoundedBody(maxBodyBytes);
    }

    @Override
    public BodyStream<Buffer> stream() {
        return body.stream();
    }

    /** Resets the request, now or as soon as there is one. Safe for all threads. */
    void abandon() {
        HttpClientRequest open;
        synchronized (this) {
            abandoned = true;
            open = request;
        }
        if (open != null) {
            open.reset();
        }
    }

    private synchronized boolean begins(HttpClientRequest opened) {
        request = opened;
        return !abandoned;
    }
}

package io.waxwatch.gateway.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.List;
import java.util.function.Consumer;

/**
 * Stands between the decoder of an HTTP/1 connection and the server: refuses what the decoder lets through although another
 * program on the way may read it differently, several {@code Host} fields and codings other than {@code chunked} alone; and
 * tells of a body whose chunks are malformed, for which the server itself only cuts the connection. HTTP/2 has none of this.
 */
final class FramingGuard extends ChannelInboundHandlerAdapter {

    /** As Vert.x calls the server's own handler, the last one, and the decoder of HTTP/1. */
    private static final String SERVER = "handler";

    private static final String DECODER = "httpDecoder";

    private final Consumer<Throwable> onMalformedBody;
    private boolean isRefused;

    private FramingGuard(Consumer<Throwable> onMalformedBody) {
        this.onMalformedBody = onMalformedBody;
    }

    /**
     * Guards a connection that has just been accepted; does nothing for one of HTTP/2. A refused head reaches the server's
     * handler of invalid requests.
     *
     * @param onMalformedBody told once, on the connection's event loop, what is wrong; nothing more is read then
     */
    static void stand(HttpConnection connection, Consumer<Throwable> onMalformedBody) {
        ChannelPipeline pipeline = ((HttpServerConnection) connection)
                .channelHandlerContext()
                .channel()
                .pipeline();
        if (pipeline.get(DECODER) != null) {
            pipeline.addBefore(SERVER, "framing", new FramingGuard(onMalformedBody));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext channel, Object message) {
        if (isRefused) {
            // What follows a request that was not understood is not understood either.
            ReferenceCountUtil.release(message);
        } else if (message instanceof HttpRequest request) {
            judge(request);
            channel.fireChannelRead(message);
        } else if (message instanceof HttpContent content
                && content.decoderResult().isFailure()) {
            isRefused = true;
            Throwable cause = content.decoderResult().cause();
            ReferenceCountUtil.release(message);
            onMalformedBody.accept(cause);
        } else {
            channel.fireChannelRead(message);
        }
    }

    private void judge(HttpRequest request) {
        if (request.decoderResult().isSuccess() && isAmbiguous(request.headers())) {
            request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("ambiguous head")));
        }
        isRefused = request.decoderResult().isFailure();
    }

    private static boolean isAmbiguous(HttpHeaders headers) {
        List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        return headers.getAll(HttpHeaderNames.HOST).size() > 1
                || codings.size() > 1
                || (codings.size() == 1 && !codings.get(0).equalsIgnoreCase("chunked"));
    }
}

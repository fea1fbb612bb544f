package io.waxwatch.common.outbound;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.codec.BodyCodec;
import io.vertx.ext.web.codec.spi.BodyStream;
import io.waxwatch.common.outbound.OutboundFailure.Reason;

/** Reads a body up to its bound; what is beyond it fails the exchange. */
final class BoundedBody implements BodyCodec<Buffer> {

    private final int maxBytes;

    BoundedBody(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public BodyStream<Buffer> stream() {
        return new Collecting(maxBytes);
    }

    /** Counts after decompression and whatever Content-Length says, or a small body could grow without bound. */
    private static final class Collecting implements BodyStream<Buffer> {

        private final int maxBytes;
        private final Buffer body = Buffer.buffer();
        private final Promise<Buffer> whole = Promise.promise();

        Collecting(int maxBytes) {
            this.maxBytes = maxBytes;
        }

        @Override
        public Future<Buffer> result() {
            return whole.future();
        }

        @Override
        public Future<Void> write(Buffer chunk) {
            if (body.length() + (long) chunk.length() <= maxBytes) {
                body.appendBuffer(chunk);
                return Future.succeededFuture();
            }
            var tooLarge =
                    new OutboundFailure(Reason.BODY_TOO_LARGE, "the answer has more than " + maxBytes + " bytes", null);
            whole.tryFail(tooLarge);
            return Future.failedFuture(tooLarge);
        }

        @Override
        public Future<Void> end() {
            whole.tryComplete(body);
            return Future.succeededFuture();
        }

        /** The connection has broken. */
        @Override
        public void handle(Throwable cause) {
            whole.tryFail(cause);
        }

        @Override
        public Collecting exceptionHandler(Handler<Throwable> handler) {
            return this;
        }

        @Override
        public Collecting setWriteQueueMaxSize(int maxSize) {
            return this;
        }

        @Override
        public boolean writeQueueFull() {
            return false;
        }

        @Override
        public Collecting drainHandler(Handler<Void> handler) {
            return this;
        }
    }
}

package io.waxwatch.common.node;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes a new connection unless the head of its first request is there in time, however steadily it drips. Over HTTP/2 that
 * is the preface with its settings: from then on the server itself knows the connection. Looks at the bytes and changes none.
 */
final class FirstRequestTimeout extends ChannelInboundHandlerAdapter {

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    /** RFC 9113, 4.1: three bytes of length, then type, flags and stream. */
    private static final int FRAME_HEADER = 9;

    private static final int FRAME_LENGTH = 3;

    private final Duration within;
    private ScheduledFuture<?> limit;
    private boolean over;
    private int position;
    private boolean isHttp2 = true;
    private int settingsLength;
    private boolean lineHasText;
    private boolean begun;

    FirstRequestTimeout(Duration within) {
        this.within = within;
    }

    @Override
    public void channelActive(ChannelHandlerContext channel) throws Exception {
        limit = channel.executor().schedule(() -> channel.close(), within.toMillis(), TimeUnit.MILLISECONDS);
        super.channelActive(channel);
    }

    @Override
    public void channelRead(ChannelHandlerContext channel, Object message) throws Exception {
        if (message instanceof ByteBuf bytes && !over) {
            over = bytes.forEachByte(next -> !isLast(next)) >= 0;
            if (over) {
                limit.cancel(false);
                channel.pipeline().remove(this);
            }
        }
        super.channelRead(channel, message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext channel) throws Exception {
        limit.cancel(false);
        super.channelInactive(channel);
    }

    private boolean isLast(byte next) {
        int at = position++;
        boolean endsHead = endsHead(next);
        isHttp2 = isHttp2 && (at >= PREFACE.length || next == PREFACE[at]);
        return isHttp2 ? endsSettings(at - PREFACE.length, next) : endsHead;
    }

    /** An empty line, unless it stands before the request. */
    private boolean endsHead(byte next) {
        if (next == '\n') {
            boolean isEmpty = !lineHasText;
            lineHasText = false;
            return begun && isEmpty;
        }
        if (next != '\r') {
            lineHasText = true;
            begun = true;
        }
        return false;
    }

    private boolean endsSettings(int at, byte next) {
        if (at >= 0 && at < FRAME_LENGTH) {
            settingsLength = settingsLength << Byte.SIZE | Byte.toUnsignedInt(next);
        }
        return at >= FRAME_HEADER - 1 && at + 1 == FRAME_HEADER + settingsLength;
    }
}

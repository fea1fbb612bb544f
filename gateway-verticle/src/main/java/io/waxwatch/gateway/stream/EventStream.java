package io.waxwatch.gateway.stream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.waxwatch.gateway.auth.Caller;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * One open connection: where it stands in its user's stream, and how it is doing. Of one event loop. It never holds more
 * than one page of alerts; what it has not sent yet stays in the database.
 */
final class EventStream {

    /** Spread, so that the clients of a stopping gateway do not all come back in the same instant. */
    private static final int RETRY_MIN_MILLIS = 500;

    private static final int RETRY_SPREAD_MILLIS = 2_500;
    private static final long UNKNOWN = -1;
    /**
     * No blank line behind it, nor behind any other comment or hint that comes by itself: by the standard such a line ends a
     * block without data, which is no event, but some readers hand it to their program as an empty one.
     */
    private static final Buffer PING = Buffer.buffer(": ping\n");

    /** HTTP/2's code for a stream that is no longer needed. */
    private static final long CANCEL = 8;

    private final Caller caller;
    private final HttpServerResponse response;
    private final HttpServerRequest request;
    private long sent = UNKNOWN;
    private long head;
    private long hint;
    private long hintRead;
    private long headRead;
    private long writtenAt;
    private long fullSince;
    private boolean full;
    private boolean queued;
    private boolean left;
    private Runnable leaving = () -> {};

    EventStream(Caller caller, HttpServerRequest request) {
        this.caller = caller;
        this.response = request.response();
        this.request = request;
    }

    Caller caller() {
        return caller;
    }

    UUID userId() {
        return caller.userId();
    }

    Instant expiresAt() {
        return caller.expiresAt();
    }

    /** Begins after this id; the client gets its first bytes. */
    void open(long after, long present, long nowNanos) {
        sent = after;
        head = present;
        describe();
        write(Buffer.buffer(": connected\n" + retry() + "\n"), nowNanos);
    }

    /** Tells the client that what it asked for is gone by age, and goes on with the oldest there is. */
    void reset(long oldest, long nowNanos) {
        sent = oldest - 1;
        write(Buffer.buffer("id: " + sent + "\nevent: reset\ndata: {\"oldest_id\":" + oldest + "}\n\n"), nowNanos);
    }

    /** The bus says that the stream grew to this id; the row may not be there yet. */
    void hint(long streamId) {
        hint = Math.max(hint, streamId);
    }

    /** The database says so: every id up to this one is committed. */
    void committed(long streamId) {
        head = Math.max(head, streamId);
    }

    /** The id of the last alert sent. */
    long sent() {
        return sent;
    }

    /** Whether there is something to read for it, and room to send it. */
    boolean wantsMore() {
        return sent != UNKNOWN && Math.max(head, hint) > sent && !full && isOpen();
    }

    /** A read after {@link #sent()} begins; what is heard of meanwhile is read for again. */
    void reading() {
        hintRead = hint;
        headRead = head;
    }

    /** The read is done: sends what it found. */
    void send(List<Alert> alerts, boolean isLastPage, long nowNanos) {
        if (!isOpen()) {
            return;
        }
        if (!alerts.isEmpty()) {
            var frames = Buffer.buffer();
            alerts.forEach(alert -> frames.appendBuffer(alert.frame()));
            sent = alerts.get(alerts.size() - 1).streamId();
            write(frames, nowNanos);
        }
        if (isLastPage) {
            // Committed before the read and yet not found: removed by age. Only hinted at and not found: still to come,
            // and
            // to be waited for, never to be passed over.
            sent = Math.max(sent, headRead);
            if (hint == hintRead) {
                hint = sent;
            }
        }
    }

    void ping(long nowNanos) {
        write(PING, nowNanos);
    }

    /**
     * Ends it in a way that makes the client come back by itself, also before it has begun: to a browser's reader any answer but
     * a stream is the end of its tries.
     */
    void end(String why) {
        if (isOpen()) {
            describe();
            response.end(": " + why + "\n" + retry() + "\n");
        }
    }

    /** What to do, once, when it is no longer served: at its end, or when its reader is given up. */
    void onLeave(Runnable leaving) {
        this.leaving = leaving;
    }

    /** It is no longer served. */
    void leave() {
        if (!left) {
            left = true;
            leaving.run();
        }
    }

    /**
     * Gives its reader up: from now on nothing is read or written for it. Over HTTP/1 a close waits behind what the
     * reader does not take; then the server's idle timeout ends the connection.
     */
    void cut() {
        leave();
        if (request.version() == HttpVersion.HTTP_2) {
            // Others share the connection.
            response.reset(CANCEL);
        } else {
            request.connection().close();
        }
    }

    boolean isOpen() {
        return !left && !response.ended() && !response.closed();
    }

    long silentNanos(long nowNanos) {
        return nowNanos - writtenAt;
    }

    /** How long its reader has been behind; 0 when it is not. */
    long fullNanos(long nowNanos) {
        return full ? nowNanos - fullSince : 0;
    }

    void drained() {
        full = false;
    }

    /** Marks it as waiting to be read for; false when it already was. */
    boolean queue() {
        boolean was = queued;
        queued = true;
        return !was;
    }

    void unqueue() {
        queued = false;
    }

    /** What kind of answer this is, unless that has been said. */
    private void describe() {
        if (!response.headWritten()) {
            response.setChunked(true)
                    .putHeader("content-type", "text/event-stream; charset=utf-8")
                    .putHeader("cache-control", "no-cache, no-transform")
                    // Compressed, an alert would wait in the compressor for the next one.
                    .putHeader("content-encoding", "identity")
                    .putHeader("x-accel-buffering", "no");
        }
    }

    private void write(Buffer bytes, long nowNanos) {
        if (!isOpen()) {
            return;
        }
        response.write(bytes);
        writtenAt = nowNanos;
        if (!full && response.writeQueueFull()) {
            full = true;
            fullSince = nowNanos;
        }
    }

    private static String retry() {
        return "retry: "
                + (RETRY_MIN_MILLIS
                        + java.util.concurrent.ThreadLocalRandom.current().nextInt(RETRY_SPREAD_MILLIS));
    }
}

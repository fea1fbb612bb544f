package io.waxwatch.gateway.stream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
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

    private final UUID userId;
    private final Instant expiresAt;
    private final HttpServerResponse response;
    private long sent = UNKNOWN;
    private long known;
    private long writtenAt;
    private long fullSince;
    private boolean full;
    private boolean queued;

    EventStream(UUID userId, Instant expiresAt, HttpServerResponse response) {
        this.userId = userId;
        this.expiresAt = expiresAt;
        this.response = response;
    }

    UUID userId() {
        return userId;
    }

    Instant expiresAt() {
        return expiresAt;
    }

    /** Begins after this id; the client gets its first bytes. */
    void open(long after, long present, long nowNanos) {
        sent = Math.min(after, present);
        known = Math.max(known, present);
        write(Buffer.buffer(": connected\n" + retry() + "\n\n"), nowNanos);
    }

    /** The user's stream has grown to at least this id. */
    void grownTo(long streamId) {
        known = Math.max(known, streamId);
    }

    /** The id of the last alert sent. */
    long sent() {
        return sent;
    }

    /** Whether there is something to read for it, and room to send it. */
    boolean wantsMore() {
        return sent != UNKNOWN && known > sent && !full && isOpen();
    }

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
        if (isLastPage && known > sent) {
            // Rows below the head that are not there any more were removed by age; nobody will ever send them.
            sent = known;
        }
    }

    void ping(long nowNanos) {
        write(Buffer.buffer(": ping\n\n"), nowNanos);
    }

    /** Ends it in a way that makes the client come back by itself. */
    void end(String why) {
        if (isOpen()) {
            response.end(": " + why + "\n" + retry() + "\n\n");
        }
    }

    /** Ends it without regard for what is still unsent: its reader does not take it. */
    void cut() {
        if (isOpen()) {
            response.reset();
        }
    }

    boolean isOpen() {
        return !response.ended() && !response.closed();
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

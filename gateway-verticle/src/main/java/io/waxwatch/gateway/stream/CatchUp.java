package io.waxwatch.gateway.stream;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.waxwatch.gateway.stream.StreamStore.Reader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads for the streams that are behind, and sends what it finds. Many streams share a query: after a record that thousands
 * want, one for each would take seconds. Few queries run at once, so that such a burst does not take the pool away from the
 * API; meanwhile the next ones fill up. Of one event loop.
 */
final class CatchUp {

    private static final int MAX_READS = 4;
    /** Streams that one query is for. */
    private static final int MAX_STREAMS = 128;
    /** Alerts that one query brings for one stream, and for all of its streams together. */
    private static final int MAX_PAGE = 100;

    private static final int MAX_ALERTS = 1_024;

    private static final Logger log = LoggerFactory.getLogger(CatchUp.class);

    private final StreamStore store;
    private final LongSupplier nanoClock;
    private final Deque<EventStream> waiting = new ArrayDeque<>();
    private int reads;

    CatchUp(StreamStore store, LongSupplier nanoClock) {
        this.store = store;
        this.nanoClock = nanoClock;
    }

    /** Reads for this stream, if it is behind and has room, as soon as may be. */
    void readFor(EventStream stream) {
        add(stream);
        read();
    }

    /** The same without beginning: {@link #read()} does, when more have been added. */
    void add(EventStream stream) {
        if (stream.wantsMore() && stream.queue()) {
            waiting.addLast(stream);
        }
    }

    /** Begins to read for those added, if not too many reads are on their way. */
    void read() {
        while (reads < MAX_READS && !waiting.isEmpty()) {
            var streams = new ArrayList<EventStream>(Math.min(MAX_STREAMS, waiting.size()));
            while (streams.size() < MAX_STREAMS && !waiting.isEmpty()) {
                streams.add(waiting.removeFirst());
            }
            read(streams);
        }
    }

    private void read(List<EventStream> streams) {
        reads++;
        int page = Math.min(MAX_PAGE, MAX_ALERTS / streams.size());
        var readers = new ArrayList<Reader>(streams.size());
        for (EventStream stream : streams) {
            stream.reading();
            readers.add(new Reader(stream.userId(), stream.sent()));
        }
        store.after(readers, page)
                .onSuccess(found -> send(streams, found, page))
                .onFailure(cause ->
                        log.warn("stream.read_failed", kv("streams", streams.size()), kv("error", cause.toString())))
                .onComplete(read -> {
                    reads--;
                    streams.forEach(EventStream::unqueue);
                    // After a failure the sweep tries again: at once would be a storm.
                    if (read.succeeded()) {
                        streams.forEach(this::add);
                    }
                    read();
                });
    }

    private void send(List<EventStream> streams, List<List<Alert>> found, int page) {
        for (int i = 0; i < streams.size(); i++) {
            List<Alert> alerts = found.get(i);
            streams.get(i).send(alerts, alerts.size() < page, nanoClock.getAsLong());
        }
    }
}

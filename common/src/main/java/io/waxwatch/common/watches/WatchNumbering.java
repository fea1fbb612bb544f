package io.waxwatch.common.watches;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.bus.BusMessage.WatchesChanged;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.database.Database;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has announced changes numbered and told on the bus, one run at a time: what is announced during a run is numbered by the
 * next one, all of it together. A run that fails is made up for by the next change, or by the sweep of a provider. Safe for
 * all threads.
 */
public final class WatchNumbering {

    private static final Logger log = LoggerFactory.getLogger(WatchNumbering.class);

    private final Database database;
    private final WatchRevisions revisions;
    private final Bus bus;
    private final AtomicInteger asked = new AtomicInteger();

    public WatchNumbering(Database database, WatchRevisions revisions, Bus bus) {
        this.database = database;
        this.revisions = revisions;
        this.bus = bus;
    }

    /** A change was announced and is committed. */
    public void nudge() {
        if (asked.getAndIncrement() == 0) {
            run();
        }
    }

    private void run() {
        int served = asked.get();
        revisions
                .number(database)
                .onSuccess(revision -> bus.publish(Topics.WATCHES_CHANGED, new WatchesChanged(revision)))
                .onFailure(cause -> log.warn("watches.not_numbered", kv("error", cause.toString())))
                .onComplete(done -> {
                    if (asked.addAndGet(-served) > 0) {
                        run();
                    }
                });
    }
}

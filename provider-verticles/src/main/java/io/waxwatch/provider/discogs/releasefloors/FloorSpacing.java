package io.waxwatch.provider.discogs.releasefloors;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much longer than it would like a floor waits for its next look, so that all floors together stay within their share of
 * Discogs' quota: with n of them, none is looked at more often than every n-th call. Every process counts the same polls, so
 * the share holds however many there are. Of one event loop.
 */
public final class FloorSpacing {

    private static final Logger log = LoggerFactory.getLogger(FloorSpacing.class);

    /** An import changes the number quickly; counting a hundred thousand takes milliseconds. */
    private static final Duration COUNTED_FOR = Duration.ofSeconds(30);

    private final Supplier<Future<Long>> floors;
    private final int perMinute;
    private final LongSupplier nanoClock;
    private Future<Long> count;
    private long countedAt;
    private long lastCount;

    /**
     * @param floors asks how many there are
     * @param perMinute looks of all floors together
     * @param nanoClock as {@link System#nanoTime}
     */
    public FloorSpacing(Supplier<Future<Long>> floors, int perMinute, LongSupplier nanoClock) {
        this.floors = floors;
        this.perMinute = perMinute;
        this.nanoClock = nanoClock;
    }

    /** What to add to the interval that a floor would like; never negative. */
    Future<Duration> beyond(int intervalSeconds) {
        return count().map(all -> {
            long spacedMillis = all * Duration.ofMinutes(1).toMillis() / perMinute;
            return Duration.ofMillis(Math.max(0, spacedMillis - intervalSeconds * 1_000L));
        });
    }

    private Future<Long> count() {
        long now = nanoClock.getAsLong();
        if (count == null || now - countedAt >= COUNTED_FOR.toNanos()) {
            countedAt = now;
            count = floors.get().onSuccess(all -> lastCount = all).recover(away -> {
                // The commit that comes next will say so aloud, if the database is away.
                log.debug("floor.count_failed", kv("reason", away.toString()));
                return Future.succeededFuture(lastCount);
            });
        }
        return count;
    }
}

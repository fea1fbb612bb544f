package io.waxwatch.gateway.stream;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts a process's open streams, in all and per user; the oldest of a user who opens too many gives way. */
public final class StreamSlots {

    private final int maxPerUser;
    private final Map<UUID, Deque<Runnable>> byUser = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();

    public StreamSlots(int maxPerUser) {
        this.maxPerUser = maxPerUser;
    }

    /** @param giveWay ends the stream, on its own event loop; called at most once, and then also {@link #leave} */
    void enter(UUID userId, Runnable giveWay) {
        open.incrementAndGet();
        var evicted = new ArrayDeque<Runnable>();
        byUser.compute(userId, (id, present) -> {
            Deque<Runnable> streams = present == null ? new ArrayDeque<>() : present;
            while (streams.size() >= maxPerUser) {
                evicted.add(streams.removeFirst());
            }
            streams.addLast(giveWay);
            return streams;
        });
        evicted.forEach(Runnable::run);
    }

    void leave(UUID userId, Runnable giveWay) {
        open.decrementAndGet();
        byUser.computeIfPresent(userId, (id, streams) -> {
            streams.remove(giveWay);
            return streams.isEmpty() ? null : streams;
        });
    }

    /** Open streams of this process. */
    public int open() {
        return open.get();
    }
}

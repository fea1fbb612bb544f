package io.waxwatch.gateway.routing;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.waxwatch.gateway.http.ApiException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;

/**
 * Lets the reads of a process in so that neither one user nor a few large answers take what all need: its connections to the
 * database and its heap. One user's reads never hold all connections; whoever was answered with much lately gets few at
 * once, and such answers, from the query to their last byte, never hold more than a part of the heap together. The others
 * wait for their turn here, where no time-out of a pool counts, one user's after the other's. For all event loops.
 */
public final class ReadLanes {

    /** From here on an answer is large: two hundred usual rules are a tenth of it. */
    static final int LARGE_BYTES = 512 * 1024;

    private static final int LARGE_AT_ONCE = 2;
    /** A row is held as it came, as text and as JSON before it is answered. */
    private static final int COPIES = 3;

    private static final int MAX_WAITING_PER_USER = 200;
    private static final int MAX_WAITING = 5_000;
    private static final int RETRY_AFTER_SECONDS = 2;
    private static final int MAX_REMEMBERED = 10_000;
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    private final int atOnce;
    private final long budget;
    private final Cache<UUID, Integer> large;
    private final Map<UUID, Lane> lanes = new HashMap<>();
    /** Lanes in which somebody waits, in the order of their turns. */
    private final Set<Lane> waiting = new LinkedHashSet<>();

    private int waitingInAll;
    private long held;

    /**
     * @param connections that the process has to the database; one user's reads leave one of them
     * @param heapBytes of the process; large answers get an eighth
     */
    public ReadLanes(int connections, long heapBytes) {
        this.atOnce = Math.max(1, connections - 1);
        this.budget = heapBytes / 8;
        this.large = Caffeine.newBuilder()
                .maximumSize(MAX_REMEMBERED)
                .expireAfterWrite(REMEMBERED)
                .build();
    }

    private static final class Lane {
        private final UUID user;
        private final Queue<Turn> waiting = new ArrayDeque<>();
        private int running;

        Lane(UUID user) {
            this.user = user;
        }
    }

    /** One read's place; left once, when its answer is out. */
    public final class Turn {
        private final Lane lane;
        private final Context context = Vertx.currentContext();
        private final Promise<Turn> granted = Promise.promise();
        private long bytes;

        private Turn(Lane lane) {
            this.lane = lane;
        }

        /** Notes how large the answer became: what comes after it is judged by that. */
        void answered(int answerBytes) {
            if (answerBytes >= LARGE_BYTES) {
                large.put(lane.user, answerBytes);
            }
        }

        /** Lets the next ones in. */
        void leave() {
            ReadLanes.this.leave(this);
        }
    }

    /** A place, as soon as there is one, told on the present context; fails with 503 where too many wait. */
    public Future<Turn> enter(UUID user) {
        synchronized (this) {
            Lane lane = lanes.computeIfAbsent(user, Lane::new);
            var turn = new Turn(lane);
            if (lane.waiting.isEmpty() && fits(lane)) {
                take(turn);
                return Future.succeededFuture(turn);
            }
            if (lane.waiting.size() >= MAX_WAITING_PER_USER || waitingInAll >= MAX_WAITING) {
                return Future.failedFuture(ApiException.unavailable(
                        "too many lists are being read at once, please retry shortly", RETRY_AFTER_SECONDS));
            }
            lane.waiting.add(turn);
            waiting.add(lane);
            waitingInAll++;
            return turn.granted.future();
        }
    }

    private synchronized void leave(Turn turn) {
        turn.lane.running--;
        held -= turn.bytes;
        Iterator<Lane> order = waiting.iterator();
        var served = new ArrayDeque<Lane>();
        while (order.hasNext()) {
            Lane lane = order.next();
            if (fits(lane)) {
                Turn next = lane.waiting.remove();
                waitingInAll--;
                order.remove();
                take(next);
                grant(next);
                if (!lane.waiting.isEmpty()) {
                    served.add(lane);
                }
            }
        }
        waiting.addAll(served);
        if (turn.lane.running == 0 && turn.lane.waiting.isEmpty()) {
            lanes.remove(turn.lane.user);
        }
    }

    private static void grant(Turn turn) {
        if (turn.context == null) {
            turn.granted.complete(turn);
        } else {
            turn.context.runOnContext(go -> turn.granted.complete(turn));
        }
    }

    /** A single one always does, however large. */
    private boolean fits(Lane lane) {
        Integer expected = large.getIfPresent(lane.user);
        if (expected == null) {
            return lane.running < atOnce;
        }
        return lane.running < LARGE_AT_ONCE && (held == 0 || held + (long) expected * COPIES <= budget);
    }

    private void take(Turn turn) {
        Integer expected = large.getIfPresent(turn.lane.user);
        turn.bytes = expected == null ? 0 : (long) expected * COPIES;
        turn.lane.running++;
        held += turn.bytes;
    }
}

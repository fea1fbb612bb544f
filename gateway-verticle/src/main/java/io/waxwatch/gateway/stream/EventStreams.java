package io.waxwatch.gateway.stream;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.gateway.auth.Caller;
import io.waxwatch.gateway.http.RequestScope;
import io.waxwatch.gateway.routing.Routes;
import io.waxwatch.gateway.throttle.RateLimitScope;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /api/stream/events}: the open streams of one event loop.
 *
 * <p>What is sent comes from the database, in the order of the user's stream ids, after the last one sent; the bus only
 * says when to look. A sweep, one query for everybody connected, looks anyway every few seconds, so that a lost word on
 * the bus delays an alert and never loses it. A reconnecting client names its last id and misses nothing.
 */
public final class EventStreams {

    /** How often everybody is looked after whom the bus may have forgotten. */
    static final long SWEEP_MILLIS = 2_000;

    /** How often each stream is looked at, for its heartbeat and its end. */
    private static final long ROUND_MILLIS = 1_000;
    /**
     * Of so many parts is a round. Streams that were all sent the same alert would else all have their heartbeat at the same
     * moment, and thousands of writes at once hold up the alerts that come meanwhile.
     */
    private static final int PARTS = 20;

    /** A reader that is behind for so many heartbeats is given up. */
    private static final double PATIENCE = 2.5;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private static final Logger log = LoggerFactory.getLogger(EventStreams.class);

    private final Vertx vertx;
    private final Bus bus;
    private final StreamStore store;
    private final StreamSlots slots;
    private final RequestScope requests;
    private final Clock clock;
    private final LongSupplier nanoClock;
    private final long heartbeatNanos;
    private final int bufferBytes;

    private final Map<UUID, Set<EventStream>> byUser = new HashMap<>();
    private final CatchUp catchUp;
    private List<EventStream> round = List.of();
    private int part;
    private boolean sweeping;
    private boolean stopping;
    private Context context;
    private Bus.Registration registration;

    public EventStreams(
            Vertx vertx,
            Bus bus,
            Database database,
            Settings settings,
            StreamSlots slots,
            RequestScope requests,
            Clock clock,
            LongSupplier nanoClock) {
        this.vertx = vertx;
        this.bus = bus;
        this.store = new StreamStore(database);
        this.catchUp = new CatchUp(store, nanoClock);
        this.slots = slots;
        this.requests = requests;
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.heartbeatNanos =
                settings.get(SettingsCatalog.STREAM_HEARTBEAT_SECONDS).toNanos();
        this.bufferBytes = settings.get(SettingsCatalog.STREAM_BUFFER_BYTES);
    }

    public void mount(Routes routes) {
        routes.operation("stream_events_api_stream_events_get")
                .scopes(RateLimitScope.STREAM_EVENTS)
                .toStream(this::open);
    }

    /** Listens to the bus and starts to look after the streams; call it on the verticle's context. */
    public Future<Void> start() {
        context = vertx.getOrCreateContext();
        vertx.setPeriodic(ROUND_MILLIS / PARTS, tick -> tick());
        vertx.setPeriodic(SWEEP_MILLIS, sweep -> sweep());
        return bus.listen(Topics.NOTIFICATION_REALTIME, news -> hinted(news.to()))
                .onSuccess(registered -> registration = registered)
                .mapEmpty();
    }

    /** Ends every stream, with a hint when to come back, and lets no new one in. */
    public Future<Void> stop() {
        stopping = true;
        all().forEach(stream -> stream.end("the server is stopping"));
        return registration == null ? Future.succeededFuture() : registration.unregister();
    }

    private Future<Void> open(RoutingContext rc, Caller caller) {
        if (rc.response().ended() || rc.response().closed()) {
            // Left while it was being admitted: nobody would tell us once more.
            return Future.succeededFuture();
        }
        OptionalLong after = StreamPosition.of(rc);
        var stream = new EventStream(caller, rc.request());
        if (stopping) {
            stream.end("the server is stopping");
            return Future.succeededFuture();
        }
        Runnable giveWay = () -> context.runOnContext(go -> stream.end("too many streams of this user"));
        // Known to the bus listener before the database is asked, so that no word is missed in between.
        enter(stream, giveWay);
        stream.onLeave(() -> leave(stream, giveWay));
        rc.addEndHandler(ended -> stream.leave());
        return store.extent(caller.userId()).compose(extent -> begin(rc, stream, after.orElse(extent.last()), extent));
    }

    private Future<Void> begin(RoutingContext rc, EventStream stream, long after, StreamStore.Extent extent) {
        HttpServerResponse response = rc.response();
        if (response.ended() || response.closed()) {
            return Future.succeededFuture();
        }
        response.setWriteQueueMaxSize(bufferBytes).drainHandler(drained -> {
            stream.drained();
            catchUp.readFor(stream);
        });
        stream.open(Math.min(after, extent.last()), extent.last(), nanoClock.getAsLong());
        if (extent.hasGapAfter(after)) {
            stream.reset(extent.oldest(), nanoClock.getAsLong());
        }
        requests.finish(rc);
        catchUp.readFor(stream);
        return Future.succeededFuture();
    }

    private void enter(EventStream stream, Runnable giveWay) {
        byUser.computeIfAbsent(stream.userId(), id -> new LinkedHashSet<>()).add(stream);
        slots.enter(stream.userId(), giveWay);
    }

    private void leave(EventStream stream, Runnable giveWay) {
        slots.leave(stream.userId(), giveWay);
        byUser.computeIfPresent(stream.userId(), (id, streams) -> {
            streams.remove(stream);
            return streams.isEmpty() ? null : streams;
        });
    }

    private void hinted(Map<UUID, Long> grownTo) {
        grownTo.forEach((userId, streamId) -> {
            for (EventStream stream : byUser.getOrDefault(userId, Set.of())) {
                stream.hint(streamId);
                catchUp.add(stream);
            }
        });
        catchUp.read();
    }

    private void sweep() {
        if (sweeping || byUser.isEmpty()) {
            return;
        }
        sweeping = true;
        store.heads(byUser.keySet())
                .onSuccess(heads -> {
                    heads.forEach(this::compare);
                    catchUp.read();
                })
                .onFailure(cause -> log.warn("stream.sweep_failed", kv("error", cause.toString())))
                .onComplete(done -> sweeping = false);
    }

    private void compare(StreamStore.Head head) {
        if (head.active()) {
            for (EventStream stream : List.copyOf(byUser.getOrDefault(head.userId(), Set.of()))) {
                if (stream.caller().issuedBefore(head.cutoff())) {
                    stream.end("the token counts no longer");
                } else {
                    stream.committed(head.lastStreamId());
                    catchUp.add(stream);
                }
            }
        } else {
            List.copyOf(byUser.getOrDefault(head.userId(), Set.of()))
                    .forEach(stream -> stream.end("the account is inactive"));
        }
    }

    /** Looks at the next part of all that were open when the round began. */
    private void tick() {
        if (part == 0) {
            round = all();
        }
        int from = round.size() * part / PARTS;
        part++;
        int to = round.size() * part / PARTS;
        part %= PARTS;
        long now = nanoClock.getAsLong();
        Instant time = clock.instant();
        round.subList(from, to).forEach(stream -> look(stream, now, time));
    }

    private void look(EventStream stream, long now, Instant time) {
        if (!stream.isOpen()) {
            return;
        }
        if (!time.isBefore(stream.expiresAt())) {
            stream.end("the token has expired");
        } else if (stream.fullNanos(now) > PATIENCE * heartbeatNanos) {
            log.info("stream.slow_reader_cut", kv("user_id", stream.userId()));
            stream.cut();
        } else if (stream.sent() >= 0
                && stream.silentNanos(now) >= heartbeatNanos - ROUND_MILLIS * NANOS_PER_MILLI / 2) {
            stream.ping(now);
        }
    }

    private List<EventStream> all() {
        var all = new ArrayList<EventStream>();
        byUser.values().forEach(all::addAll);
        return all;
    }
}

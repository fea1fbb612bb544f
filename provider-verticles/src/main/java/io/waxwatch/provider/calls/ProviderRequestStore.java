package io.waxwatch.provider.calls;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.quarantine.BadData;
import io.waxwatch.common.quarantine.Quarantine;
import io.waxwatch.common.quarantine.Quarantine.Source;
import io.waxwatch.common.quarantine.Sieve;
import io.waxwatch.provider.http.CallLane;
import io.waxwatch.provider.http.CallOrigin;
import io.waxwatch.provider.http.CallPurpose;
import io.waxwatch.provider.http.CallRecorder;
import io.waxwatch.provider.http.ProviderCall;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of outbound calls, written in batches beside the polls' transactions: it must not slow a poll down, so what has
 * not been flushed when the process is killed is lost. Owned by one event loop. Writes {@code provider_requests}.
 */
public final class ProviderRequestStore implements CallRecorder {

    private static final Logger log = LoggerFactory.getLogger(ProviderRequestStore.class);
    /** Polls serve everybody, so their calls belong to the seeded system user. */
    static final UUID SYSTEM_USER = UUID.fromString("00000000-0000-0000-0000-000000000001");
    /** With the database away, further calls are counted and dropped. */
    private static final int MAX_PENDING = 2_000;

    /** Whoever has no row, any more or at all, leaves the call to the system user: one row must not cost the batch. */
    private static final String INSERT = """
            INSERT INTO provider_requests (id, user_id, provider, endpoint, method, status_code, duration_ms, error, meta,
                                           created_at)
            SELECT gen_random_uuid(), coalesce(u.id, $1), c.provider::provider_enum, c.endpoint, c.method, c.status,
                   c.duration, c.error, c.meta::jsonb, c.at
            FROM unnest($2::text[], $3::text[], $4::text[], $5::int[], $6::int[], $7::text[], $8::text[],
                        $9::timestamptz[], $10::uuid[])
                     AS c (provider, endpoint, method, status, duration, error, meta, at, user_id)
            LEFT JOIN users u ON u.id = c.user_id
            """;

    private static final String COUNT = """
            SELECT count(*) FROM provider_requests
            WHERE provider = $1::provider_enum AND created_at >= $2 AND starts_with(endpoint, $3)
            """;

    /** A call and on whose behalf it was made. */
    private record Entry(UUID userId, ProviderCall call) {}

    private final Database database;
    private final Quarantine quarantine;
    private List<Entry> pending = new ArrayList<>();
    private long dropped;
    private boolean flushing;

    public ProviderRequestStore(Database database, Quarantine quarantine) {
        this.database = database;
        this.quarantine = quarantine;
    }

    @Override
    public void record(ProviderCall call) {
        add(new Entry(SYSTEM_USER, call));
    }

    /**
     * How many calls have been made since, as far as they are written.
     *
     * @param path how the endpoints that count begin
     */
    public Future<Long> count(Provider provider, String path, Instant since) {
        return database.query(COUNT, Tuple.of(provider.wireName(), since.atOffset(ZoneOffset.UTC), path))
                .map(rows -> rows.iterator().next().getLong(0));
    }

    /** Somebody who waits; their calls are logged as theirs. */
    public CallOrigin interactive(UUID userId) {
        return of(CallLane.INTERACTIVE, userId);
    }

    /** Somebody for whom something goes on by itself; these calls are logged as theirs, too. */
    public CallOrigin background(UUID userId) {
        return of(CallLane.BACKGROUND, userId);
    }

    private CallOrigin of(CallLane lane, UUID userId) {
        return new CallOrigin(CallPurpose.of(lane, userId), call -> add(new Entry(userId, call)));
    }

    private void add(Entry entry) {
        if (pending.size() < MAX_PENDING) {
            pending.add(entry);
        } else {
            dropped++;
        }
    }

    /** Writes what has gathered; what could not be written is kept for the next time. */
    public Future<Void> flush() {
        if (pending.isEmpty() || flushing) {
            return Future.succeededFuture();
        }
        flushing = true;
        List<Entry> batch = pending;
        pending = new ArrayList<>();
        return database.query(INSERT, parameters(batch))
                .<Void>mapEmpty()
                .recover(cause -> BadData.isCauseOf(cause) ? sieved(batch) : Future.failedFuture(cause))
                .onFailure(cause -> {
                    log.warn("provider_requests.flush_failed", kv("calls", batch.size()), kv("dropped", dropped));
                    List<Entry> newer = pending;
                    pending = batch;
                    newer.forEach(this::add);
                })
                .eventually(() -> {
                    flushing = false;
                    return Future.succeededFuture();
                });
    }

    /** An entry that cannot be stored would keep all others from being. */
    private Future<Void> sieved(List<Entry> batch) {
        return Sieve.pass(
                        batch,
                        some -> database.query(INSERT, parameters(some)),
                        (entry, cause) -> quarantine.put(
                                Source.CALL,
                                entry.call().provider() + " " + entry.call().at(),
                                null,
                                entry.call().toString(),
                                cause))
                .mapEmpty();
    }

    private static Tuple parameters(List<Entry> entries) {
        List<ProviderCall> calls = entries.stream().map(Entry::call).toList();
        return Tuple.of(SYSTEM_USER)
                .addValue(texts(calls, ProviderCall::provider))
                .addValue(texts(calls, ProviderCall::endpoint))
                .addValue(texts(calls, ProviderCall::method))
                .addValue(calls.stream().map(ProviderCall::statusCode).toArray(Integer[]::new))
                .addValue(calls.stream().map(ProviderCall::durationMs).toArray(Integer[]::new))
                .addValue(texts(calls, ProviderCall::error))
                .addValue(texts(calls, call -> new JsonObject(call.meta()).encode()))
                .addValue(calls.stream()
                        .map(call -> call.at().atOffset(ZoneOffset.UTC))
                        .toArray(java.time.OffsetDateTime[]::new))
                .addValue(entries.stream().map(Entry::userId).toArray(UUID[]::new));
    }

    private static String[] texts(List<ProviderCall> calls, Function<ProviderCall, String> field) {
        return calls.stream().map(field).toArray(String[]::new);
    }
}

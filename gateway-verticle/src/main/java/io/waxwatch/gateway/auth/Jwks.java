package io.waxwatch.gateway.auth;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The issuer's keys, cached. Never more than one download at a time, and at most one per {@link #MIN_PAUSE} whatever the
 * tokens say. Within twice its lifetime an old set is served while a new one is fetched; after that callers wait for the
 * fetch, and get the old set only when it fails: an issuer that is down locks nobody out. Safe for all threads.
 */
final class Jwks {

    /** The least time between two downloads, also after a failure. */
    static final Duration MIN_PAUSE = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger("app.auth");

    private final Supplier<Future<KeySet>> fetch;
    private final long lifetimeNanos;
    private final LongSupplier nanoClock;
    private final LogBudget budget;

    private KeySet keys;
    private long fetchedAt;
    private long triedAt;
    private boolean tried;
    private Future<KeySet> inFlight;
    private Future<KeySet> lastFailure;

    Jwks(Supplier<Future<KeySet>> fetch, Duration lifetime, LongSupplier nanoClock) {
        this.fetch = fetch;
        this.lifetimeNanos = lifetime.toNanos();
        this.nanoClock = nanoClock;
        this.budget = new LogBudget(nanoClock);
    }

    /** Whether there are any, however old. */
    synchronized boolean hasKeys() {
        return keys != null;
    }

    /** The present keys; fails only when there have never been any. */
    synchronized Future<KeySet> keys() {
        if (keys == null) {
            return inFlight != null || mayTry() ? refresh() : lastFailure;
        }
        long age = nanoClock.getAsLong() - fetchedAt;
        if (age <= lifetimeNanos || !(inFlight != null || mayTry())) {
            return Future.succeededFuture(keys);
        }
        KeySet old = keys;
        Future<KeySet> fresh = refresh();
        return age <= 2 * lifetimeNanos ? Future.succeededFuture(old) : fresh.otherwise(old);
    }

    /** The keys, downloaded anew because a token names one that we do not have; the old ones if it is too soon. */
    synchronized Future<KeySet> keysAgain() {
        if (inFlight == null && !mayTry()) {
            return keys();
        }
        KeySet old = keys;
        Future<KeySet> fresh = refresh();
        return old == null ? fresh : fresh.otherwise(old);
    }

    private boolean mayTry() {
        return !tried || nanoClock.getAsLong() - triedAt >= MIN_PAUSE.toNanos();
    }

    private Future<KeySet> refresh() {
        if (inFlight != null) {
            return inFlight;
        }
        tried = true;
        triedAt = nanoClock.getAsLong();
        log.info("auth.jwks.fetch");
        Future<KeySet> flight = fetch.get();
        inFlight = flight;
        return flight.onComplete(this::arrived, this::failed);
    }

    private synchronized void arrived(KeySet fresh) {
        inFlight = null;
        keys = fresh;
        fetchedAt = nanoClock.getAsLong();
        log.info("auth.jwks.fetch.success", kv("keys_count", fresh.size()));
    }

    private synchronized void failed(Throwable cause) {
        inFlight = null;
        lastFailure = Future.failedFuture(cause);
        String reason = Objects.toString(cause.getMessage(), cause.toString());
        budget.admit("jwks", reason)
                .ifPresent(passedOver -> log.error(
                        "auth.jwks.fetch.error",
                        kv("error", reason),
                        kv("served_stale", keys != null),
                        kv("passed_over", passedOver)));
    }
}

package io.waxwatch.provider.tokens;

import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Data keys in the clear, for a short while: bounded in number, uses and age, and wiped when they leave. Java's own cipher objects
 * hold copies for the time of one use, which nobody can wipe. Of one context.
 */
final class DataKeyCache {

    /**
     * How much one is held.
     *
     * @param entries the one that has gone unused for longest leaves first
     * @param uses of one key
     * @param age of one key, from when it came
     */
    record Limits(int entries, int uses, Duration age) {}

    /** @param wrapped empty for the key that seals for this user at present */
    record Id(UUID owner, String wrapped) {

        static Id sealing(UUID owner) {
            return new Id(owner, "");
        }
    }

    private static final class Entry {
        private final KeyService.DataKey key;
        private final long since;
        private int uses;

        Entry(KeyService.DataKey key, long since) {
            this.key = key;
            this.since = since;
        }

        void wipe() {
            Arrays.fill(key.plain(), (byte) 0);
        }
    }

    private final Limits limits;
    private final LongSupplier nanos;
    private final Map<Id, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    /** @param nanos a clock that never goes back */
    DataKeyCache(Limits limits, LongSupplier nanos) {
        this.limits = limits;
        this.nanos = nanos;
    }

    /** What the work makes of the key, which it must not keep; empty when the key is not here or may not be used any more. */
    <T> Optional<T> use(Id id, Function<KeyService.DataKey, T> work) {
        purge();
        Entry entry = entries.get(id);
        if (entry == null) {
            return Optional.empty();
        }
        entry.uses++;
        try {
            return Optional.of(work.apply(entry.key));
        } finally {
            if (entry.uses >= limits.uses()) {
                entries.remove(id);
                entry.wipe();
            }
        }
    }

    /** Takes a key over: it is wiped here. */
    void put(Id id, KeyService.DataKey key) {
        purge();
        Entry before = entries.put(id, new Entry(key, nanos.getAsLong()));
        if (before != null) {
            before.wipe();
        }
        Iterator<Entry> eldest = entries.values().iterator();
        while (entries.size() > limits.entries()) {
            eldest.next().wipe();
            eldest.remove();
        }
    }

    /** Wipes those that are too old. */
    void purge() {
        long now = nanos.getAsLong();
        entries.values().removeIf(entry -> {
            boolean old = now - entry.since >= limits.age().toNanos();
            if (old) {
                entry.wipe();
            }
            return old;
        });
    }

    /** Wipes all. */
    void clear() {
        entries.values().forEach(Entry::wipe);
        entries.clear();
    }

    int size() {
        return entries.size();
    }
}

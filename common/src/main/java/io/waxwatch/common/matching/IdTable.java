package io.waxwatch.common.matching;

import java.util.UUID;

/**
 * Record addresses by id. The ids themselves stand in the records, from {@link #ID_AT} on, so that a candidate and its id
 * are one read from memory.
 */
final class IdTable {
    static final int NONE = -1;

    /** Where in a record its id stands. */
    static final int ID_AT = 1;

    /** How many ints an id takes. */
    static final int ID_LENGTH = 4;

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final IntRecords records;
    private int[] buckets = new int[128];
    private int shift = Long.SIZE - 7;
    private int size;

    IdTable(IntRecords records) {
        this.records = records;
    }

    int size() {
        return size;
    }

    /** The address of the record with this id, or {@link #NONE}. */
    int find(UUID id) {
        return buckets[bucketOf(id.getMostSignificantBits(), id.getLeastSignificantBits())] - 1;
    }

    /** Writes the id, which no other record has, into the record and enters it. */
    void add(UUID id, int address) {
        if ((size + 1L) * 2 > buckets.length) {
            rehash();
        }
        int[] page = records.page(address);
        int at = IntRecords.offset(address) + ID_AT;
        IntRecords.putLong(page, at, id.getMostSignificantBits());
        IntRecords.putLong(page, at + 2, id.getLeastSignificantBits());
        buckets[bucketOf(id.getMostSignificantBits(), id.getLeastSignificantBits())] = address + 1;
        size++;
    }

    void remove(int address) {
        int mask = buckets.length - 1;
        int hole = bucketOf(high(address), low(address));
        // Close the gap, so that no later entry of the run becomes unreachable.
        for (int at = (hole + 1) & mask; buckets[at] != 0; at = (at + 1) & mask) {
            int other = buckets[at] - 1;
            int home = home(high(other), low(other));
            if (((at - home) & mask) >= ((at - hole) & mask)) {
                buckets[hole] = buckets[at];
                hole = at;
            }
        }
        buckets[hole] = 0;
        size--;
    }

    UUID id(int address) {
        return new UUID(high(address), low(address));
    }

    long heapBytes() {
        return 4L * buckets.length;
    }

    private long high(int address) {
        return IntRecords.getLong(records.page(address), IntRecords.offset(address) + ID_AT);
    }

    private long low(int address) {
        return IntRecords.getLong(records.page(address), IntRecords.offset(address) + ID_AT + 2);
    }

    /** The bucket that holds the id, or the empty one where it would go. */
    private int bucketOf(long idHigh, long idLow) {
        int mask = buckets.length - 1;
        int at = home(idHigh, idLow);
        while (buckets[at] != 0 && (low(buckets[at] - 1) != idLow || high(buckets[at] - 1) != idHigh)) {
            at = (at + 1) & mask;
        }
        return at;
    }

    /** Both halves are mixed one after the other: ids need not be random, and halves may depend on each other. */
    private int home(long idHigh, long idLow) {
        return (int) (mix(mix(idHigh) + idLow) >>> shift);
    }

    /** The finaliser of SplitMix64. */
    private static long mix(long value) {
        long mixed = value + GOLDEN;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    private void rehash() {
        int[] old = buckets;
        buckets = new int[old.length * 2];
        shift--;
        for (int entry : old) {
            if (entry != 0) {
                buckets[bucketOf(high(entry - 1), low(entry - 1))] = entry;
            }
        }
    }
}

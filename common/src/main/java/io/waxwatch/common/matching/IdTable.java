package io.waxwatch.common.matching;

import java.util.Arrays;
import java.util.UUID;

/**
 * Slots by id: each id in use owns a small number, freed numbers are used again. Each slot carries one int for its owner.
 *
 * <p>About 28 bytes an id: 16 of the id, 4 of the value, 8 of hash table.
 */
final class IdTable {
    static final int NONE = -1;

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long[] high = new long[64];
    private long[] low = new long[64];
    private int[] values = new int[64];
    private int[] buckets = new int[128];
    private int shift = Long.SIZE - 7;
    private int firstFree = NONE;
    private int used;
    private int size;

    int size() {
        return size;
    }

    /** The slot of the id, or {@link #NONE}. */
    int find(UUID id) {
        return buckets[bucketOf(id.getMostSignificantBits(), id.getLeastSignificantBits())] - 1;
    }

    /** A slot for an id that has none. */
    int add(UUID id) {
        if ((size + 1L) * 2 > buckets.length) {
            rehash();
        }
        int slot = firstFree;
        if (slot != NONE) {
            firstFree = values[slot];
        } else {
            slot = used++;
            if (slot == values.length) {
                int length = slot + (slot >> 1);
                high = Arrays.copyOf(high, length);
                low = Arrays.copyOf(low, length);
                values = Arrays.copyOf(values, length);
            }
        }
        high[slot] = id.getMostSignificantBits();
        low[slot] = id.getLeastSignificantBits();
        buckets[bucketOf(high[slot], low[slot])] = slot + 1;
        size++;
        return slot;
    }

    void remove(int slot) {
        int mask = buckets.length - 1;
        int hole = bucketOf(high[slot], low[slot]);
        for (int at = (hole + 1) & mask; buckets[at] != 0; at = (at + 1) & mask) {
            int other = buckets[at] - 1;
            int home = home(high[other], low[other]);
            if (((at - home) & mask) >= ((at - hole) & mask)) {
                buckets[hole] = buckets[at];
                hole = at;
            }
        }
        buckets[hole] = 0;
        values[slot] = firstFree;
        firstFree = slot;
        size--;
    }

    UUID id(int slot) {
        return new UUID(high[slot], low[slot]);
    }

    int value(int slot) {
        return values[slot];
    }

    void value(int slot, int value) {
        values[slot] = value;
    }

    long heapBytes() {
        return 20L * values.length + 4L * buckets.length;
    }

    /** The bucket that holds the id, or the empty one where it would go. */
    private int bucketOf(long idHigh, long idLow) {
        int mask = buckets.length - 1;
        int at = home(idHigh, idLow);
        while (buckets[at] != 0 && (low[buckets[at] - 1] != idLow || high[buckets[at] - 1] != idHigh)) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private int home(long idHigh, long idLow) {
        long mixed = (idHigh ^ (idLow * GOLDEN)) * GOLDEN;
        return (int) ((mixed ^ (mixed << 32)) >>> shift);
    }

    private void rehash() {
        int[] old = buckets;
        buckets = new int[old.length * 2];
        shift--;
        for (int entry : old) {
            if (entry != 0) {
                buckets[bucketOf(high[entry - 1], low[entry - 1])] = entry;
            }
        }
    }
}

package io.waxwatch.common.matching;

import java.util.Arrays;

/**
 * Variable-length records of ints in pages, so that growing never copies and no record is an object.
 *
 * <p>A freed record joins the free list of its exact length; lengths repeat, so the heap in use stays at the highest
 * population of each length. An address is a page number and an offset in one int: at most 2^31 ints, 8 GiB.
 */
final class IntRecords {
    /** Longest record, in ints. */
    static final int MAX_LENGTH = 2_048;

    private static final int PAGE_BITS = 16;
    private static final int PAGE_SIZE = 1 << PAGE_BITS;
    private static final int OFFSET_MASK = PAGE_SIZE - 1;
    private static final int MAX_PAGES = 1 << (31 - PAGE_BITS);
    private static final int NONE = -1;

    private int[][] pages = new int[16][];
    private int pageCount;
    private final int[] freeByLength = new int[MAX_LENGTH + 1];
    private int used = PAGE_SIZE;

    IntRecords() {
        Arrays.fill(freeByLength, NONE);
    }

    /** Address of an unused record of this many ints; its content is arbitrary. */
    int allocate(int length) {
        int reused = freeByLength[length];
        if (reused != NONE) {
            freeByLength[length] = page(reused)[offset(reused)];
            return reused;
        }
        if (used + length > PAGE_SIZE) {
            openPage();
        }
        int address = ((pageCount - 1) << PAGE_BITS) | used;
        used += length;
        return address;
    }

    void free(int address, int length) {
        page(address)[offset(address)] = freeByLength[length];
        freeByLength[length] = address;
    }

    int[] page(int address) {
        return pages[address >>> PAGE_BITS];
    }

    static int offset(int address) {
        return address & OFFSET_MASK;
    }

    static void putLong(int[] page, int at, long value) {
        page[at] = (int) (value >>> Integer.SIZE);
        page[at + 1] = (int) value;
    }

    static long getLong(int[] page, int at) {
        return ((long) page[at] << Integer.SIZE) | (page[at + 1] & 0xFFFFFFFFL);
    }

    long heapBytes() {
        return (long) pageCount * PAGE_SIZE * Integer.BYTES;
    }

    private void openPage() {
        if (pageCount == MAX_PAGES) {
            throw new IllegalStateException("the watch index is full");
        }
        int rest = PAGE_SIZE - used;
        if (rest > 0 && rest <= MAX_LENGTH) {
            free(((pageCount - 1) << PAGE_BITS) | used, rest);
        }
        if (pageCount == pages.length) {
            pages = Arrays.copyOf(pages, pageCount * 2);
        }
        pages[pageCount++] = new int[PAGE_SIZE];
        used = 0;
    }
}

package io.waxwatch.common.matching;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Interned terms: each text has one small id while anything refers to it, and a list of the watches filed under it.
 *
 * <p>Open addressing with linear probing over flat arrays. A reader extends the hash of a term character by character while
 * it walks the prefixes of a word. Its multiplier is drawn for each table, because terms come from users and those of
 * {@link String#hashCode()} can be made to collide; nothing visible depends on it.
 *
 * <p>A posting is three ints: the address of a watch, and two more terms of it that must occur too. The two let the reader
 * reject nearly every candidate without touching its record, which would be a cache miss each.
 */
final class TermTable {
    static final int NONE = -1;
    static final int POSTING = 3;

    private static final int GOLDEN = 0x9E3779B9;

    // Odd and 5 modulo 8, as a multiplier modulo 2^32 should be.
    private final int multiplier = (ThreadLocalRandom.current().nextInt() & ~7) | 5;
    private String[] texts = new String[64];
    private int[] hashes = new int[64];
    private int[] references = new int[64];
    private int[][] postings = new int[64][];
    private int[] postingInts = new int[64];
    private int[] seenAsPrefix = new int[64];
    private int[] seenAsWord = new int[64];
    private int[] free = new int[16];
    private int freeCount;
    private int used;
    private int live;
    private int[] buckets = new int[128];
    private int shift = Integer.SIZE - 7;
    private int generation;

    /** The id of the term, with one more reference. */
    int acquire(String text) {
        int hash = hash(text);
        int id = find(text, 0, text.length(), hash);
        if (id == NONE) {
            id = add(text, hash);
        }
        references[id]++;
        return id;
    }

    /** Takes one reference back; the last one frees the id. */
    void release(int id) {
        if (--references[id] == 0) {
            drop(id);
        }
    }

    int references(int id) {
        return references[id];
    }

    String text(int id) {
        return texts[id];
    }

    /** The term equal to {@code source[from, to)}, whose hash is given; or {@link #NONE}. */
    int find(String source, int from, int to, int hash) {
        int mask = buckets.length - 1;
        for (int at = bucket(hash); buckets[at] != 0; at = (at + 1) & mask) {
            int id = buckets[at] - 1;
            if (hashes[id] == hash) {
                String text = texts[id];
                if (text.length() == to - from && source.startsWith(text, from)) {
                    return id;
                }
            }
        }
        return NONE;
    }

    int find(String text) {
        return find(text, 0, text.length(), hash(text));
    }

    /** The hash of a text from that of the text without its last character; 0 is that of the empty text. */
    int extend(int hash, char next) {
        return (hash + next + 1) * multiplier;
    }

    private int hash(String text) {
        int hash = 0;
        for (int i = 0; i < text.length(); i++) {
            hash = extend(hash, text.charAt(i));
        }
        return hash;
    }

    /** Files a watch under a term and returns the position, by which it can be taken out. */
    int file(int id, int address, int second, int third) {
        int at = postingInts[id];
        int[] list = postings[id];
        if (list == null) {
            list = new int[POSTING];
            postings[id] = list;
        } else if (at == list.length) {
            int entries = at / POSTING;
            list = Arrays.copyOf(list, (entries + Math.max(1, entries >> 2)) * POSTING);
            postings[id] = list;
        }
        list[at] = address;
        list[at + 1] = second;
        list[at + 2] = third;
        postingInts[id] = at + POSTING;
        return at;
    }

    /**
     * Takes out the posting at a position. The last posting moves there.
     *
     * @return the address in the posting that moved; {@link #NONE} when none did
     */
    int unfile(int id, int position) {
        int[] list = postings[id];
        int last = postingInts[id] - POSTING;
        postingInts[id] = last;
        int moved = NONE;
        if (position != last) {
            System.arraycopy(list, last, list, position, POSTING);
            moved = list[position];
        }
        if (last == 0) {
            postings[id] = null;
        } else if (last * 4 < list.length) {
            postings[id] = Arrays.copyOf(list, last * 2);
        }
        return moved;
    }

    int[] postings(int id) {
        return postings[id];
    }

    /** Length of the used part of {@link #postings}, in ints. */
    int postingInts(int id) {
        return postingInts[id];
    }

    /** Forgets which terms have been seen: called before each title. */
    void nextTitle() {
        if (++generation == Integer.MAX_VALUE) {
            Arrays.fill(seenAsPrefix, 0);
            Arrays.fill(seenAsWord, 0);
            generation = 1;
        }
    }

    /** Notes that a word of the title starts with the term; true when that is news. */
    boolean notePrefix(int id) {
        if (seenAsPrefix[id] == generation) {
            return false;
        }
        seenAsPrefix[id] = generation;
        return true;
    }

    void noteWord(int id) {
        seenAsWord[id] = generation;
    }

    boolean isPrefix(int id) {
        return seenAsPrefix[id] == generation;
    }

    boolean isWord(int id) {
        return seenAsWord[id] == generation;
    }

    long heapBytes() {
        long bytes = (long) texts.length * (4L * 7) + 4L * buckets.length + 4L * free.length;
        for (int id = 0; id < used; id++) {
            if (texts[id] != null) {
                bytes += 48 + texts[id].length();
            }
            if (postings[id] != null) {
                bytes += 16 + 4L * postings[id].length;
            }
        }
        return bytes;
    }

    private int add(String text, int hash) {
        int id = freeCount > 0 ? free[--freeCount] : used++;
        if (id == texts.length) {
            growTerms();
        }
        texts[id] = text;
        hashes[id] = hash;
        references[id] = 0;
        seenAsPrefix[id] = 0;
        seenAsWord[id] = 0;
        live++;
        if (live * 2 > buckets.length) {
            rehash();
        } else {
            place(id);
        }
        return id;
    }

    private void drop(int id) {
        int mask = buckets.length - 1;
        int hole = bucket(hashes[id]);
        while (buckets[hole] != id + 1) {
            hole = (hole + 1) & mask;
        }
        // Close the gap, so that no later entry of the run becomes unreachable.
        for (int at = (hole + 1) & mask; buckets[at] != 0; at = (at + 1) & mask) {
            int home = bucket(hashes[buckets[at] - 1]);
            if (((at - home) & mask) >= ((at - hole) & mask)) {
                buckets[hole] = buckets[at];
                hole = at;
            }
        }
        buckets[hole] = 0;
        texts[id] = null;
        postings[id] = null;
        live--;
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, freeCount * 2);
        }
        free[freeCount++] = id;
    }

    private void place(int id) {
        int mask = buckets.length - 1;
        int at = bucket(hashes[id]);
        while (buckets[at] != 0) {
            at = (at + 1) & mask;
        }
        buckets[at] = id + 1;
    }

    private void rehash() {
        buckets = new int[buckets.length * 2];
        shift--;
        for (int id = 0; id < used; id++) {
            if (texts[id] != null) {
                place(id);
            }
        }
    }

    private void growTerms() {
        int size = texts.length + (texts.length >> 1);
        texts = Arrays.copyOf(texts, size);
        hashes = Arrays.copyOf(hashes, size);
        references = Arrays.copyOf(references, size);
        postings = Arrays.copyOf(postings, size);
        postingInts = Arrays.copyOf(postingInts, size);
        seenAsPrefix = Arrays.copyOf(seenAsPrefix, size);
        seenAsWord = Arrays.copyOf(seenAsWord, size);
    }

    private int bucket(int hash) {
        return (hash * GOLDEN) >>> shift;
    }
}

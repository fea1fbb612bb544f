package io.waxwatch.common.matching;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Under which of its terms a watch is found: its rarest, the one that fewest watches mention at that moment (later shifts cost
 * speed, never correctness), and for a release its ids too. A posting carries two more terms of the watch, so that nearly every
 * other candidate is rejected without touching its record. Belongs to one index.
 */
final class Filing {
    private static final int ONE_LETTER = 1 << 30;
    private static final int TWO_LETTERS = 1 << 26;

    private final TermTable terms;
    private final IntRecords records;

    Filing(TermTable terms, IntRecords records) {
        this.terms = terms;
        this.records = records;
    }

    // Keys hold a character that no folded word has, so they share the table without meeting a title.
    static String releaseKey(long id) {
        return "#r" + id;
    }

    static String masterKey(long id) {
        return "#m" + id;
    }

    static String currencyKey(String currency) {
        return "$" + currency;
    }

    /** Acquires the words of the phrases, the last word of each marked. */
    int[] phrases(List<String> phrases) {
        int[] found = new int[phrases.size()];
        int count = 0;
        for (String phrase : phrases) {
            String[] words = phrase.split(" ");
            if (count + words.length > found.length) {
                found = Arrays.copyOf(found, Math.max(count + words.length, found.length * 2));
            }
            for (String word : words) {
                found[count++] = terms.acquire(word);
            }
            found[count - 1] |= PackedWatch.PHRASE_END;
        }
        return Arrays.copyOf(found, count);
    }

    int[] words(Collection<String> words) {
        return words.stream().mapToInt(terms::acquire).toArray();
    }

    /** Gives the terms back; a term must not vanish while something is filed under it. */
    void release(int[] from, int start, int end) {
        for (int at = start; at < end; at++) {
            terms.release(from[at] & ~PackedWatch.PHRASE_END);
        }
    }

    /** Gives back every term but the rarest. */
    int[] keepRarest(int[] acquired) {
        if (acquired.length == 0) {
            return acquired;
        }
        int rarest = rarest(acquired)[0];
        boolean kept = false;
        for (int marked : acquired) {
            int term = marked & ~PackedWatch.PHRASE_END;
            if (term == rarest && !kept) {
                kept = true;
            } else {
                terms.release(term);
            }
        }
        return new int[] {rarest};
    }

    /** Files the watch under the rarest of these terms, if there is one; returns where the record goes on. */
    int fileUnderRarest(int[] page, int at, int address, int[] candidates) {
        if (candidates.length == 0) {
            return at;
        }
        int[] rarest = rarest(candidates);
        page[at] = rarest[0];
        page[at + 1] = terms.file(rarest[0], address, rarest[1], rarest[2]);
        return at + 2;
    }

    /** Files the watch under a key that it acquires; returns where the record goes on. */
    int fileUnderKey(int[] page, int at, int address, String key) {
        int term = terms.acquire(key);
        page[at] = term;
        page[at + 1] = terms.file(term, address, term, term);
        return at + 2;
    }

    /** Takes out every posting of the record that starts here. */
    void unfile(int[] page, int start) {
        int filed = PackedWatch.filed(page[start]);
        for (int i = 0; i < filed; i++) {
            int at = start + PackedWatch.FILED_AT + 2 * i;
            unfile(page[at], page[at + 1]);
        }
    }

    private void unfile(int term, int position) {
        int moved = terms.unfile(term, position);
        if (moved == TermTable.NONE) {
            return;
        }
        int[] page = records.page(moved);
        int start = IntRecords.offset(moved);
        int filed = PackedWatch.filed(page[start]);
        for (int i = 0; i < filed; i++) {
            if (page[start + PackedWatch.FILED_AT + 2 * i] == term) {
                page[start + PackedWatch.FILED_AT + 1 + 2 * i] = position;
                return;
            }
        }
        throw new IllegalStateException("a posting belongs to no record");
    }

    /** The three rarest distinct terms, rarest first; the last is repeated when there are fewer. */
    private int[] rarest(int[] candidates) {
        int[] best = {TermTable.NONE, TermTable.NONE, TermTable.NONE};
        for (int marked : candidates) {
            int term = marked & ~PackedWatch.PHRASE_END;
            if (term == best[0] || term == best[1] || term == best[2]) {
                continue;
            }
            for (int i = 0; i < best.length; i++) {
                if (best[i] == TermTable.NONE || rarity(term) < rarity(best[i])) {
                    System.arraycopy(best, i, best, i + 1, best.length - 1 - i);
                    best[i] = term;
                    break;
                }
            }
        }
        best[1] = best[1] == TermTable.NONE ? best[0] : best[1];
        best[2] = best[2] == TermTable.NONE ? best[1] : best[2];
        return best;
    }

    /** Lower is rarer. One or two letters begin words of nearly every title, however few watches mention them. */
    private int rarity(int term) {
        int mentions = Math.min(terms.references(term), TWO_LETTERS - 1);
        return switch (terms.text(term).length()) {
            case 1 -> mentions + ONE_LETTER;
            case 2 -> mentions + TWO_LETTERS;
            default -> mentions;
        };
    }
}

package io.waxwatch.common.matching;

import java.math.BigDecimal;
import java.util.Arrays;

/**
 * One offer at a time, read once so that many watches can be judged on it: which terms of the index its title has, where its
 * words stand, its price in units, its grade. Belongs to one index.
 */
final class TitleReader {
    private static final int UNREAD = -2;
    private static final int UNKNOWN = -1;

    private final TermTable terms;
    private Offer offer;
    private String title;
    private int wordCount;
    private int[] wordStart = new int[32];
    private int[] wordTerm = new int[32];
    private int[] hits = new int[64];
    private int hitCount;
    private int currency;
    private long priceFloor;
    private long priceCeiling;
    private int grade;

    TitleReader(TermTable terms) {
        this.terms = terms;
    }

    /** Notes everything about the offer that judging a candidate needs. */
    void read(Offer wanted) {
        offer = wanted;
        title = TitleText.fold(wanted.title());
        terms.nextTitle();
        wordCount = 0;
        hitCount = 0;
        int length = title.length();
        int start = 0;
        while (start < length) {
            start = readWord(start, length) + 1;
        }
        if (wanted.discogsReleaseId() != null) {
            noteHit(terms.find(Filing.releaseKey(wanted.discogsReleaseId())));
        }
        if (wanted.discogsMasterId() != null) {
            noteHit(terms.find(Filing.masterKey(wanted.discogsMasterId())));
        }
        currency = wanted.currency() == null ? TermTable.NONE : terms.find(Filing.currencyKey(wanted.currency()));
        grade = UNREAD;
        readPrice(wanted.price());
    }

    Offer offer() {
        return offer;
    }

    /** How many terms of the offer have watches filed under them. */
    int hitCount() {
        return hitCount;
    }

    int hit(int index) {
        return hits[index];
    }

    /** Whether the offer is at one of these marketplaces, one bit for each {@link Provider}; 0 stands for any. */
    boolean isAt(int sources) {
        return sources == 0 || (sources & (1 << offer.provider().ordinal())) != 0;
    }

    /** Whether the title has the phrase at the start of a word; its last term is marked as the last. */
    boolean phraseStarts(int[] page, int at, int length) {
        int last = page[at + length - 1] & ~PackedWatch.PHRASE_END;
        if (!terms.isPrefix(last)) {
            return false;
        }
        if (length == 1) {
            return true;
        }
        String ending = terms.text(last);
        for (int word = 0; word + length <= wordCount; word++) {
            if (title.startsWith(ending, wordStart[word + length - 1]) && sameWords(page, at, length - 1, word)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the title has the phrase as whole words. */
    boolean phraseWhole(int[] page, int at, int length) {
        if (!terms.isWord(page[at + length - 1] & ~PackedWatch.PHRASE_END)) {
            return false;
        }
        for (int word = 0; word + length <= wordCount; word++) {
            if (sameWords(page, at, length, word)) {
                return true;
            }
        }
        return false;
    }

    /** Whether each of these terms, of which there is at least one, is a word of the title. */
    boolean allWords(int[] page, int from, int to) {
        for (int at = from; at < to; at++) {
            if (!terms.isWord(page[at])) {
                return false;
            }
        }
        return to > from;
    }

    /** Whether there is a price, and it is in the currency of this term. */
    boolean isPricedIn(int currencyTerm) {
        return offer.price() != null && currencyTerm == currency;
    }

    /** @param bound in units of {@link PackedWatch#units} */
    boolean costsAtLeast(long bound) {
        return priceFloor >= bound;
    }

    /** @param bound in units of {@link PackedWatch#units} */
    boolean costsAtMost(long bound) {
        return priceCeiling <= bound;
    }

    /** @param minimum ordinal of a {@link Grade} */
    boolean isGraded(int minimum) {
        if (grade == UNREAD) {
            grade = offer.grade().map(Grade::ordinal).orElse(UNKNOWN);
        }
        return grade >= minimum;
    }

    private boolean sameWords(int[] page, int at, int length, int word) {
        for (int i = 0; i < length; i++) {
            if (wordTerm[word + i] != (page[at + i] & ~PackedWatch.PHRASE_END)) {
                return false;
            }
        }
        return true;
    }

    /** Looks up every prefix of the word; returns its end. */
    private int readWord(int start, int length) {
        int hash = 0;
        int term = TermTable.NONE;
        int at = start;
        while (at < length && title.charAt(at) != ' ') {
            hash = terms.extend(hash, title.charAt(at));
            at++;
            term = terms.find(title, start, at, hash);
            noteHit(term);
        }
        if (term != TermTable.NONE) {
            terms.noteWord(term);
        }
        if (wordCount == wordStart.length) {
            wordStart = Arrays.copyOf(wordStart, wordCount * 2);
            wordTerm = Arrays.copyOf(wordTerm, wordCount * 2);
        }
        wordStart[wordCount] = start;
        wordTerm[wordCount] = term;
        wordCount++;
        return at;
    }

    private void noteHit(int term) {
        if (term == TermTable.NONE || !terms.notePrefix(term) || terms.postings(term) == null) {
            return;
        }
        if (hitCount == hits.length) {
            hits = Arrays.copyOf(hits, hitCount * 2);
        }
        hits[hitCount++] = term;
    }

    /** Bounds are whole units, so rounding outwards from a finer price keeps every comparison exact. */
    private void readPrice(BigDecimal price) {
        if (price != null) {
            priceFloor = PackedWatch.unitsBelow(price);
            priceCeiling = PackedWatch.unitsAbove(price);
        }
    }
}

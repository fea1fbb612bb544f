package io.waxwatch.common.matching;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Every active rule and watched release of every user, indexed so that an offer finds the ones it satisfies without looking
 * at the others.
 *
 * <p>A rule is filed under its rarest term: the one that fewest watches mention at that moment (later shifts cost speed, never
 * correctness). A watched release is filed under its ids and under the rarest word of artist and title. Each prefix of each
 * word of an offer's title is looked up; what is filed there is a candidate, and is judged on a packed copy of the watch.
 * {@link #match} gives exactly the watches for which {@link RuleMatcher#decide} or {@link ReleaseMatcher#decide} says
 * matched; a property test holds that.
 *
 * <p>Cost: {@code put} and {@code remove} are amortised linear in the watch's own terms. Memory is some 100 bytes for a rule
 * of three keywords, without an object per watch; the few watches that do not fit the packed form (a price finer than 0.0001
 * or beyond 10^14, more than 1,000 words) are kept as objects beside it.
 *
 * <p><b>Not thread safe</b>, {@code match} included, which keeps notes about the title at hand: one event loop owns an
 * instance.
 */
public final class WatchIndex {
    // Header of a packed watch; the lower half is common to both kinds.
    private static final int RELEASE = 1;
    private static final int UNPACKED = 1 << 1;
    private static final int HAS_MIN = 1 << 2;
    private static final int HAS_MAX = 1 << 3;
    private static final int GRADE_SHIFT = 4;
    private static final int GRADE_MASK = 0xF;
    private static final int SOURCES_SHIFT = 8;
    private static final int SOURCES_MASK = 0x1F;
    private static final int TERMS_SHIFT = 13;
    private static final int TERMS_MASK = 0x3FF;
    private static final int EXCLUDED_SHIFT = 23;
    private static final int MAX_EXCLUDED = 0x1FF;
    // A release has no sources; the same bits say what it has instead.
    private static final int MASTER_MODE = 1 << 8;
    private static final int HAS_MASTER = 1 << 9;
    private static final int FILED_SHIFT = 10;
    private static final int FILED_MASK = 3;

    /** Marks the last word of a phrase. Term ids are never negative. */
    private static final int PHRASE_END = Integer.MIN_VALUE;

    private static final int PRICE_SCALE = 4;
    // 10^14 units of 0.0001 each: well inside a long.
    private static final int PRICE_DIGITS = 14;
    private static final int ONE_LETTER = 1 << 30;
    private static final int TWO_LETTERS = 1 << 26;
    /** Where the terms begin under which a watch is filed, each followed by the position of its posting. */
    private static final int FILED_AT = IdTable.ID_AT + IdTable.ID_LENGTH;

    /** Candidates judged together; their records, about 64 bytes each, should stay in the first-level cache. */
    private static final int BATCH = 128;

    private static final int UNREAD = -2;
    private static final int UNKNOWN = -1;

    private final IntRecords records = new IntRecords();
    private final IdTable ids = new IdTable(records);
    private final TermTable terms = new TermTable();
    private final Map<Integer, Unpacked> unpacked = new HashMap<>();

    // The title at hand.
    private Offer offer;
    private String title;
    private int wordCount;
    private int[] wordStart = new int[32];
    private int[] wordTerm = new int[32];
    private int[] hitTerms = new int[64];
    private int hitCount;
    private final int[] candidates = new int[BATCH];
    private final int[] headers = new int[BATCH];
    private int candidateCount;
    private int offerCurrency;
    private long priceFloor;
    private long priceCeiling;
    private int offerGrade;
    private final List<UUID> rules = new ArrayList<>();
    private final List<UUID> releases = new ArrayList<>();
    private final Set<Integer> releaseAddresses = new HashSet<>();

    /** How many rules and releases are held, including rules without a term, which match nothing. */
    public int size() {
        return ids.size();
    }

    public boolean contains(UUID id) {
        return ids.find(id) != IdTable.NONE;
    }

    /** Heap that the index occupies, in bytes; an estimate that walks the terms, for a gauge. */
    public long heapBytes() {
        return ids.heapBytes() + terms.heapBytes() + records.heapBytes() + 200L * unpacked.size();
    }

    /** Adds a rule, or replaces whatever has this id. */
    public void putRule(UUID id, RuleQuery query) {
        remove(id);
        int[] required = phraseTerms(query.keywords());

        int[] excluded = phraseTerms(query.excluded());
        boolean priced = query.minPrice() != null || query.maxPrice() != null;
        if (required.length > TERMS_MASK
                || excluded.length > MAX_EXCLUDED
                || !packable(query.minPrice())
                || !packable(query.maxPrice())) {
            packUnpackedRule(id, required, excluded, new Unpacked(query, null));
            return;
        }
        int header = (required.length << TERMS_SHIFT)
                | (excluded.length << EXCLUDED_SHIFT)
                | gradeBits(query.minCondition())
                | (query.minPrice() == null ? 0 : HAS_MIN)
                | (query.maxPrice() == null ? 0 : HAS_MAX);
        for (Provider source : query.sources()) {
            header |= 1 << (SOURCES_SHIFT + source.ordinal());
        }
        int address = records.allocate(ruleLength(header));
        ids.add(id, address);
        int[] page = records.page(address);
        page[IntRecords.offset(address)] = header;
        int at = IntRecords.offset(address) + FILED_AT;
        if (required.length > 0) {
            int[] rarest = rarest(required);
            page[at++] = rarest[0];
            page[at++] = terms.file(rarest[0], address, rarest[1], rarest[2]);
        }
        at = copy(required, page, at);
        at = copy(excluded, page, at);
        if (priced) {
            page[at++] = terms.acquire(currencyKey(query.boundCurrency()));
            at = query.minPrice() == null ? at : putLong(page, at, units(query.minPrice()));
            if (query.maxPrice() != null) {
                putLong(page, at, units(query.maxPrice()));
            }
        }
    }

    /** Adds a watched release, or replaces whatever has this id. */
    public void putRelease(UUID id, ReleaseWatch watch) {
        remove(id);
        Set<String> significant = watch.significantWords();
        int[] words = new int[significant.size()];
        int next = 0;
        for (String word : significant) {
            words[next++] = terms.acquire(word);
        }
        boolean packed = words.length <= TERMS_MASK && packable(watch.targetPrice());
        int[] kept = packed ? words : keepRarest(words);
        boolean priced = packed && watch.targetPrice() != null;
        boolean byMaster = watch.mode() == ReleaseWatch.Mode.MASTER && watch.masterId() != null;
        int filed = 1 + (byMaster ? 1 : 0) + (kept.length > 0 ? 1 : 0);
        int header = RELEASE
                | (packed ? 0 : UNPACKED)
                | (priced ? HAS_MAX : 0)
                | gradeBits(watch.minCondition())
                | (watch.mode() == ReleaseWatch.Mode.MASTER ? MASTER_MODE : 0)
                | (watch.masterId() == null ? 0 : HAS_MASTER)
                | (filed << FILED_SHIFT)
                | (kept.length << TERMS_SHIFT);
        int address = records.allocate(releaseLength(header));
        ids.add(id, address);
        int[] page = records.page(address);
        page[IntRecords.offset(address)] = header;
        int at = IntRecords.offset(address) + FILED_AT;
        if (!packed) {
            unpacked.put(address, new Unpacked(null, watch));
        }
        at = fileKey(page, at, address, releaseKey(watch.releaseId()));
        if (byMaster) {
            at = fileKey(page, at, address, masterKey(watch.masterId()));
        }
        if (kept.length > 0) {
            int[] rarest = rarest(kept);
            page[at++] = rarest[0];
            page[at++] = terms.file(rarest[0], address, rarest[1], rarest[2]);
        }
        at = putLong(page, at, watch.releaseId());
        at = watch.masterId() == null ? at : putLong(page, at, watch.masterId());
        at = copy(kept, page, at);
        if (priced) {
            page[at++] = terms.acquire(currencyKey(watch.currency()));
            putLong(page, at, units(watch.targetPrice()));
        }
    }

    /** Takes out the rule or release of this id; false when there is none. */
    public boolean remove(UUID id) {
        int address = ids.find(id);
        if (address == IdTable.NONE) {
            return false;
        }
        int[] page = records.page(address);
        int start = IntRecords.offset(address);
        int header = page[start];
        boolean release = (header & RELEASE) != 0;
        int filed = filed(header);
        for (int i = 0; i < filed; i++) {
            unfile(page[start + FILED_AT + 2 * i], page[start + FILED_AT + 1 + 2 * i]);
        }
        // References last: a term must not vanish while something is filed under it.
        int at = start + FILED_AT + 2 * filed;
        if (release) {
            int keys = filed - (termCount(header) > 0 ? 1 : 0);
            for (int i = 0; i < keys; i++) {
                terms.release(page[start + FILED_AT + 2 * i]);
            }
            at += (header & HAS_MASTER) == 0 ? 2 : 4;
        }
        int mentioned = termCount(header) + (release ? 0 : excludedCount(header));
        for (int end = at + mentioned; at < end; at++) {
            terms.release(page[at] & ~PHRASE_END);
        }
        if ((header & (HAS_MIN | HAS_MAX)) != 0) {
            terms.release(page[at]);
        }
        if ((header & UNPACKED) != 0) {
            unpacked.remove(address);
        }
        ids.remove(address);
        records.free(address, release ? releaseLength(header) : ruleLength(header));
        return true;
    }

    /** The watches that the offer satisfies. */
    public Hits match(Offer wanted) {
        read(wanted);
        for (int i = 0; i < hitCount; i++) {
            int term = hitTerms[i];
            int[] postings = terms.postings(term);
            int end = terms.postingInts(term);
            for (int at = 0; at < end; at += TermTable.POSTING) {
                if (terms.isPrefix(postings[at + 1]) && terms.isPrefix(postings[at + 2])) {
                    candidates[candidateCount++] = postings[at];
                    if (candidateCount == BATCH) {
                        judgeCandidates();
                    }
                }
            }
        }
        judgeCandidates();
        return new Hits(rules, releases);
    }

    /** Reads all headers first: these reads miss the cache, and only independent ones are served side by side. */
    private void judgeCandidates() {
        for (int i = 0; i < candidateCount; i++) {
            int address = candidates[i];
            headers[i] = records.page(address)[IntRecords.offset(address)];
        }
        for (int i = 0; i < candidateCount; i++) {
            judge(candidates[i], headers[i]);
        }
        candidateCount = 0;
    }

    private void judge(int address, int header) {
        int[] page = records.page(address);
        int at = IntRecords.offset(address);
        if ((header & UNPACKED) != 0) {
            if (unpacked.get(address).matches(offer)) {
                found(address, header);
            }
        } else if ((header & RELEASE) == 0) {
            if (ruleHolds(page, at, header)) {
                found(address, header);
            }
        } else if (releaseHolds(page, at, header)) {
            found(address, header);
        }
    }

    private void found(int address, int header) {
        if ((header & RELEASE) == 0) {
            rules.add(ids.id(address));
        } else if (releaseAddresses.add(address)) {
            // A release may be filed under three terms of the offer.
            releases.add(ids.id(address));
        }
    }

    private boolean ruleHolds(int[] page, int start, int header) {
        int sources = (header >>> SOURCES_SHIFT) & SOURCES_MASK;
        if (sources != 0 && (sources & (1 << offer.provider().ordinal())) == 0) {
            return false;
        }
        int at = start + FILED_AT + 2 * filed(header);
        int end = at + termCount(header);
        while (at < end) {
            int length = phraseLength(page, at);
            if (!phraseStarts(page, at, length)) {
                return false;
            }
            at += length;
        }
        end += excludedCount(header);
        while (at < end) {
            int length = phraseLength(page, at);
            if (phraseWhole(page, at, length)) {
                return false;
            }
            at += length;
        }
        return priceHolds(page, at, header) && gradeHolds(header);
    }

    private boolean releaseHolds(int[] page, int start, int header) {
        int at = start + FILED_AT + 2 * filed(header);
        long releaseId = getLong(page, at);
        at += 2;
        Long masterId = null;
        if ((header & HAS_MASTER) != 0) {
            masterId = getLong(page, at);
            at += 2;
        }
        ReleaseWatch.Mode mode = (header & MASTER_MODE) == 0 ? ReleaseWatch.Mode.EXACT : ReleaseWatch.Mode.MASTER;
        Outcome byId = ReleaseMatcher.byId(releaseId, masterId, mode, offer);
        int end = at + termCount(header);
        if (byId == Outcome.FAIL || (byId == Outcome.UNKNOWN && !allWords(page, at, end))) {
            return false;
        }
        return priceHolds(page, end, header) && gradeHolds(header);
    }

    private boolean allWords(int[] page, int from, int to) {
        for (int at = from; at < to; at++) {
            if (!terms.isWord(page[at])) {
                return false;
            }
        }
        return to > from;
    }

    private boolean priceHolds(int[] page, int start, int header) {
        if ((header & (HAS_MIN | HAS_MAX)) == 0) {
            return true;
        }
        if (offer.price() == null || page[start] != offerCurrency) {
            return false;
        }
        int at = start + 1;
        if ((header & HAS_MIN) != 0) {
            if (priceFloor < getLong(page, at)) {
                return false;
            }
            at += 2;
        }
        return (header & HAS_MAX) == 0 || priceCeiling <= getLong(page, at);
    }

    private boolean gradeHolds(int header) {
        int minimum = ((header >>> GRADE_SHIFT) & GRADE_MASK) - 1;
        if (minimum < 0) {
            return true;
        }
        if (offerGrade == UNREAD) {
            offerGrade = offer.grade().map(Grade::ordinal).orElse(UNKNOWN);
        }
        return offerGrade >= minimum;
    }

    private boolean phraseStarts(int[] page, int at, int length) {
        int last = page[at + length - 1] & ~PHRASE_END;
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

    private boolean phraseWhole(int[] page, int at, int length) {
        if (!terms.isWord(page[at + length - 1] & ~PHRASE_END)) {
            return false;
        }
        for (int word = 0; word + length <= wordCount; word++) {
            if (sameWords(page, at, length, word)) {
                return true;
            }
        }
        return false;
    }

    private boolean sameWords(int[] page, int at, int length, int word) {
        for (int i = 0; i < length; i++) {
            if (wordTerm[word + i] != (page[at + i] & ~PHRASE_END)) {
                return false;
            }
        }
        return true;
    }

    private static int phraseLength(int[] page, int at) {
        int end = at;
        while (page[end] >= 0) {
            end++;
        }
        return end - at + 1;
    }

    /** Notes everything about the offer that judging a candidate needs. */
    private void read(Offer wanted) {
        offer = wanted;
        title = TitleText.fold(wanted.title());
        terms.nextTitle();
        wordCount = 0;
        hitCount = 0;
        candidateCount = 0;
        rules.clear();
        releases.clear();
        releaseAddresses.clear();
        int length = title.length();
        int start = 0;
        while (start < length) {
            start = readWord(start, length) + 1;
        }
        if (wanted.discogsReleaseId() != null) {
            hit(terms.find(releaseKey(wanted.discogsReleaseId())));
        }
        if (wanted.discogsMasterId() != null) {
            hit(terms.find(masterKey(wanted.discogsMasterId())));
        }
        offerCurrency = wanted.currency() == null ? TermTable.NONE : terms.find(currencyKey(wanted.currency()));
        offerGrade = UNREAD;
        readPrice(wanted.price());
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
            hit(term);
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

    private void hit(int term) {
        if (term == TermTable.NONE || !terms.notePrefix(term) || terms.postings(term) == null) {
            return;
        }
        if (hitCount == hitTerms.length) {
            hitTerms = Arrays.copyOf(hitTerms, hitCount * 2);
        }
        hitTerms[hitCount++] = term;
    }

    /** Bounds are multiples of 0.0001, so rounding outwards from a finer price keeps every comparison exact. */
    private void readPrice(BigDecimal price) {
        if (price == null) {
            return;
        }
        long digits = (long) price.precision() - price.scale();
        if (price.signum() == 0) {
            priceFloor = 0;
            priceCeiling = 0;
        } else if (digits > PRICE_DIGITS) {
            priceFloor = price.signum() > 0 ? Long.MAX_VALUE : Long.MIN_VALUE;
            priceCeiling = priceFloor;
        } else if (digits < -PRICE_DIGITS) {
            priceFloor = price.signum() > 0 ? 0 : -1;
            priceCeiling = price.signum() > 0 ? 1 : 0;
        } else {
            priceFloor = price.setScale(PRICE_SCALE, RoundingMode.FLOOR)
                    .unscaledValue()
                    .longValueExact();
            priceCeiling = price.setScale(PRICE_SCALE, RoundingMode.CEILING)
                    .unscaledValue()
                    .longValueExact();
        }
    }

    private static boolean packable(BigDecimal bound) {
        if (bound == null || bound.signum() == 0) {
            return true;
        }
        return (long) bound.precision() - bound.scale() <= PRICE_DIGITS
                && bound.stripTrailingZeros().scale() <= PRICE_SCALE;
    }

    private static long units(BigDecimal bound) {
        return bound.signum() == 0
                ? 0
                : bound.setScale(PRICE_SCALE, RoundingMode.UNNECESSARY)
                        .unscaledValue()
                        .longValueExact();
    }

    /** Acquires the words of the phrases, the last word of each marked. */
    private int[] phraseTerms(List<String> phrases) {
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
            found[count - 1] |= PHRASE_END;
        }
        return Arrays.copyOf(found, count);
    }

    /** Files by the rarest term alone; the object itself judges. */
    private void packUnpackedRule(UUID id, int[] required, int[] excluded, Unpacked watch) {
        for (int term : excluded) {
            terms.release(term & ~PHRASE_END);
        }
        int[] kept = keepRarest(required);
        int header = UNPACKED | (kept.length << TERMS_SHIFT);
        int address = records.allocate(ruleLength(header));
        ids.add(id, address);
        int[] page = records.page(address);
        page[IntRecords.offset(address)] = header;
        int at = IntRecords.offset(address) + FILED_AT;
        if (kept.length > 0) {
            page[at++] = kept[0];
            page[at++] = terms.file(kept[0], address, kept[0], kept[0]);
            page[at] = kept[0] | PHRASE_END;
        }
        unpacked.put(address, watch);
    }

    /** Gives back every term but the rarest. */
    private int[] keepRarest(int[] acquired) {
        if (acquired.length == 0) {
            return acquired;
        }
        int rarest = rarest(acquired)[0];
        boolean kept = false;
        for (int marked : acquired) {
            int term = marked & ~PHRASE_END;
            if (term == rarest && !kept) {
                kept = true;
            } else {
                terms.release(term);
            }
        }
        return new int[] {rarest};
    }

    /** The three rarest distinct terms, rarest first; the last is repeated when there are fewer. */
    private int[] rarest(int[] candidates) {
        int[] best = {TermTable.NONE, TermTable.NONE, TermTable.NONE};
        for (int marked : candidates) {
            int term = marked & ~PHRASE_END;
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

    private int fileKey(int[] page, int at, int address, String key) {
        int term = terms.acquire(key);
        page[at] = term;
        page[at + 1] = terms.file(term, address, term, term);
        return at + 2;
    }

    private void unfile(int term, int position) {
        int moved = terms.unfile(term, position);
        if (moved == TermTable.NONE) {
            return;
        }
        int[] page = records.page(moved);
        int start = IntRecords.offset(moved);
        int filed = filed(page[start]);
        for (int i = 0; i < filed; i++) {
            if (page[start + FILED_AT + 2 * i] == term) {
                page[start + FILED_AT + 1 + 2 * i] = position;
                return;
            }
        }
        throw new IllegalStateException("a posting belongs to no record");
    }

    private static int filed(int header) {
        if ((header & RELEASE) != 0) {
            return (header >>> FILED_SHIFT) & FILED_MASK;
        }
        return termCount(header) > 0 ? 1 : 0;
    }

    private static int termCount(int header) {
        return (header >>> TERMS_SHIFT) & TERMS_MASK;
    }

    private static int excludedCount(int header) {
        return header >>> EXCLUDED_SHIFT;
    }

    private static int ruleLength(int header) {
        int bounds = ((header & HAS_MIN) != 0 ? 2 : 0) + ((header & HAS_MAX) != 0 ? 2 : 0);
        return FILED_AT
                + 2 * filed(header)
                + termCount(header)
                + excludedCount(header)
                + (bounds == 0 ? 0 : 1 + bounds);
    }

    private static int releaseLength(int header) {
        return FILED_AT
                + 2 * filed(header)
                + ((header & HAS_MASTER) == 0 ? 2 : 4)
                + termCount(header)
                + ((header & HAS_MAX) == 0 ? 0 : 3);
    }

    private static int gradeBits(Grade minimum) {
        return minimum == null ? 0 : (minimum.ordinal() + 1) << GRADE_SHIFT;
    }

    // Keys hold a character that no folded word has, so they share the table without meeting a title.
    private static String releaseKey(long id) {
        return "#r" + id;
    }

    private static String masterKey(long id) {
        return "#m" + id;
    }

    private static String currencyKey(String currency) {
        return "$" + currency;
    }

    private static int copy(int[] from, int[] page, int at) {
        System.arraycopy(from, 0, page, at, from.length);
        return at + from.length;
    }

    private static int putLong(int[] page, int at, long value) {
        IntRecords.putLong(page, at, value);
        return at + 2;
    }

    private static long getLong(int[] page, int at) {
        return IntRecords.getLong(page, at);
    }

    /** A watch that the packed form cannot hold exactly. */
    private record Unpacked(RuleQuery rule, ReleaseWatch release) {
        boolean matches(Offer offer) {
            return rule != null
                    ? RuleMatcher.matches(rule, offer)
                    : ReleaseMatcher.decide(release, offer).matched();
        }
    }
}

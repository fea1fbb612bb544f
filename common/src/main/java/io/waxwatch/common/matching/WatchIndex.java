package io.waxwatch.common.matching;

import java.util.ArrayList;
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
 * <p>{@link Filing} puts each watch under few of its terms; {@link TitleReader} looks up each prefix of each word of an offer's
 * title, and what is filed there is a candidate; {@link PackedWatch} judges it on a packed copy of the watch. {@link #match}
 * gives exactly the watches for which {@link RuleMatcher#decide} or {@link ReleaseMatcher#decide} says matched; a property test
 * holds that.
 *
 * <p>Cost: {@code put} and {@code remove} are amortised linear in the watch's own terms. Memory is some 100 bytes for a rule
 * of three keywords, without an object per watch; the few watches that do not fit the packed form (a price finer than 0.0001
 * or beyond 10^14, more than 1,500 words) are kept as objects beside it, and judged by the matchers themselves.
 *
 * <p><b>Not thread safe</b>, {@code match} included, which keeps notes about the title at hand: one event loop owns an
 * instance.
 */
public final class WatchIndex {
    /** Candidates judged together; their records, about 64 bytes each, should stay in the first-level cache. */
    private static final int BATCH = 128;

    private final IntRecords records = new IntRecords();
    private final IdTable ids = new IdTable(records);
    private final TermTable terms = new TermTable();
    private final Filing filing = new Filing(terms, records);
    private final TitleReader title = new TitleReader(terms);
    private final Map<Integer, Unpacked> unpacked = new HashMap<>();

    // The offer at hand.
    private final int[] candidates = new int[BATCH];
    private final int[] flags = new int[BATCH];
    private int candidateCount;
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
        int[] required = filing.phrases(query.keywords());
        int[] excluded = filing.phrases(query.excluded());
        if (!PackedWatch.holds(query, required.length + excluded.length)) {
            filing.release(excluded, 0, excluded.length);
            putUnpacked(id, filing.keepRarest(required), new Unpacked(query, null));
            return;
        }
        int filed = required.length > 0 ? 1 : 0;
        int address = add(
                id,
                PackedWatch.withFiled(PackedWatch.flags(query), filed),
                PackedWatch.counts(required.length, excluded.length));
        int[] page = records.page(address);
        int at = IntRecords.offset(address) + PackedWatch.FILED_AT;
        at = filing.fileUnderRarest(page, at, address, required);
        at = copy(required, page, at);
        at = copy(excluded, page, at);
        if (query.minPrice() != null || query.maxPrice() != null) {
            int currency = terms.acquire(Filing.currencyKey(query.boundCurrency()));
            PackedWatch.putPrices(page, at, currency, query.minPrice(), query.maxPrice());
        }
    }

    /** Adds a watched release, or replaces whatever has this id. */
    public void putRelease(UUID id, ReleaseWatch watch) {
        remove(id);
        int[] words = filing.words(watch.significantWords());
        boolean packed = PackedWatch.holds(watch, words.length);
        int[] kept = packed ? words : filing.keepRarest(words);
        boolean byMaster = watch.mode() == ReleaseWatch.Mode.MASTER && watch.masterId() != null;
        int filed = 1 + (byMaster ? 1 : 0) + (kept.length > 0 ? 1 : 0);
        int address = add(
                id, PackedWatch.withFiled(PackedWatch.flags(watch, packed), filed), PackedWatch.counts(kept.length, 0));
        if (!packed) {
            unpacked.put(address, new Unpacked(null, watch));
        }
        int[] page = records.page(address);
        int at = IntRecords.offset(address) + PackedWatch.FILED_AT;
        at = filing.fileUnderKey(page, at, address, Filing.releaseKey(watch.releaseId()));
        if (byMaster) {
            at = filing.fileUnderKey(page, at, address, Filing.masterKey(watch.masterId()));
        }
        at = filing.fileUnderRarest(page, at, address, kept);
        at = PackedWatch.putIds(page, at, watch);
        at = copy(kept, page, at);
        if (packed && watch.targetPrice() != null) {
            int currency = terms.acquire(Filing.currencyKey(watch.currency()));
            PackedWatch.putPrices(page, at, currency, null, watch.targetPrice());
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
        int counts = page[start + PackedWatch.COUNTS_AT];
        filing.unfile(page, start);
        for (int i = 0; i < PackedWatch.idKeys(header, counts); i++) {
            terms.release(page[start + PackedWatch.FILED_AT + 2 * i]);
        }
        int at = start + PackedWatch.termsAt(header);
        int end = at + PackedWatch.required(counts) + PackedWatch.excluded(counts);
        filing.release(page, at, end);
        if (PackedWatch.isPriced(header)) {
            terms.release(page[end]);
        }
        if (PackedWatch.isUnpacked(header)) {
            unpacked.remove(address);
        }
        ids.remove(address);
        records.free(address, PackedWatch.length(header, counts));
        return true;
    }

    /** The watches that the offer satisfies. */
    public Hits match(Offer offer) {
        rules.clear();
        releases.clear();
        releaseAddresses.clear();
        candidateCount = 0;
        title.read(offer);
        for (int i = 0; i < title.hitCount(); i++) {
            gather(title.hit(i));
        }
        judgeCandidates();
        return new Hits(rules, releases);
    }

    private void gather(int term) {
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

    /** Reads all flags first: these reads miss the cache, and only independent ones are served side by side. */
    private void judgeCandidates() {
        for (int i = 0; i < candidateCount; i++) {
            int address = candidates[i];
            flags[i] = records.page(address)[IntRecords.offset(address)];
        }
        for (int i = 0; i < candidateCount; i++) {
            if (holds(candidates[i], flags[i])) {
                found(candidates[i], flags[i]);
            }
        }
        candidateCount = 0;
    }

    private boolean holds(int address, int header) {
        if (PackedWatch.isUnpacked(header)) {
            return unpacked.get(address).matches(title.offer());
        }
        int[] page = records.page(address);
        int start = IntRecords.offset(address);
        return PackedWatch.isRelease(header)
                ? PackedWatch.releaseHolds(page, start, header, title)
                : PackedWatch.ruleHolds(page, start, header, title);
    }

    private void found(int address, int header) {
        if (!PackedWatch.isRelease(header)) {
            rules.add(ids.id(address));
        } else if (releaseAddresses.add(address)) {
            // A release may be filed under three terms of the offer.
            releases.add(ids.id(address));
        }
    }

    /** Files by the rarest term alone; the object itself judges. */
    private void putUnpacked(UUID id, int[] kept, Unpacked watch) {
        int header = PackedWatch.withFiled(PackedWatch.UNPACKED, kept.length);
        int address = add(id, header, PackedWatch.counts(kept.length, 0));
        int[] page = records.page(address);
        int at = IntRecords.offset(address) + PackedWatch.FILED_AT;
        copy(kept, page, filing.fileUnderRarest(page, at, address, kept));
        unpacked.put(address, watch);
    }

    private int add(UUID id, int header, int counts) {
        int address = records.allocate(PackedWatch.length(header, counts));
        ids.add(id, address);
        int[] page = records.page(address);
        int start = IntRecords.offset(address);
        page[start] = header;
        page[start + PackedWatch.COUNTS_AT] = counts;
        return address;
    }

    private static int copy(int[] from, int[] page, int at) {
        System.arraycopy(from, 0, page, at, from.length);
        return at + from.length;
    }

    /** A watch that the packed form cannot hold exactly. */
    private record Unpacked(RuleQuery rule, ReleaseWatch release) {
        boolean matches(Offer offer) {
            return rule != null
                    ? RuleMatcher.match(rule, offer).isPresent()
                    : ReleaseMatcher.decide(release, offer).matched();
        }
    }
}

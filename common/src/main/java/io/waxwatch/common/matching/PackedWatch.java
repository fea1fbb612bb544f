package io.waxwatch.common.matching;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The layout of a watch as ints, and its verdict. A record is, in this order: flags, id, counts, the terms under which it is
 * filed (each followed by the position of its posting), for a release its ids, the terms it requires, the terms it excludes,
 * the currency and bounds of its price.
 *
 * <p>A criterion that can be told from a few bits gets free bits of the flags; one that cannot makes the watch one that is
 * {@linkplain #UNPACKED not packed}: {@link RuleMatcher} judges it then.
 */
final class PackedWatch {
    static final int RELEASE = 1;
    /** The record only files the watch; an object beside it is judged. */
    static final int UNPACKED = 1 << 1;

    /** Where the counts of required and excluded terms stand. */
    static final int COUNTS_AT = IdTable.ID_AT + IdTable.ID_LENGTH;
    /** Where the terms begin under which a watch is filed, each followed by the position of its posting. */
    static final int FILED_AT = COUNTS_AT + 1;

    /** Marks the last word of a phrase. Term ids are never negative. */
    static final int PHRASE_END = Integer.MIN_VALUE;

    private static final int HAS_MIN = 1 << 2;
    private static final int HAS_MAX = 1 << 3;
    private static final int GRADE_SHIFT = 4;
    private static final int GRADE_MASK = 0xF;
    private static final int SOURCES_SHIFT = 8;
    private static final int SOURCES_MASK = 0x1F;
    private static final int MASTER_MODE = 1 << 13;
    private static final int HAS_MASTER = 1 << 14;
    private static final int FILED_SHIFT = 15;
    private static final int FILED_MASK = 3;

    private static final int EXCLUDED_SHIFT = 16;
    private static final int REQUIRED_MASK = 0xFFFF;
    /** With everything else inside {@link IntRecords#MAX_LENGTH}. */
    private static final int MAX_TERMS = 1_500;

    private static final int PRICE_SCALE = 4;
    // 10^14 units of 0.0001 each: well inside a long.
    private static final int PRICE_DIGITS = 14;

    private PackedWatch() {}

    /** Whether the rule, of so many terms altogether, can be packed without losing anything. */
    static boolean holds(RuleQuery query, int termCount) {
        return termCount <= MAX_TERMS && isWhole(query.minPrice()) && isWhole(query.maxPrice());
    }

    static boolean holds(ReleaseWatch watch, int termCount) {
        return termCount <= MAX_TERMS && isWhole(watch.targetPrice());
    }

    static int flags(RuleQuery query) {
        int flags = gradeBits(query.minCondition())
                | (query.minPrice() == null ? 0 : HAS_MIN)
                | (query.maxPrice() == null ? 0 : HAS_MAX);
        for (Provider source : query.sources()) {
            flags |= 1 << (SOURCES_SHIFT + source.ordinal());
        }
        return flags;
    }

    /** @param packed whether the record holds the target price too */
    static int flags(ReleaseWatch watch, boolean packed) {
        return RELEASE
                | (packed ? 0 : UNPACKED)
                | (packed && watch.targetPrice() != null ? HAS_MAX : 0)
                | gradeBits(watch.minCondition())
                | (watch.mode() == ReleaseWatch.Mode.MASTER ? MASTER_MODE : 0)
                | (watch.masterId() == null ? 0 : HAS_MASTER);
    }

    /** @param filed under how many terms the watch is filed, 0..3 */
    static int withFiled(int flags, int filed) {
        return flags | (filed << FILED_SHIFT);
    }

    static int counts(int required, int excluded) {
        return required | (excluded << EXCLUDED_SHIFT);
    }

    static boolean isRelease(int flags) {
        return (flags & RELEASE) != 0;
    }

    static boolean isUnpacked(int flags) {
        return (flags & UNPACKED) != 0;
    }

    static boolean isPriced(int flags) {
        return (flags & (HAS_MIN | HAS_MAX)) != 0;
    }

    static int filed(int flags) {
        return (flags >>> FILED_SHIFT) & FILED_MASK;
    }

    static int required(int counts) {
        return counts & REQUIRED_MASK;
    }

    static int excluded(int counts) {
        return counts >>> EXCLUDED_SHIFT;
    }

    /** How many of the record's filing terms are ids of a release, rather than one of its words. */
    static int idKeys(int flags, int counts) {
        return isRelease(flags) ? filed(flags) - (required(counts) > 0 ? 1 : 0) : 0;
    }

    static int length(int flags, int counts) {
        int bounds = ((flags & HAS_MIN) != 0 ? 2 : 0) + ((flags & HAS_MAX) != 0 ? 2 : 0);
        return termsAt(flags) + required(counts) + excluded(counts) + (bounds == 0 ? 0 : 1 + bounds);
    }

    /** Where, from its start, the record's own terms begin. */
    static int termsAt(int flags) {
        return idsAt(flags) + idInts(flags);
    }

    /** Where, from its start, a release's ids stand. */
    static int idsAt(int flags) {
        return FILED_AT + 2 * filed(flags);
    }

    private static int idInts(int flags) {
        if (!isRelease(flags)) {
            return 0;
        }
        return (flags & HAS_MASTER) == 0 ? 2 : 4;
    }

    static int putIds(int[] page, int at, ReleaseWatch watch) {
        int next = putLong(page, at, watch.releaseId());
        return watch.masterId() == null ? next : putLong(page, next, watch.masterId());
    }

    /** @param currency the term of the currency */
    static void putPrices(int[] page, int at, int currency, BigDecimal min, BigDecimal max) {
        page[at] = currency;
        int next = min == null ? at + 1 : putLong(page, at + 1, units(min));
        if (max != null) {
            putLong(page, next, units(max));
        }
    }

    /** What {@link RuleMatcher#decide} would say of the rule whose record starts here. */
    static boolean ruleHolds(int[] page, int start, int flags, TitleReader title) {
        if (!title.isAt((flags >>> SOURCES_SHIFT) & SOURCES_MASK)) {
            return false;
        }
        int counts = page[start + COUNTS_AT];
        int at = start + termsAt(flags);
        int end = at + required(counts);
        while (at < end) {
            int length = phraseLength(page, at);
            if (!title.phraseStarts(page, at, length)) {
                return false;
            }
            at += length;
        }
        end += excluded(counts);
        while (at < end) {
            int length = phraseLength(page, at);
            if (title.phraseWhole(page, at, length)) {
                return false;
            }
            at += length;
        }
        return priceHolds(page, at, flags, title) && gradeHolds(flags, title);
    }

    /** What {@link ReleaseMatcher#decide} would say of the release whose record starts here. */
    static boolean releaseHolds(int[] page, int start, int flags, TitleReader title) {
        int ids = start + idsAt(flags);
        long releaseId = IntRecords.getLong(page, ids);
        Long masterId = (flags & HAS_MASTER) == 0 ? null : (Long) IntRecords.getLong(page, ids + 2);
        ReleaseWatch.Mode mode = (flags & MASTER_MODE) == 0 ? ReleaseWatch.Mode.EXACT : ReleaseWatch.Mode.MASTER;
        Outcome byId = ReleaseMatcher.byId(releaseId, masterId, mode, title.offer());
        int at = start + termsAt(flags);
        int end = at + required(page[start + COUNTS_AT]);
        if (byId == Outcome.FAIL || (byId == Outcome.UNKNOWN && !title.allWords(page, at, end))) {
            return false;
        }
        return priceHolds(page, end, flags, title) && gradeHolds(flags, title);
    }

    private static boolean priceHolds(int[] page, int at, int flags, TitleReader title) {
        if (!isPriced(flags)) {
            return true;
        }
        if (!title.isPricedIn(page[at])) {
            return false;
        }
        int bound = at + 1;
        if ((flags & HAS_MIN) != 0) {
            if (!title.costsAtLeast(IntRecords.getLong(page, bound))) {
                return false;
            }
            bound += 2;
        }
        return (flags & HAS_MAX) == 0 || title.costsAtMost(IntRecords.getLong(page, bound));
    }

    private static boolean gradeHolds(int flags, TitleReader title) {
        int minimum = ((flags >>> GRADE_SHIFT) & GRADE_MASK) - 1;
        return minimum < 0 || title.isGraded(minimum);
    }

    private static int gradeBits(Grade minimum) {
        return minimum == null ? 0 : (minimum.ordinal() + 1) << GRADE_SHIFT;
    }

    private static int phraseLength(int[] page, int at) {
        int end = at;
        while (page[end] >= 0) {
            end++;
        }
        return end - at + 1;
    }

    private static int putLong(int[] page, int at, long value) {
        IntRecords.putLong(page, at, value);
        return at + 2;
    }

    /** Whether the bound is a whole number of units that a long holds. */
    private static boolean isWhole(BigDecimal bound) {
        if (bound == null || bound.signum() == 0) {
            return true;
        }
        return digits(bound) <= PRICE_DIGITS && bound.stripTrailingZeros().scale() <= PRICE_SCALE;
    }

    /** The bound, which {@link #isWhole is whole}, in units of 0.0001 of its currency. */
    private static long units(BigDecimal bound) {
        return bound.signum() == 0 ? 0 : scaled(bound, RoundingMode.UNNECESSARY);
    }

    /** The price in units of 0.0001, rounded down where it is finer; beyond what a bound can be, the least or greatest long. */
    static long unitsBelow(BigDecimal price) {
        return rounded(price, RoundingMode.FLOOR);
    }

    /** The price in units of 0.0001, rounded up where it is finer; beyond what a bound can be, the least or greatest long. */
    static long unitsAbove(BigDecimal price) {
        return rounded(price, RoundingMode.CEILING);
    }

    private static long rounded(BigDecimal price, RoundingMode outwards) {
        if (price.signum() == 0) {
            return 0;
        }
        long digits = digits(price);
        if (digits > PRICE_DIGITS) {
            return price.signum() > 0 ? Long.MAX_VALUE : Long.MIN_VALUE;
        }
        if (digits < -PRICE_DIGITS) {
            // So close to nothing that its scale must not be spelt out.
            boolean up = outwards == RoundingMode.CEILING;
            return price.signum() > 0 ? (up ? 1 : 0) : (up ? 0 : -1);
        }
        return scaled(price, outwards);
    }

    private static long scaled(BigDecimal amount, RoundingMode rounding) {
        return amount.setScale(PRICE_SCALE, rounding).unscaledValue().longValueExact();
    }

    private static long digits(BigDecimal amount) {
        return (long) amount.precision() - amount.scale();
    }
}

package io.waxwatch.provider.ebay;

import java.time.OffsetDateTime;

/**
 * How far a sweep has read.
 *
 * @param completeUntil everything that was listed before then has been seen
 * @param gapSince since when something lies unread between the newest listings and {@code completeUntil}; null for nothing
 * @param gapOffset the row, counted from the newest, behind which it lies unread
 */
record SweepProgress(OffsetDateTime completeUntil, OffsetDateTime gapSince, int gapOffset) {

    boolean hasGap() {
        return gapSince != null;
    }

    /** All has been seen that was listed before this time. */
    static SweepProgress complete(OffsetDateTime until) {
        return new SweepProgress(until, null, 0);
    }

    /** So many rows have been read, and what is behind them is not known from before. */
    SweepProgress withGap(OffsetDateTime now, int offset) {
        return new SweepProgress(completeUntil, gapSince == null ? now : gapSince, offset);
    }
}

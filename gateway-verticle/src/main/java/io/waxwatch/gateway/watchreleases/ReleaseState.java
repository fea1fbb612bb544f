package io.waxwatch.gateway.watchreleases;

import io.waxwatch.common.matching.ReleaseWatch;
import io.waxwatch.common.matching.RuleQuery;
import java.math.BigDecimal;

/**
 * What the owner decides about a watched release.
 *
 * @param masterId null for none
 * @param artist null for unknown
 * @param year null for unknown
 * @param targetPrice with two decimals; null for any
 * @param currency three letters, upper case; null for one that is not stored yet and names none
 * @param minCondition null for any
 */
record ReleaseState(
        long releaseId,
        Long masterId,
        ReleaseWatch.Mode mode,
        String title,
        String artist,
        Integer year,
        BigDecimal targetPrice,
        String currency,
        String minCondition,
        boolean active) {

    /** Whether it watches every release of a master that nobody has named. */
    boolean lacksMaster() {
        return mode == ReleaseWatch.Mode.MASTER && masterId == null;
    }

    ReleaseState withMaster(Long master) {
        return new ReleaseState(
                releaseId, master, mode, title, artist, year, targetPrice, currency, minCondition, active);
    }

    /** The same in a currency: as named, else the owner's of now, else US dollars. */
    ReleaseState priced(String owners) {
        return currency != null
                ? this
                : new ReleaseState(
                        releaseId,
                        masterId,
                        mode,
                        title,
                        artist,
                        year,
                        targetPrice,
                        RuleQuery.currencyOf(owners),
                        minCondition,
                        active);
    }

    ReleaseState resting() {
        return new ReleaseState(
                releaseId, masterId, mode, title, artist, year, targetPrice, currency, minCondition, false);
    }
}

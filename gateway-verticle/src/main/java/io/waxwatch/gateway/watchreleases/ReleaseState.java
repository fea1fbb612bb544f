package io.waxwatch.gateway.watchreleases;

import io.waxwatch.common.matching.ReleaseWatch;
import java.math.BigDecimal;

/**
 * What the owner decides about a watched release.
 *
 * @param masterId null for none
 * @param artist null for unknown
 * @param year null for unknown
 * @param targetPrice with two decimals; null for any
 * @param currency three letters, upper case
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
        boolean active) {}

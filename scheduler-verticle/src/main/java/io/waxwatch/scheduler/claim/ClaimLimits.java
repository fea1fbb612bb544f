package io.waxwatch.scheduler.claim;

import io.waxwatch.common.claims.ClaimLoop;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import java.time.Duration;

/**
 * The bounds of one poll loop.
 *
 * @param batch polls that one claim takes at most
 * @param unacknowledged polls of one provider that may be out at once
 * @param lease how long a claim lasts
 * @param tick longest wait between two looks for due polls while nothing is due, see {@link #from}
 */
public record ClaimLimits(int batch, int unacknowledged, Duration lease, Duration tick) {

    /**
     * {@code SCHEDULER_POLL_INTERVAL_SECONDS} (15 s) was made for a scan of all rules, and is only the upper bound here. A look that
     * finds nothing is one index probe a bucket, well below a millisecond each, so we look every second: an alert is
     * then not late by the 7.5 s that half the interval would cost, and the polls of a killed owner are handed out within a
     * second of their lease's end.
     */
    private static final Duration FINEST_TICK = Duration.ofSeconds(1);

    /** News of changed watches comes in bursts, one for each write. */
    private static final Duration WAKE_DELAY = Duration.ofMillis(20);

    /**
     * A poll that is out waits for its turn in the quota; more than the quota gives in this time would only wait longer than their
     * providers have patience for.
     */
    private static final Duration QUOTA_AHEAD = Duration.ofSeconds(12);

    private static final int FEWEST = 4;

    /** The bounds that the settings name, of one lane of a provider. */
    public static ClaimLimits of(Settings settings, Provider provider) {
        ClaimLimits limits = from(settings);
        double perSecond = provider == Provider.DISCOGS
                ? settings.get(SettingsCatalog.DISCOGS_CALLS_PER_MINUTE) / 60.0
                : settings.get(SettingsCatalog.EBAY_CALLS_PER_DAY) / 86_400.0;
        int ahead = (int) Math.min(Integer.MAX_VALUE, Math.ceil(perSecond * QUOTA_AHEAD.toSeconds()));
        int out = Math.min(limits.unacknowledged, Math.max(FEWEST, ahead));
        return new ClaimLimits(limits.batch, out, limits.lease, limits.tick);
    }

    /** The bounds that the settings name, of all. */
    public static ClaimLimits from(Settings settings) {
        Duration interval = settings.get(SettingsCatalog.SCHEDULER_POLL_INTERVAL_SECONDS);
        return new ClaimLimits(
                settings.get(SettingsCatalog.SCHEDULER_BATCH_SIZE),
                settings.get(SettingsCatalog.SCHEDULER_MAX_UNACKNOWLEDGED),
                settings.get(SettingsCatalog.SCHEDULER_LEASE_SECONDS),
                interval.compareTo(FINEST_TICK) < 0 ? interval : FINEST_TICK);
    }

    /** A quarter must be free again before it is worth another claim, unless a batch is less. */
    ClaimLoop.Limits ofLoop() {
        int refill = Math.max(1, Math.min(batch, unacknowledged / 4));
        return new ClaimLoop.Limits(batch, unacknowledged, refill, tick, WAKE_DELAY);
    }
}

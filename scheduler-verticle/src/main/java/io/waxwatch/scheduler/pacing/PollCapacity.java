package io.waxwatch.scheduler.pacing;

import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;

/**
 * How many polls a second a marketplace's quota has room for. A plan leaves a tenth of it, for searches and imports: they have
 * their lanes, and what they take comes back to the polls a little later.
 *
 * @param ebay all polls of eBay together
 * @param discogs all polls of Discogs together
 */
public record PollCapacity(double ebay, double discogs) {

    private static final double PLANNED = 0.9;

    /** Of eBay's day; the rest is for first looks and searches. */
    private static final double EBAY_POLLS = 0.6;

    /** What the ledger keeps back of Discogs' minute. */
    private static final int DISCOGS_MARGIN = 5;

    public static PollCapacity from(Settings settings) {
        int minute = Math.max(1, settings.get(SettingsCatalog.DISCOGS_CALLS_PER_MINUTE) - DISCOGS_MARGIN);
        return new PollCapacity(
                settings.get(SettingsCatalog.EBAY_CALLS_PER_DAY) * EBAY_POLLS / 86_400, minute * PLANNED / 60);
    }

    double of(Provider provider) {
        return provider == Provider.DISCOGS ? discogs : ebay;
    }
}

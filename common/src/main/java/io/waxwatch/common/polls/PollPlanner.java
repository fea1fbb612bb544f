package io.waxwatch.common.polls;

import io.waxwatch.common.matching.CanonicalQuery;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.matching.RuleQuery;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import java.util.List;
import java.util.Optional;

/** Which polls serve a rule, a watch release, or everybody. Pure: equal rules plan equal polls. */
public final class PollPlanner {

    private final PollKey.Sweep sweep;
    private final int sweepIntervalSeconds;
    private final int floorIntervalSeconds;

    /**
     * @param ebayMarketplace such as {@code EBAY_US}
     * @param ebayCategory such as {@code 176985}, vinyl records
     */
    public PollPlanner(
            String ebayMarketplace, String ebayCategory, int sweepIntervalSeconds, int floorIntervalSeconds) {
        this.sweep = new PollKey.Sweep(ebayMarketplace, ebayCategory);
        this.sweepIntervalSeconds = sweepIntervalSeconds;
        this.floorIntervalSeconds = floorIntervalSeconds;
    }

    /** As the settings say. */
    public static PollPlanner from(Settings settings) {
        return new PollPlanner(
                settings.get(SettingsCatalog.EBAY_MARKETPLACE_ID),
                settings.get(SettingsCatalog.EBAY_CATEGORY_ID),
                (int) settings.get(SettingsCatalog.EBAY_SWEEP_INTERVAL_SECONDS).toSeconds(),
                (int) settings.get(SettingsCatalog.RELEASE_FLOOR_INTERVAL_SECONDS)
                        .toSeconds());
    }

    /** The sweep that serves every eBay rule and watch release. */
    public PollSpec sweep() {
        return new PollSpec(sweep, sweepIntervalSeconds);
    }

    /** Its key: every eBay query is of the same marketplace and category. */
    public PollKey.Sweep sweepKey() {
        return sweep;
    }

    /**
     * The queries that serve a rule. None for a rule without a searchable term, and none on Discogs, which has no call
     * that lists offers by words.
     */
    public List<PollSpec> forRule(RuleQuery query, int intervalSeconds) {
        return query(query).map(key -> new PollSpec(key, intervalSeconds)).stream()
                .toList();
    }

    /** What is asked upstream for a rule; empty as {@link #forRule} says. */
    public Optional<PollKey.Query> query(RuleQuery query) {
        return query.sources().isEmpty() || query.sources().contains(Provider.EBAY)
                ? CanonicalQuery.ebay(query).map(sweep::query)
                : Optional.empty();
    }

    /** The floor that serves a watch release of one exact release. */
    public PollSpec forRelease(long discogsReleaseId, String currency) {
        return new PollSpec(new PollKey.Release(discogsReleaseId, currency), floorIntervalSeconds);
    }
}

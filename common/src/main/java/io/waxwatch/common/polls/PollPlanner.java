package io.waxwatch.common.polls;

import io.waxwatch.common.matching.CanonicalQuery;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.matching.RuleQuery;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import java.util.List;

/** Which polls serve a rule, a watch release, or everybody. Pure: equal rules plan equal polls. */
public final class PollPlanner {

    private static final String SEPARATOR = "|";

    private final String ebayMarketplace;
    private final String ebayCategory;
    private final int sweepIntervalSeconds;
    private final int floorIntervalSeconds;

    /**
     * @param ebayMarketplace such as {@code EBAY_US}
     * @param ebayCategory such as {@code 176985}, vinyl records
     */
    public PollPlanner(
            String ebayMarketplace, String ebayCategory, int sweepIntervalSeconds, int floorIntervalSeconds) {
        this.ebayMarketplace = ebayMarketplace;
        this.ebayCategory = ebayCategory;
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

    /** The sweep that serves every eBay rule and watch release; key {@code marketplace|category}. */
    public PollSpec sweep() {
        return new PollSpec(
                Provider.EBAY, PollKind.SWEEP, ebayMarketplace + SEPARATOR + ebayCategory, sweepIntervalSeconds);
    }

    /**
     * The queries that serve a rule; key {@code marketplace|category|words}. None for a rule without a searchable
     * term, and none on Discogs, which has no call that lists offers by words.
     */
    public List<PollSpec> forRule(RuleQuery query, int intervalSeconds) {
        if (!query.sources().isEmpty() && !query.sources().contains(Provider.EBAY)) {
            return List.of();
        }
        return CanonicalQuery.ebay(query)
                .map(words -> new PollSpec(
                        Provider.EBAY,
                        PollKind.QUERY,
                        ebayMarketplace + SEPARATOR + ebayCategory + SEPARATOR + words,
                        intervalSeconds))
                .stream()
                .toList();
    }

    /** The floor that serves a watch release of one exact release; key {@code releaseId|currency}. */
    public PollSpec forRelease(long discogsReleaseId, String currency) {
        return new PollSpec(
                Provider.DISCOGS, PollKind.RELEASE, discogsReleaseId + SEPARATOR + currency, floorIntervalSeconds);
    }
}

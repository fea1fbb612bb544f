package io.waxwatch.common.settings;

/** The heading under which a setting appears in the sample file and in the documentation. */
public enum SettingGroup {
    PROCESS("Process"),
    DATABASE("PostgreSQL"),
    REDIS("Redis"),
    CLUSTER("Cluster and event bus"),
    GATEWAY("Gateway"),
    AUTHENTICATION("Token verification"),
    CORS("Cross-origin requests"),
    RATE_LIMITS("Rate limits"),
    STREAM("Event stream"),
    SEARCH("Search"),
    RULES("Rules and users"),
    SCHEDULER("Scheduler"),
    RETENTION("Retention"),
    DISCOGS("Discogs"),
    EBAY("eBay"),
    TOKEN_CIPHER("Encryption of stored tokens"),
    NOTIFICATIONS("Notifications"),
    ERROR_REPORTING("Error reporting"),
    STANDALONE("Standalone");

    private final String title;

    SettingGroup(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }
}

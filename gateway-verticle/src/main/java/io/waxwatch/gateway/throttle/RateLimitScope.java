package io.waxwatch.gateway.throttle;

import io.waxwatch.common.settings.Setting;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import java.util.Locale;

/** What requests are counted together, and how many are allowed; each has two settings. */
public enum RateLimitScope {
    GLOBAL_ANONYMOUS(
            SettingsCatalog.RATE_LIMIT_GLOBAL_ANONYMOUS_RPM, SettingsCatalog.RATE_LIMIT_GLOBAL_ANONYMOUS_BURST),
    GLOBAL_AUTHENTICATED(
            SettingsCatalog.RATE_LIMIT_GLOBAL_AUTHENTICATED_RPM, SettingsCatalog.RATE_LIMIT_GLOBAL_AUTHENTICATED_BURST),
    SEARCH(SettingsCatalog.RATE_LIMIT_SEARCH_RPM, SettingsCatalog.RATE_LIMIT_SEARCH_BURST),
    WATCH_RULES(SettingsCatalog.RATE_LIMIT_WATCH_RULES_RPM, SettingsCatalog.RATE_LIMIT_WATCH_RULES_BURST),
    DISCOGS(SettingsCatalog.RATE_LIMIT_DISCOGS_RPM, SettingsCatalog.RATE_LIMIT_DISCOGS_BURST),
    AUTH_ENDPOINTS(SettingsCatalog.RATE_LIMIT_AUTH_ENDPOINT_RPM, SettingsCatalog.RATE_LIMIT_AUTH_ENDPOINT_BURST),
    STREAM_EVENTS(SettingsCatalog.RATE_LIMIT_STREAM_EVENTS_RPM, SettingsCatalog.RATE_LIMIT_STREAM_EVENTS_BURST),
    EBAY_NOTIFICATIONS(
            SettingsCatalog.RATE_LIMIT_EBAY_NOTIFICATIONS_RPM, SettingsCatalog.RATE_LIMIT_EBAY_NOTIFICATIONS_BURST);

    private final String wireName = name().toLowerCase(Locale.ROOT);
    private final Setting<Integer> perMinute;
    private final Setting<Integer> burst;

    RateLimitScope(Setting<Integer> perMinute, Setting<Integer> burst) {
        this.perMinute = perMinute;
        this.burst = burst;
    }

    /** As in the 429 answer and the metric. */
    public String wireName() {
        return wireName;
    }

    Limit limit(Settings settings) {
        int rpm = settings.get(perMinute);
        return new Limit(rpm + settings.get(burst), rpm / 60.0);
    }
}

package io.waxwatch.common.providers;

import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.settings.Setting;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which marketplaces are in use, in the contract's order, and why one is not: without its credentials a marketplace is
 * disabled.
 */
public final class EnabledProviders {

    private static final Map<Provider, List<Setting<?>>> NEEDED = needed();

    /** By provider, the reason why it is disabled; null for one that is enabled. */
    private final Map<Provider, String> reasons;

    private EnabledProviders(Map<Provider, String> reasons) {
        this.reasons = reasons;
    }

    /** As this process's own settings say: it is the one that calls the marketplaces. */
    public static EnabledProviders configured(Settings settings) {
        var reasons = new LinkedHashMap<Provider, String>();
        NEEDED.forEach((provider, needed) -> reasons.put(provider, missing(settings, needed)));
        return new EnabledProviders(reasons);
    }

    /**
     * As a process sees it that does not call the marketplaces itself and need not have their credentials. In a
     * production-like environment the process that does refuses to start without any of them. Elsewhere a process that
     * has none at all takes it that another has them.
     */
    public static EnabledProviders presumed(Settings settings) {
        EnabledProviders configured = configured(settings);
        boolean knows = settings.isDevelopment() && !configured.wireNames().isEmpty();
        return knows ? configured : all();
    }

    /** Wire names of those in use, in the contract's order. */
    public List<String> wireNames() {
        return reasons.entrySet().stream()
                .filter(each -> each.getValue() == null)
                .map(each -> each.getKey().wireName())
                .toList();
    }

    /** Why the provider is disabled; empty when it is in use. */
    public Optional<String> whyDisabled(Provider provider) {
        return reasons.containsKey(provider)
                ? Optional.ofNullable(reasons.get(provider))
                : Optional.of("not a marketplace that is searched");
    }

    private static EnabledProviders all() {
        var reasons = new LinkedHashMap<Provider, String>();
        NEEDED.keySet().forEach(provider -> reasons.put(provider, null));
        return new EnabledProviders(reasons);
    }

    private static String missing(Settings settings, List<Setting<?>> needed) {
        List<String> names = needed.stream()
                .filter(setting -> settings.find(setting).isEmpty())
                .map(setting -> setting.name().toLowerCase(Locale.ROOT))
                .toList();
        return names.isEmpty() ? null : "missing required config: " + String.join(", ", names);
    }

    private static Map<Provider, List<Setting<?>>> needed() {
        var needed = new LinkedHashMap<Provider, List<Setting<?>>>();
        needed.put(Provider.DISCOGS, List.of(SettingsCatalog.DISCOGS_USER_AGENT, SettingsCatalog.DISCOGS_TOKEN));
        needed.put(Provider.EBAY, List.of(SettingsCatalog.EBAY_CLIENT_ID, SettingsCatalog.EBAY_CLIENT_SECRET));
        return needed;
    }
}

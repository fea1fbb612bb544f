package io.waxwatch.provider.discogs.accountlink;

import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * How accounts are linked.
 *
 * @param callback where Discogs sends users back to, before the state
 * @param authorizePage the page of Discogs where users agree
 * @param scopes shown to the user; Discogs itself knows none
 * @param stateLifetime how long a user may take
 */
public record LinkSettings(String callback, String authorizePage, List<String> scopes, Duration stateLifetime) {

    /** The gateway's route that translates what Discogs sends into what clients expect. */
    private static final String RETURN_PATH = "/api/integrations/discogs/oauth/return";

    public static LinkSettings from(Settings settings) {
        return new LinkSettings(
                settings.get(SettingsCatalog.PUBLIC_BASE_URL) + RETURN_PATH,
                settings.get(SettingsCatalog.DISCOGS_SITE_URL) + "/oauth/authorize",
                Arrays.stream(settings.get(SettingsCatalog.DISCOGS_OAUTH_SCOPES).split("\\s+"))
                        .filter(scope -> !scope.isEmpty())
                        .toList(),
                settings.get(SettingsCatalog.DISCOGS_OAUTH_STATE_TTL_SECONDS));
    }
}

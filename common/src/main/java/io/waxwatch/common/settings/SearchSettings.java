package io.waxwatch.common.settings;

import static io.waxwatch.common.settings.Setting.withDefault;
import static io.waxwatch.common.settings.SettingType.integer;
import static io.waxwatch.common.settings.SettingType.seconds;

import java.time.Duration;

/** The settings of searches: constants that {@link SettingsCatalog} inherits. */
interface SearchSettings {

    Setting<Duration> SEARCH_PROVIDER_TIMEOUT_SECONDS = withDefault(
                    SettingGroup.SEARCH,
                    "SEARCH_PROVIDER_TIMEOUT_SECONDS",
                    seconds(1, 60),
                    "8",
                    "Longest wait of a search for one marketplace; a slower one is reported as an error beside the others' results.")
            .build();

    Setting<Integer> SEARCH_MAX_IN_FLIGHT = withDefault(
                    SettingGroup.SEARCH,
                    "SEARCH_MAX_IN_FLIGHT",
                    integer(1, 10000),
                    "32",
                    "Most searches at once in one gateway; further ones get 503 with Retry-After.")
            .build();

    Setting<Integer> SEARCH_MAX_IN_FLIGHT_PER_USER = withDefault(
                    SettingGroup.SEARCH,
                    "SEARCH_MAX_IN_FLIGHT_PER_USER",
                    integer(1, 1000),
                    "4",
                    "Most searches of one collector at once in one gateway; further ones get 503 with Retry-After.")
            .build();

    Setting<Duration> SEARCH_CACHE_SECONDS = withDefault(
                    SettingGroup.SEARCH,
                    "SEARCH_CACHE_SECONDS",
                    seconds(0, 3600),
                    "30",
                    "How long a marketplace's answer serves equal searches, and the further pages of one; 0 asks anew each time.")
            .build();
}

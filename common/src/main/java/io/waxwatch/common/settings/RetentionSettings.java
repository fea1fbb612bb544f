package io.waxwatch.common.settings;

import static io.waxwatch.common.settings.Setting.withDefault;
import static io.waxwatch.common.settings.SettingType.days;
import static io.waxwatch.common.settings.SettingType.seconds;

import java.time.Duration;

/** The settings of retention: constants that {@link SettingsCatalog} inherits. */
interface RetentionSettings {

    Setting<Duration> RETENTION_INTERVAL_SECONDS = withDefault(
                    SettingGroup.RETENTION,
                    "RETENTION_INTERVAL_SECONDS",
                    seconds(60, 86400),
                    "3600",
                    "Time between two runs of the deletion of old rows.")
            .build();

    Setting<Duration> RETENTION_PRICE_SNAPSHOTS_DAYS = withDefault(
                    SettingGroup.RETENTION,
                    "RETENTION_PRICE_SNAPSHOTS_DAYS",
                    days(1, 36500),
                    "365",
                    "Age at which price snapshots are deleted.")
            .build();

    Setting<Duration> RETENTION_PROVIDER_REQUESTS_DAYS = withDefault(
                    SettingGroup.RETENTION,
                    "RETENTION_PROVIDER_REQUESTS_DAYS",
                    days(1, 36500),
                    "30",
                    "Age at which the log of provider requests is deleted.")
            .build();

    Setting<Duration> RETENTION_EVENTS_DAYS = withDefault(
                    SettingGroup.RETENTION,
                    "RETENTION_EVENTS_DAYS",
                    days(1, 36500),
                    "180",
                    "Age at which events and their notifications are deleted.")
            .build();
}

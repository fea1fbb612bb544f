package io.waxwatch.common.settings;

import static io.waxwatch.common.settings.Setting.withDefault;
import static io.waxwatch.common.settings.SettingType.listenPort;
import static io.waxwatch.common.settings.SettingType.path;

import java.nio.file.Path;

/** The settings of standalone: constants that {@link SettingsCatalog} inherits. */
interface StandaloneSettings {

    Setting<Path> STANDALONE_DATA_DIRECTORY = withDefault(
                    SettingGroup.STANDALONE,
                    "STANDALONE_DATA_DIRECTORY",
                    path(),
                    ".run",
                    "Folder for what the embedded parts keep between runs, and for standalone.json.")
            .build();

    Setting<Integer> STANDALONE_POSTGRES_PORT = withDefault(
                    SettingGroup.STANDALONE,
                    "STANDALONE_POSTGRES_PORT",
                    listenPort(),
                    "0",
                    "Port of the embedded PostgreSQL; 0 takes a free one.")
            .build();

    Setting<Integer> STANDALONE_REDIS_PORT = withDefault(
                    SettingGroup.STANDALONE,
                    "STANDALONE_REDIS_PORT",
                    listenPort(),
                    "0",
                    "Port of the embedded Redis; 0 takes a free one.")
            .build();

    Setting<Integer> STANDALONE_SANDBOX_PORT = withDefault(
                    SettingGroup.STANDALONE,
                    "STANDALONE_SANDBOX_PORT",
                    listenPort(),
                    "0",
                    "Port of the marketplace sandbox; 0 takes a free one.")
            .build();

    Setting<Integer> STANDALONE_IDENTITY_PORT = withDefault(
                    SettingGroup.STANDALONE,
                    "STANDALONE_IDENTITY_PORT",
                    listenPort(),
                    "0",
                    "Port of the development identity provider; 0 takes a free one.")
            .build();

    Setting<Integer> STANDALONE_SMTP_PORT = withDefault(
                    SettingGroup.STANDALONE,
                    "STANDALONE_SMTP_PORT",
                    listenPort(),
                    "0",
                    "Port of the mail sink (SMTP); 0 takes a free one.")
            .build();

    Setting<Integer> STANDALONE_MAIL_PORT = withDefault(
                    SettingGroup.STANDALONE,
                    "STANDALONE_MAIL_PORT",
                    listenPort(),
                    "0",
                    "Port of the page that shows the mails; 0 takes a free one.")
            .build();
}

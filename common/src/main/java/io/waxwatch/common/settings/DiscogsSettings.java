package io.waxwatch.common.settings;

import static io.waxwatch.common.settings.Setting.optional;
import static io.waxwatch.common.settings.Setting.withDefault;
import static io.waxwatch.common.settings.SettingType.bool;
import static io.waxwatch.common.settings.SettingType.httpUrl;
import static io.waxwatch.common.settings.SettingType.integer;
import static io.waxwatch.common.settings.SettingType.milliseconds;
import static io.waxwatch.common.settings.SettingType.seconds;
import static io.waxwatch.common.settings.SettingType.secret;
import static io.waxwatch.common.settings.SettingType.text;

import java.net.URI;
import java.time.Duration;

/** The settings of Discogs: constants that {@link SettingsCatalog} inherits. */
interface DiscogsSettings {

    Setting<URI> DISCOGS_BASE_URL = withDefault(
                    SettingGroup.DISCOGS,
                    "DISCOGS_BASE_URL",
                    httpUrl(),
                    "https://api.discogs.com",
                    "Base of the Discogs API; the sandbox speaks the same.")
            .build();

    Setting<URI> DISCOGS_SITE_URL = withDefault(
                    SettingGroup.DISCOGS,
                    "DISCOGS_SITE_URL",
                    httpUrl(),
                    "https://www.discogs.com",
                    "Base of the Discogs site; links of releases and the page for linking an account start with it.")
            .build();

    Setting<String> DISCOGS_USER_AGENT = optional(
                    SettingGroup.DISCOGS,
                    "DISCOGS_USER_AGENT",
                    text(300),
                    "How we introduce ourselves to Discogs, which refuses callers without a name.")
            .requiredInProductionBy(Role.PROVIDER)
            .build();

    Setting<Secret> DISCOGS_TOKEN = optional(
                    SettingGroup.DISCOGS,
                    "DISCOGS_TOKEN",
                    secret(),
                    "Personal access token of the application; without it Discogs is disabled.")
            .secretly()
            .requiredInProductionBy(Role.PROVIDER)
            .build();

    Setting<String> DISCOGS_OAUTH_CLIENT_ID = optional(
                    SettingGroup.DISCOGS,
                    "DISCOGS_OAUTH_CLIENT_ID",
                    text(300),
                    "Consumer key for linking a collector's Discogs account.")
            .build();

    Setting<Secret> DISCOGS_OAUTH_CLIENT_SECRET = optional(
                    SettingGroup.DISCOGS,
                    "DISCOGS_OAUTH_CLIENT_SECRET",
                    secret(),
                    "Consumer secret for linking a collector's Discogs account.")
            .secretly()
            .build();

    Setting<URI> DISCOGS_OAUTH_REDIRECT_URI = optional(
                    SettingGroup.DISCOGS,
                    "DISCOGS_OAUTH_REDIRECT_URI",
                    httpUrl(),
                    "Page of the client that collectors come to after Discogs, with code and state, or with error.")
            .build();

    Setting<String> DISCOGS_OAUTH_SCOPES = withDefault(
                    SettingGroup.DISCOGS,
                    "DISCOGS_OAUTH_SCOPES",
                    text(500),
                    "identity wantlist collection",
                    "Scopes shown when an account is linked, separated by blanks; Discogs itself knows none.")
            .build();

    Setting<Duration> DISCOGS_OAUTH_STATE_TTL_SECONDS = withDefault(
                    SettingGroup.DISCOGS,
                    "DISCOGS_OAUTH_STATE_TTL_SECONDS",
                    seconds(30, 86400),
                    "600",
                    "How long a started linking may take.")
            .build();

    Setting<Duration> DISCOGS_TIMEOUT_SECONDS = withDefault(
                    SettingGroup.DISCOGS,
                    "DISCOGS_TIMEOUT_SECONDS",
                    seconds(1, 120),
                    "10.0",
                    "Longest wait for one answer of Discogs.")
            .build();

    Setting<Integer> DISCOGS_MAX_ATTEMPTS = withDefault(
                    SettingGroup.DISCOGS,
                    "DISCOGS_MAX_ATTEMPTS",
                    integer(1, 10),
                    "4",
                    "Attempts of one call to Discogs, the first included.")
            .build();

    Setting<Duration> DISCOGS_RETRY_BASE_DELAY_MS = withDefault(
                    SettingGroup.DISCOGS,
                    "DISCOGS_RETRY_BASE_DELAY_MS",
                    milliseconds(1, 60000),
                    "250",
                    "Wait before the second attempt; it doubles with each further one.")
            .build();

    Setting<Duration> DISCOGS_RETRY_MAX_DELAY_MS = withDefault(
                    SettingGroup.DISCOGS,
                    "DISCOGS_RETRY_MAX_DELAY_MS",
                    milliseconds(1, 600000),
                    "5000",
                    "Longest wait between two attempts.")
            .build();

    Setting<Boolean> DISCOGS_SYNC_ENABLED = withDefault(
                    SettingGroup.DISCOGS,
                    "DISCOGS_SYNC_ENABLED",
                    bool(),
                    "false",
                    "Whether linked collections and wantlists are imported again on a schedule.")
            .reserved(ReservedBecause.NO_SCHEDULED_IMPORTS)
            .build();

    Setting<Duration> DISCOGS_SYNC_INTERVAL_SECONDS = withDefault(
                    SettingGroup.DISCOGS,
                    "DISCOGS_SYNC_INTERVAL_SECONDS",
                    seconds(60, 604800),
                    "3600",
                    "Time between two imports of one collector.")
            .reserved(ReservedBecause.NO_SCHEDULED_IMPORTS)
            .build();

    Setting<Integer> DISCOGS_SYNC_USER_BATCH_SIZE = withDefault(
                    SettingGroup.DISCOGS,
                    "DISCOGS_SYNC_USER_BATCH_SIZE",
                    integer(1, 10000),
                    "25",
                    "Most collectors one round of the schedule takes.")
            .reserved(ReservedBecause.NO_SCHEDULED_IMPORTS)
            .build();

    Setting<Duration> DISCOGS_SYNC_JITTER_SECONDS = withDefault(
                    SettingGroup.DISCOGS,
                    "DISCOGS_SYNC_JITTER_SECONDS",
                    seconds(0, 3600),
                    "30",
                    "Random delay of each import.")
            .reserved(ReservedBecause.NO_SCHEDULED_IMPORTS)
            .build();

    Setting<Duration> DISCOGS_SYNC_SPREAD_SECONDS = withDefault(
                    SettingGroup.DISCOGS,
                    "DISCOGS_SYNC_SPREAD_SECONDS",
                    seconds(0, 3600),
                    "5",
                    "Second random delay of each import, on top of the first.")
            .reserved(ReservedBecause.NO_SCHEDULED_IMPORTS)
            .build();

    Setting<Integer> DISCOGS_CALLS_PER_MINUTE = withDefault(
                    SettingGroup.DISCOGS,
                    "DISCOGS_CALLS_PER_MINUTE",
                    integer(10, 1_000_000),
                    "60",
                    "Calls that Discogs gives an address a minute, all processes together: 60 with a token. Five of them are kept back.")
            .build();

    Setting<String> DISCOGS_EGRESS = withDefault(
                    SettingGroup.DISCOGS,
                    "DISCOGS_EGRESS",
                    text(40),
                    "default",
                    "Names the address from which Discogs is called. Processes that call from different addresses, and share one Redis, name "
                            + "them differently: each has a minute of its own.")
            .build();
}
